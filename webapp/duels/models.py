"""Pairs of tunes to choose from, riddles to guess at, what listeners said, and what was reckoned from it."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone

from webapp.tunes.models import Tune, new_tune_id


class State(models.TextChoices):
    COMPOSING = "composing"
    OPEN = "open"
    FAILED = "failed"


class Pair(models.Model):
    """One prompt, and what two composers made of it."""

    id = models.CharField(primary_key=True, max_length=22, default=new_tune_id, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    prompt = models.CharField(max_length=2000)
    rhythm = models.CharField(max_length=20, blank=True, help_text="What the listener chose; empty where the list did.")
    tempo_qpm = models.PositiveSmallIntegerField(default=120)
    between = models.CharField(max_length=250, db_index=True, help_text="The composers' names, sorted, with a bar.")
    asker = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=State.choices, default=State.COMPOSING)
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="before")
    tries = models.PositiveSmallIntegerField(default=1)
    voted = models.PositiveIntegerField(default=0, help_text="Choices and skips.")

    class Meta:
        indexes = [models.Index(fields=["status", "voted", "id"], name="pair_next")]

    def __str__(self) -> str:
        return f"{self.between} for {self.prompt}"

    def get_absolute_url(self) -> str:
        return reverse("duel", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status == State.OPEN


class Side(models.Model):
    """One of a pair's tunes. Its token stands for it on the page: it is random and tells nothing."""

    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="sides")
    token = models.CharField(max_length=22, unique=True, default=new_tune_id, editable=False)
    composer = models.CharField(max_length=100)
    tune = models.OneToOneField(Tune, on_delete=models.CASCADE, related_name="side")
    abc = models.TextField(blank=True, help_text="Without anything that names its maker.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pair", "composer"], name="one_side_a_composer")]

    def __str__(self) -> str:
        return f"{self.composer} in {self.pair_id}"


class Vote(models.Model):
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="votes")
    listener = models.CharField(max_length=64, db_index=True)
    chosen = models.ForeignKey(Side, null=True, blank=True, on_delete=models.CASCADE, help_text="Empty: skipped.")
    was_first = models.BooleanField(null=True, help_text="Whether the chosen one was shown first.")
    heard = models.PositiveSmallIntegerField(default=0, help_text="How many of the two were played.")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pair", "listener"], name="one_vote_a_listener")]

    def __str__(self) -> str:
        return f"{self.chosen_id or 'skipped'} of {self.pair_id}"


class Maker(models.TextChoices):
    HUMAN = "human"
    MACHINE = "machine"


class Riddle(models.Model):
    """One tune without a name: a person's, from a book, or a composer's, written like one of those."""

    id = models.CharField(primary_key=True, max_length=22, default=new_tune_id, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    kind = models.CharField(max_length=10, choices=Maker.choices)
    status = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # Null, not "": those that are being composed have no music yet, and a unique column holds "" but once.
    mark = models.CharField(max_length=64, null=True, unique=True, help_text="A hash of the music.")  # noqa: DJ001
    abc = models.TextField(blank=True)
    conditions = models.JSONField(default=dict)
    title = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    composer = models.CharField(max_length=100, blank=True)
    tune = models.OneToOneField(Tune, null=True, blank=True, on_delete=models.CASCADE, related_name="riddle")
    guessed = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["kind", "status", "guessed", "id"], name="riddle_next")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("riddle", args=[self.pk])

    @property
    def tempo_qpm(self) -> int:
        return self.conditions.get("tempo_qpm") or 120


class Guess(models.Model):
    riddle = models.ForeignKey(Riddle, on_delete=models.CASCADE, related_name="guesses")
    listener = models.CharField(max_length=64, db_index=True)
    said = models.CharField(max_length=10, choices=Maker.choices)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["riddle", "listener"], name="one_guess_a_listener")]

    def __str__(self) -> str:
        return f"{self.said} for {self.riddle_id}"


class Standing(models.Model):
    """One reckoned figure with its interval of 95 %, and how many votes or guesses it rests on."""

    class Kind(models.TextChoices):
        STRENGTH = "strength", "preferred to the others"
        FOOLED = "fooled", "a composer's tunes taken for a person's"
        MISTAKEN = "mistaken", "people's tunes taken for a composer's"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    composer = models.CharField(max_length=100, blank=True, help_text="Empty: all together.")
    value = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    count = models.PositiveIntegerField()
    hits = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "composer"], name="one_standing_a_figure")]

    def __str__(self) -> str:
        return f"{self.kind} {self.composer}: {self.value:.3f}"


class Reckoning(models.Model):
    """When the votes were last counted for the standings, and when they are to be next. One row."""

    made = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"made {self.made}"
