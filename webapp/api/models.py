"""What programs hold: the tokens they show, and what they sent with an idempotency key."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from webapp.accounts.models import Profile
from webapp.tunes.models import Tune

LONGEST_NAME = 60
READ, WRITE = "read", "write"


class Token(models.Model):
    """Stands for its account. The secret is kept nowhere: it is known by its hash, and shown by its first letters."""

    class Scopes(models.TextChoices):
        READ = READ, "Read: look at tunes and at what is yours"
        READ_WRITE = "read write", "Read and write: also compose, change, rate and talk in your name"

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=LONGEST_NAME)
    prefix = models.CharField(max_length=12, editable=False)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.CharField(max_length=20, choices=Scopes.choices)
    created = models.DateTimeField(default=timezone.now, editable=False)
    last_used = models.DateTimeField(null=True, editable=False)
    expires = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "name"], condition=models.Q(revoked=None), name="one_token_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def has_expired(self) -> bool:
        return self.expires is not None and self.expires <= timezone.now()

    @property
    def works(self) -> bool:
        return self.revoked is None and not self.has_expired and self.profile.user.is_active

    def allows(self, scope: str) -> bool:
        return scope in self.scopes.split()


class Sent(models.Model):
    """What came with the idempotency key of a tune: the same key with anything else is a mistake of the program."""

    tune = models.OneToOneField(Tune, on_delete=models.CASCADE, primary_key=True, related_name="+")
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.sha256[:8]} for {self.tune_id}"
