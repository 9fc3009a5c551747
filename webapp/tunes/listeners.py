"""Who is asking: an account's key or a random one in a signed cookie, and an address kept only as a keyed hash."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass, field

from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from webapp.accounts.models import Profile
from webapp.accounts.selectors import profile_of

COOKIE = "listener"


@dataclass(frozen=True)
class Listener:
    key: str
    address: str  # a keyed hash; the address itself is never stored
    known: bool  # False: this request brought no cookie, and the key was made just now
    profile: Profile | None = field(default=None, compare=False)  # of somebody signed in

    @property
    def is_moderator(self) -> bool:
        return self.profile is not None and self.profile.user.is_active and self.profile.user.is_staff

    @property
    def scope(self) -> str:
        """Whom an idempotency key belongs to: a program without cookies is known by its address alone."""
        return f"listener:{self.key}" if self.known else f"address:{self.address}"


def listener_of(request: HttpRequest) -> Listener:
    """Somebody signed in, or else the browser that asks."""
    address = address_of(request)
    if profile := profile_of(request.user):
        return listener_of_profile(profile, address)
    return listener_of_browser(request, address)


def listener_of_profile(profile: Profile, address: str) -> Listener:
    return Listener(key=profile.key, address=address, known=True, profile=profile)


def listener_of_browser(request: HttpRequest, address: str) -> Listener:
    try:
        key = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE)
    except signing.BadSignature:
        return listener_anew(address)
    return Listener(key=str(key), address=address, known=True)


def listener_anew(address: str) -> Listener:
    return Listener(key=secrets.token_urlsafe(16), address=address, known=False)


def address_of(request: HttpRequest) -> str:
    return _address_hash(request.META.get("REMOTE_ADDR") or "")


def cookie_value(listener: Listener) -> str:
    return signing.dumps(listener.key, salt=COOKIE)


def _address_hash(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return _keyed(text)
    if address.version == 6 and not address.ipv4_mapped:
        # One household holds a whole /64, and could otherwise be 2**64 addresses.
        return _keyed(str(ipaddress.ip_network((address, 64), strict=False)))
    return _keyed(str(getattr(address, "ipv4_mapped", None) or address))


def _keyed(text: str) -> str:
    return salted_hmac("webapp.tunes.address", text, algorithm="sha256").hexdigest()[:32]
