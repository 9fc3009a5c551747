// The gallery: search and filters, the picture of moods, the melody keyboard, and the radio over the cards.
import { Melody } from "./gallery_melody.js";
import { MoodRegion } from "./gallery_mood.js";
import { Radio } from "./gallery_radio.js";
import { Shelf } from "./gallery_shelf.js";

const part = (name) => document.querySelector(`[data-${name}]`);

/** An address that is passed on says only what was asked. */
part("find").addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (!value.trim()) formData.delete(name);
});

const mood = new MoodRegion(part("mood-filter"));
part("melody").melody = new Melody(part("melody"));
if (part("cards")) {
  const shelf = new Shelf(part("results"));
  mood.showTunes(shelf.cards);
  part("radio").radio = new Radio(part("radio"), { shelf, playAll: part("play-all") });
}
