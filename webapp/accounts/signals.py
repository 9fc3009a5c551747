"""Every user has a profile, however they came to be; signing in brings along what this browser made, signing out
leaves nothing of it behind, and a list of visits keeps no address."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from webapp.accounts.adapter import NOWHERE
from webapp.accounts.services import profile_create


@receiver(post_save, sender=settings.AUTH_USER_MODEL, dispatch_uid="profile-of-a-new-user")
def give_profile(sender: type, instance: object, created: bool, raw: bool = False, **_: object) -> None:
    if created and not raw:
        profile_create(user=instance, name=getattr(instance, "maker_name", instance.first_name))


@receiver(user_logged_in, dispatch_uid="adopt-what-the-browser-made")
def adopt(sender: type, request: HttpRequest | None, user: object, **_: object) -> None:
    from webapp.accounts.adopting import listener_adopt
    from webapp.tunes.listeners import address_of, listener_of_browser, listener_of_profile

    if request is None:
        return
    address = address_of(request)
    browser = listener_of_browser(request, address)
    if browser.known:
        listener_adopt(key=browser.key, profile=user.profile)
    # What this same request still does, it does for the account.
    request.listener = listener_of_profile(user.profile, address)


@receiver(user_logged_out, dispatch_uid="a-new-listener-after-the-old")
def forget(sender: type, request: HttpRequest | None, **_: object) -> None:
    """The next person at this browser gets a key of their own: the cookie is written anew (middleware.py)."""
    from webapp.tunes.listeners import address_of, listener_anew

    if request is not None:
        request.listener = listener_anew(address_of(request))


@receiver(pre_save, sender=UserSession, dispatch_uid="no-address-is-kept")
def keep_no_address(sender: type, instance: UserSession, **_: object) -> None:
    instance.ip = NOWHERE
