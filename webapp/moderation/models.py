"""What listeners report, whom the staff have blocked, and the log of every act of moderation."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

LONGEST_NOTE = 500
LONGEST_MODERATOR = 150
LONGEST_ABOUT = 2300  # a comment at its longest, with the name of who wrote it


class Reason(models.TextChoices):
    UNKIND = "unkind", "It is unkind or hurtful"
    SPAM = "spam", "It advertises something"
    PRIVATE = "private", "It tells something private about a person"
    COPIED = "copied", "It is somebody else’s work"
    OTHER = "other", "Something else"


class Outcome(models.TextChoices):
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Report(models.Model):
    """One listener's word against a tune or a comment. What was reported stands in it too, should it be deleted."""

    listener = models.CharField(max_length=64, help_text="Who reports.")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    tune = models.ForeignKey("tunes.Tune", null=True, on_delete=models.SET_NULL, related_name="reports")
    comment = models.ForeignKey("talk.Comment", null=True, on_delete=models.SET_NULL, related_name="reports")
    about = models.CharField(max_length=LONGEST_ABOUT, help_text="What was reported, as it was then.")
    against = models.CharField(max_length=64, db_index=True, help_text="The key of who made it.")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    created = models.DateTimeField(default=timezone.now, editable=False)
    closed = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["listener", "tune"], condition=models.Q(closed=None), name="one_open_report_a_tune"
            ),
            models.UniqueConstraint(
                fields=["listener", "comment"], condition=models.Q(closed=None), name="one_open_report_a_comment"
            ),
        ]

    def __str__(self) -> str:
        return self.about[:60]


class Block(models.Model):
    """Somebody who may listen, take their own things along and leave, and do nothing that others would see."""

    key = models.CharField(max_length=64, unique=True, help_text="The listener's key: an account's or a browser's.")
    profile = models.ForeignKey("accounts.Profile", null=True, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=LONGEST_NOTE, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.profile.name if self.profile else self.key


class LogIsKept(TypeError):
    """Somebody tried to change or delete what the log of moderation says."""


class Act(models.Model):
    """A line of the log. The names stand in it as text, so that it outlives whom and what it tells of."""

    class Verb(models.TextChoices):
        HIDE = "hide"
        RESTORE = "restore"
        DISMISS = "dismiss"
        BLOCK = "block"
        UNBLOCK = "unblock"

    created = models.DateTimeField(default=timezone.now, editable=False)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    moderator_name = models.CharField(max_length=LONGEST_MODERATOR)
    verb = models.CharField(max_length=10, choices=Verb.choices)
    about = models.CharField(max_length=LONGEST_ABOUT, help_text="The tune, the comment or the person, in words.")
    tune = models.ForeignKey("tunes.Tune", null=True, on_delete=models.SET_NULL, related_name="+")
    comment = models.ForeignKey("talk.Comment", null=True, on_delete=models.SET_NULL, related_name="+")
    key = models.CharField(max_length=64, blank=True, db_index=True, help_text="Whom it befell.")
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)

    class Meta:
        ordering = ("-created", "-id")

    def __str__(self) -> str:
        return f"{self.moderator_name}: {self.verb} {self.about[:60]}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk is not None:
            raise LogIsKept
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple:
        raise LogIsKept
