"""Forms for music that is there: bars, sizes and styles as people set them. What is musical, the generator says."""

from __future__ import annotations

from django import forms

from generator import MAX_BARS, BriefError, style_names
from webapp.tunes.briefs import brief_from
from webapp.tunes.givens import LONGEST_ABC
from webapp.tunes.reworking import CHORDS, WORKS
from webapp.tunes.services import new_seed

LARGEST_FILE = 4 * LONGEST_ABC  # bytes; a letter takes up to four
NO_TASK = "Choose what we shall do with it."
NO_BARS = "Say which bars: tap them on the staff, or write 5-8."


class WorkForm(forms.Form):
    """What to do with a tune, and how. Faults that have no field of their own here are told above the buttons."""

    task = forms.ChoiceField(
        choices=[(work, work) for work in WORKS], error_messages={"required": NO_TASK, "invalid_choice": NO_TASK}
    )
    strength = forms.FloatField(required=False, error_messages={"invalid": "Choose how much of it shall be new."})
    bars = forms.CharField(required=False, max_length=1000)
    length = forms.IntegerField(
        required=False, error_messages={"invalid": f"Bars are a whole number, up to {MAX_BARS}."}
    )
    style = forms.ChoiceField(required=False, error_messages={"invalid_choice": "There is no such style."})

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["style"].choices = [("", ""), *((name, name) for name in style_names())]

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("task") == "fill" and not cleaned.get("bars", "").strip() and "bars" not in self.errors:
            self.add_error("bars", NO_BARS)
        return cleaned

    def blame(self, error: BriefError) -> None:
        """Puts each sentence beside the field it is about; `bars` are the chosen ones, or how long it shall become."""
        for name, sentence in error.fields.items():
            field = "length" if name == "bars" and self.cleaned_data.get("task") == "continue" else name
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, sentence)

    def wanted(self) -> dict:
        """What a rework takes besides the tune; what is empty is left to the composer."""
        named = self.cleaned_data
        return {name: named.get(name) for name in ("task", "strength", "bars", "length")}


class OwnForm(WorkForm):
    """Music of one's own, pasted or as a file, and what to do with it."""

    abc = forms.CharField(required=False, strip=False)
    file = forms.FileField(required=False)
    prompt = forms.CharField(required=False)

    def clean(self) -> dict:
        cleaned = super().clean()
        self._take_file(cleaned)
        if self.errors:
            return cleaned
        try:
            self.brief, _ = brief_from(self._sent(cleaned), seed=new_seed())
        except BriefError as error:
            self.blame(error)
        return cleaned

    def _take_file(self, cleaned: dict) -> None:
        """Without scripts the file comes with the form; its text goes where one would have pasted it."""
        file = cleaned.get("file")
        if not file or cleaned.get("abc", "").strip():
            return
        if file.size > LARGEST_FILE:
            self.add_error("abc", "This file is too large for one tune. Open it elsewhere and paste the tune you want.")
            return
        raw = file.read()
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
        cleaned["abc"] = text
        self.data = self.data.copy()
        self.data["abc"] = text.replace("\x00", "")

    def _sent(self, cleaned: dict) -> dict:
        # Chords ask for nothing that a brief would refuse; the music and the words are looked at all the same.
        task = "vary" if cleaned["task"] == CHORDS else cleaned["task"]
        bars = cleaned["bars"] if task == "fill" else ""
        given = {"abc": cleaned.get("abc", ""), "task": task, "bars": bars, "strength": cleaned.get("strength")}
        asked = {"bars": cleaned.get("length") if task == "continue" else None, "style": cleaned.get("style")}
        return {"prompt": cleaned.get("prompt", ""), "given": given, "conditions": asked}
