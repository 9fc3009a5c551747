"""A tune as a network played it: one sound for each tune and checkpoint, kept beside the tune and gone with it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from webapp.tunes.models import Tune


class Status(models.TextChoices):
    QUEUED = "queued"
    PLAYING = "playing"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (Status.QUEUED, Status.PLAYING)


class Rendition(models.Model):
    tune = models.ForeignKey(Tune, on_delete=models.CASCADE, related_name="renditions")
    checkpoint = models.CharField(max_length=200, help_text="The player's name with a fingerprint of its weights.")
    player = models.CharField(max_length=100)
    created = models.DateTimeField(default=timezone.now)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    progress = models.FloatField(default=0, help_text="The share of the sound that is there, 0 to 1.")
    claim = models.CharField(max_length=32, blank=True, help_text="The worker's token; only its holder may write.")
    heartbeat = models.DateTimeField(null=True)
    enqueued = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    seconds = models.FloatField(default=0, help_text="Of sound.")
    computing = models.FloatField(default=0, help_text="Seconds that making it took.")
    wav = models.BinaryField(default=bytes)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tune", "checkpoint"], name="rendition_once")]
        indexes = [models.Index(fields=["status", "created"], name="rendition_queue")]

    def __str__(self) -> str:
        return f"{self.tune_id} by {self.checkpoint}: {self.status}"

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED

    @property
    def is_ready(self) -> bool:
        return self.status == Status.READY

    @property
    def percent(self) -> int:
        return round(100 * self.progress)
