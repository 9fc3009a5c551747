// The gallery: search and filters, the picture of moods, the melody keyboard, and the radio over the cards.
import { Melody } from "./gallery_melody.js";
import { MoodRegion } from "./gallery_mood.js";
import { Radio } from "./gallery_radio.js";
import { Shelf } from "./gallery_shelf.js";
import { swapInPlace } from "./swap.js";

const part = (name) => document.querySelector(`[data-${name}]`);

/** An address that is passed on says only what was asked. */
part("find").addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = [...new FormData(event.target)].filter(([, value]) => value.trim());
  const query = new URLSearchParams(asked).toString();
  location.assign(event.target.action + (query && `?${query}`));
});

swapInPlace(document); // hearts
const mood = new MoodRegion(part("mood-filter"));
part("melody").melody = new Melody(part("melody"));
if (part("cards")) {
  const shelf = new Shelf(part("results"));
  mood.showTunes(shelf.cards);
  part("radio").radio = new Radio(part("radio"), { shelf, playAll: part("play-all") });
}
