"""What the gallery knows of each public tune: one narrow row, written by services.py and read by search/."""

from __future__ import annotations

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from webapp.accounts.models import Profile
from webapp.gallery.signs import COLUMNS as SIGNS
from webapp.tunes.models import Tune

# Kept in every index that is walked, so that filters, and most rows without the words asked for, need no look at a row.
FILTERS = ("valence", "arousal", "bars", "chords", "style", "key", "mode", "meter", "rhythm", "composer", *SIGNS)
OF_A_COMPOSER = tuple(name for name in FILTERS if name != "composer")


class RunsField(models.Field):
    """Numbers that PostgreSQL's index of melodies is made of; SQLite has an index of its own and keeps none."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "integer[]" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(
        self, value: list[int] | None, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> str | None:
        if value is None or connection.vendor != "postgresql":
            return None
        return f"{{{','.join(map(str, value))}}}"  # as PostgreSQL reads it; sooner written than by the driver


class Entry(models.Model):
    """There is one for each tune that is public, ready, not hidden and not deleted, and none for any other."""

    tune = models.OneToOneField(Tune, on_delete=models.CASCADE, related_name="entry")
    owner = models.ForeignKey(
        Profile, null=True, on_delete=models.SET_NULL, related_name="entries", db_index=False
    )  # entry_of_maker begins with it

    # What the gallery is sorted by, all falling; the row's own number decides between equals.
    published = models.DateTimeField()
    best = models.FloatField(help_text="Stars, drawn towards the mean of all where there are few.")
    trending = models.FloatField(help_text="Log of all warmth so far, each bit weighed by how late it came.")
    remixes = models.PositiveIntegerField(default=0, help_text="Public tunes made from this one.")

    # What it is filtered by; "" and null are unknown.
    valence = models.SmallIntegerField(help_text="In hundredths.")
    arousal = models.SmallIntegerField(help_text="In hundredths.")
    bars = models.SmallIntegerField(null=True)
    chords = models.BooleanField()
    style = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=4, blank=True)
    mode = models.CharField(max_length=12, blank=True)
    meter = models.CharField(max_length=8, blank=True)
    rhythm = models.CharField(max_length=20, blank=True)
    composer = models.CharField(max_length=100, blank=True)

    # What it is searched by
    words = models.TextField(help_text="Words of title, prompt, tags, maker and comments, with blanks around each.")
    melody = models.TextField(blank=True, help_text="One letter a diatonic step.")
    runs = RunsField(null=True, help_text="Of the melody, as numbers.")
    sign_1 = models.BigIntegerField(help_text="This and the following: signs of words, then of the melody.")
    sign_2 = models.BigIntegerField()
    sign_3 = models.BigIntegerField()
    sign_4 = models.BigIntegerField()
    sign_5 = models.BigIntegerField()
    sign_6 = models.BigIntegerField()
    abc_sum = models.BigIntegerField(help_text="Of the music that the melody was read from.")

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["published", "id"], name="entry_newest", include=FILTERS),
            models.Index(fields=["best", "id"], name="entry_best", include=FILTERS),
            models.Index(fields=["trending", "id"], name="entry_trending", include=FILTERS),
            models.Index(fields=["remixes", "id"], name="entry_remixed", include=FILTERS),
            # A composer that is no longer offered has nothing among what is new: a walk from the top would be long.
            models.Index(fields=["composer", "published", "id"], name="entry_composer_newest", include=OF_A_COMPOSER),
            models.Index(fields=["composer", "trending", "id"], name="entry_composer_trending", include=OF_A_COMPOSER),
            models.Index(fields=["owner", "published", "id"], name="entry_of_maker"),
            models.Index(fields=["valence", "arousal"], name="entry_mood"),
            models.Index(fields=["bars"], name="entry_bars"),
        ]

    def __str__(self) -> str:
        return f"Entry of {self.tune_id}"


class Word(models.Model):
    """A word that public tunes are found by; a mistyped one is corrected to the nearest of these."""

    word = models.CharField(primary_key=True, max_length=80)
    uses = models.PositiveIntegerField(default=1, help_text="Tunes it stands in, as counted last night.")

    def __str__(self) -> str:
        return self.word


class Mean(models.Model):
    """One row: the stars that a rating gives on the average, counted at night."""

    stars = models.FloatField()

    def __str__(self) -> str:
        return f"{self.stars:.2f} stars"
