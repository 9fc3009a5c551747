"""What listeners say about a tune, whose tunes they wait for, and what the site has to tell them."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone

from webapp.accounts.models import Profile
from webapp.tunes.models import Tune

LONGEST_COMMENT = 2000


class Comment(models.Model):
    """Plain text. A reply has a parent that is no reply itself."""

    tune = models.ForeignKey(Tune, on_delete=models.CASCADE, related_name="comments")
    # Null: its author has left and let it stand.
    author = models.ForeignKey(Profile, null=True, blank=True, on_delete=models.SET_NULL, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies")
    text = models.CharField(max_length=LONGEST_COMMENT, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    edited = models.DateTimeField(null=True, editable=False)
    deleted = models.BooleanField(default=False, help_text="By its author; the row stays while replies hang on it.")
    hidden = models.BooleanField(default=False, help_text="By staff.")

    class Meta:
        indexes = [
            # Of threads alone: behind a column that is asked to be null, no order would come from an index.
            models.Index(fields=["tune", "-created", "-id"], name="comment_threads", condition=models.Q(parent=None)),
            models.Index(fields=["parent", "-created", "-id"], name="comment_replies"),
            models.Index(fields=["author", "-created"], name="comment_of_author"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return reverse("comment", args=[self.pk])

    @property
    def is_live(self) -> bool:
        return not (self.deleted or self.hidden)

    @property
    def thread_id(self) -> int:
        return self.parent_id or self.pk


class Follow(models.Model):
    """A listener waits for a maker's tunes."""

    listener = models.CharField(max_length=64)
    maker = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="followers")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listener", "maker"], name="one_follow_a_listener")]
        indexes = [models.Index(fields=["listener", "-created", "-id"], name="follows_of_listener")]

    def __str__(self) -> str:
        return f"follows {self.maker_id}"


class Notice(models.Model):
    """Something a listener should hear of. What it points to decides whether it is still shown."""

    class Kind(models.TextChoices):
        TUNE = "tune"  # a followed maker has published one
        REMIX = "remix"  # a tune that came from one's own was published
        COMMENT = "comment"  # on one's tune
        REPLY = "reply"
        HIDDEN = "hidden"  # staff took one's tune or comment out of sight
        RESTORED = "restored"
        BLOCKED = "blocked"
        UNBLOCKED = "unblocked"

    listener = models.CharField(max_length=64, help_text="Whom it is for.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    tune = models.ForeignKey(Tune, null=True, on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, null=True, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(Profile, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    read = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["listener", "-created", "-id"], name="notices_of_listener"),
            models.Index(fields=["listener"], name="notices_unread", condition=models.Q(read__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.listener}"
