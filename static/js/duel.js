// Tunes without names: drawn, and played one at a time, all in the same sounds.
import { tempoOf } from "./abc_text.js";
import { Cursor } from "./cursor.js";
import { Player } from "./player.js";
import { Frames, showButton, showPlace } from "./playing.js";
import { drawSheet, lettersReady, onWidthChange } from "./sheet.js";
import { secondsPerWhole } from "./sound.js";
import { timelineOf } from "./timeline.js";

const root = document.querySelector("[data-duel]");
const heard = new Set();

/** One tune: its staff, its player, the cursor between them. */
class Listening {
  constructor(side, samples) {
    const find = (name) => side.querySelector(`[data-${name}]`);
    this.parts = { play: find("play"), seek: find("seek"), now: find("time-now"), all: find("time-all"), says: find("player-says") };
    this.sheet = find("sheet");
    this.abc = find("abc").content.textContent;
    const tune = drawSheet(this.sheet, this.abc);
    this.player = new Player(tune, { samples, tempo: tempoOf(this.abc) ?? 120 });
    this.frames = new Frames(() => this.player.playing, () => this.#frame());
    find("listen").tunePlayer = this.player;
    find("listen").hidden = false;
    this.#take(tune);
    this.#listen(side);
    this.#show();
  }

  #take(tune) {
    this.cursor?.remove();
    this.player.tune = tune;
    this.cursor = new Cursor(this.sheet, timelineOf(tune).events);
  }

  #listen(side) {
    const { play, seek, says } = this.parts;
    const { player } = this;
    play.addEventListener("click", () => (player.wanted ? player.pause() : player.play()));
    seek.addEventListener("input", () => player.seek((seek.value / 1000) * player.whole));
    player.addEventListener("change", () => {
      if (player.playing) note(side);
      this.#show();
    });
    player.addEventListener("trouble", (event) => (says.textContent = event.detail));
    player.addEventListener("sound", () => (says.textContent = ""));
    onWidthChange(this.sheet, () => this.#take(drawSheet(this.sheet, this.abc)));
  }

  #show() {
    showButton(this.parts.play, this.player);
    this.#frame();
    this.frames.start();
  }

  #frame() {
    const { player } = this;
    const seconds = secondsPerWhole(player.tempo);
    showPlace(this.parts, player.now * seconds, player.whole * seconds);
    if (player.now > 0 || player.playing) this.cursor.show(player.now, { follow: player.playing });
    else this.cursor.remove();
  }
}

/** How many of the tunes were played is sent along with the choice; nobody has to play any. */
function note(side) {
  heard.add(side);
  const field = root.querySelector("[data-heard]");
  if (field) field.value = heard.size;
}

await lettersReady();
for (const side of root.querySelectorAll("[data-side]")) new Listening(side, root.dataset.samples);
