"""Who is asking: a random key in a signed cookie, and an address kept only as a keyed hash."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

COOKIE = "listener"


@dataclass(frozen=True)
class Listener:
    key: str
    address: str  # a keyed hash; the address itself is never stored
    known: bool  # False: this request brought no cookie, and the key was made just now

    @property
    def scope(self) -> str:
        """Whom an idempotency key belongs to: a program without cookies is known by its address alone."""
        return f"listener:{self.key}" if self.known else f"address:{self.address}"


def listener_of(request: HttpRequest) -> Listener:
    address = _address_hash(request.META.get("REMOTE_ADDR") or "")
    try:
        key = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE)
    except signing.BadSignature:
        return Listener(key=secrets.token_urlsafe(16), address=address, known=False)
    return Listener(key=str(key), address=address, known=True)


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
