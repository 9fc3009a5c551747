"""Every user has a profile, however the user came to be; and signing in brings along what this browser made."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest

from webapp.accounts.services import profile_create


@receiver(post_save, sender=settings.AUTH_USER_MODEL, dispatch_uid="profile-of-a-new-user")
def give_profile(sender: type, instance: object, created: bool, raw: bool = False, **_: object) -> None:
    if created and not raw:
        profile_create(user=instance, name=instance.first_name)


@receiver(user_logged_in, dispatch_uid="adopt-what-the-browser-made")
def adopt(sender: type, request: HttpRequest | None, user: object, **_: object) -> None:
    from webapp.accounts.adopting import listener_adopt
    from webapp.tunes.listeners import address_of, listener_of_browser

    if request is None:
        return
    browser = listener_of_browser(request, address_of(request))
    if browser.known:
        listener_adopt(key=browser.key, profile=user.profile)
