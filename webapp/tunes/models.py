"""A tune, and the two small tables beside it: who has asked lately, and which workers are alive."""

from __future__ import annotations

import secrets

from django.db import models
from django.urls import reverse
from django.utils import timezone

from webapp.tunes.kinship import Kin, kin_of
from webapp.tunes.opening import opening_of


def new_tune_id() -> str:
    """22 url-safe characters; whoever has the link may listen, and nobody guesses it."""
    return secrets.token_urlsafe(16)


class Status(models.TextChoices):
    QUEUED = "queued"
    COMPOSING = "composing"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (Status.QUEUED, Status.COMPOSING)
ID_LENGTH = 22
LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 2000
LONGEST_TAG = 40


class Visibility(models.TextChoices):
    """Draft and private are their maker's alone; unlisted is for whoever has the link; public is in the gallery."""

    DRAFT = "draft"
    PRIVATE = "private"
    UNLISTED = "unlisted"
    PUBLIC = "public"


class Tag(models.Model):
    """A word that makers file tunes under, in small letters."""

    name = models.CharField(max_length=LONGEST_TAG, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Tune(models.Model):
    """Stores enough to be composed again: brief, conditions, composer, checkpoint, seed."""

    Visibility = Visibility

    id = models.CharField(primary_key=True, max_length=22, default=new_tune_id, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    # The brief
    prompt = models.CharField(max_length=2000)
    seed = models.BigIntegerField()
    composer = models.CharField(max_length=100)
    temperature = models.FloatField()
    asked = models.JSONField(default=dict, help_text="Conditions the listener set; null is free.")
    locked = models.JSONField(default=list, help_text="Names of the conditions a tweak must keep.")
    given = models.JSONField(
        default=dict, blank=True, help_text="Music it starts from and what to do with it; empty when there is none."
    )

    # What was understood
    keywords = models.JSONField(default=list)
    valence = models.FloatField(default=0)
    arousal = models.FloatField(default=0)
    language = models.CharField(max_length=8, default="und")
    styles = models.JSONField(default=list)
    conditions = models.JSONField(default=dict, help_text="Filled in: what the composer was given.")

    # The composing
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    rejection = models.CharField(max_length=100, blank=True, help_text="Why the attempt before this one was dropped.")
    claim = models.CharField(max_length=32, blank=True, help_text="The worker's token; only its holder may write.")
    claims = models.PositiveIntegerField(default=0)
    heartbeat = models.DateTimeField(null=True)
    enqueued = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    finished = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0, help_text="From the worker's claim to the finished piece.")

    # The piece
    title = models.CharField(max_length=LONGEST_TITLE)
    abc = models.TextField(blank=True)
    midi = models.BinaryField(null=True, help_text="What the ABC was drawn from, where it came as MIDI.")
    checkpoint = models.CharField(max_length=200, blank=True)
    checks = models.JSONField(default=dict)

    # Whose, from what, and where it is shown
    maker = models.CharField(max_length=64, db_index=True, help_text="The listener's key: an account's or a browser's.")
    owner = models.ForeignKey(
        "accounts.Profile", null=True, blank=True, on_delete=models.SET_NULL, related_name="tunes", editable=False
    )
    by_program = models.BooleanField(default=False, help_text="Asked for without a cookie, through the API.")
    # Null, not "": many tunes have no receipt, and a unique column holds "" but once.
    receipt = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    root = models.CharField(
        max_length=22, blank=True, db_index=True, help_text="The tune that its family began with; empty: itself."
    )
    tweak = models.CharField(max_length=20, blank=True)
    description = models.CharField(max_length=LONGEST_DESCRIPTION, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="tunes")
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.UNLISTED)
    published = models.DateTimeField(null=True)
    hidden = models.BooleanField(
        default=False, help_text="Hidden by staff: out of the gallery, seen by its maker and staff only."
    )
    deleted = models.DateTimeField(null=True, help_text="Deleted by its maker, who may still undo it.")
    stars_sum = models.PositiveIntegerField(default=0, editable=False)
    stars_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["status", "created"], name="tune_queue"),
            models.Index(fields=["visibility", "-published", "-id"], name="tune_gallery"),
            models.Index(fields=["maker", "-created", "-id"], name="tune_of_maker"),
            models.Index(fields=["-finished"], name="tune_finished", condition=models.Q(status="ready")),
            models.Index(fields=["deleted"], name="tune_deleted", condition=models.Q(deleted__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("tune-page", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.status not in UNFINISHED

    @property
    def is_ready(self) -> bool:
        return self.status == Status.READY

    @property
    def in_gallery(self) -> bool:
        shown = self.visibility == Visibility.PUBLIC and not self.hidden and self.deleted is None
        return self.is_ready and shown

    @property
    def family(self) -> str:
        """The id that all tunes tweaked from one another share."""
        return self.root or self.pk

    @property
    def mood(self) -> str:
        """The quarter of the valence-arousal picture that gives the tune its hue."""
        return f"{'sad' if self.valence < 0 else 'glad'}-{'quiet' if self.arousal < 0 else 'loud'}"

    @property
    def stars_average(self) -> float | None:
        return round(self.stars_sum / self.stars_count, 1) if self.stars_count else None

    @property
    def is_arranged(self) -> bool:
        """Its notes were there; only the chords over them are new."""
        return self.given.get("task") == "chords"

    @property
    def is_midi_born(self) -> bool:
        """Several voices on two staves, which were MIDI first."""
        return self.midi is not None

    @property
    def kin(self) -> Kin | None:
        """The known tune it has most in common with; None where that was not looked at."""
        return kin_of(self.checks)

    @property
    def opening_abc(self) -> str:
        return opening_of(self.abc)


class Allowance(models.Model):
    """Moments within the last minute at which one listener or one address asked for a tune."""

    who = models.CharField(max_length=100, primary_key=True)
    moments = models.JSONField(default=list)
    touched = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.who}: {len(self.moments)}"


class WorkerBeat(models.Model):
    """One running worker, and when it was last seen."""

    name = models.CharField(max_length=32, primary_key=True)
    seen = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.name}, seen {self.seen}"
