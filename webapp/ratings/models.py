"""Stars and hearts: one rating and one favourite a listener and tune."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from webapp.tunes.models import Tune

FEWEST_STARS, MOST_STARS = 1, 5


class Rating(models.Model):
    tune = models.ForeignKey(Tune, on_delete=models.CASCADE, related_name="ratings")
    listener = models.CharField(max_length=64)
    stars = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(FEWEST_STARS), MaxValueValidator(MOST_STARS)]
    )
    changed = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tune", "listener"], name="one_rating_a_listener"),
            models.CheckConstraint(
                condition=models.Q(stars__gte=FEWEST_STARS, stars__lte=MOST_STARS), name="one_to_five_stars"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stars} stars for {self.tune_id}"


class Favourite(models.Model):
    tune = models.ForeignKey(Tune, on_delete=models.CASCADE, related_name="favourites")
    listener = models.CharField(max_length=64)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tune", "listener"], name="one_favourite_a_listener")]
        indexes = [models.Index(fields=["listener", "-created", "-id"], name="favourites_of_listener")]

    def __str__(self) -> str:
        return f"a favourite: {self.tune_id}"
