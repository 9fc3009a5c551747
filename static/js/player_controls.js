// Wires the player's buttons to a Player, and the Player to the cursor.
import { Cursor } from "./cursor.js";
import { keep } from "./kept.js";
import { Player } from "./player.js";
import { Frames, showButton, showPlace } from "./playing.js";
import { secondsPerWhole } from "./sound.js";
import { eventNear, timelineOf } from "./timeline.js";
import { shelfOf, usualSound } from "./usual_sound.js";

const STEP = 4; // quarter notes a minute
const SLOWEST = 30;
const FASTEST = 320;

function parts(root) {
  const find = (name) => root.querySelector(`[data-${name}]`);
  return {
    play: find("play"), seek: find("seek"), now: find("time-now"), all: find("time-all"), slower: find("slower"),
    faster: find("faster"), tempo: find("tempo-says"), instrument: find("instrument"), chords: find("chords-switch"),
    loop: find("loop"), says: find("player-says"),
  };
}

export class PlayerControls {
  constructor(root, { tune, sheet, samples, tempo }) {
    this.root = root;
    root.hidden = false;
    this.sheet = sheet;
    this.parts = parts(root);
    this.player = new Player(tune, { samples, tempo, ...usualSound(tune) });
    this.frames = new Frames(() => this.player.playing, () => this.#frame());
    root.tunePlayer = this.player;
    this.setTune(tune);
    this.#listen();
    this.#show();
  }

  /** The same music drawn anew, for another width. */
  setTune(tune) {
    this.cursor?.remove();
    this.tune = tune;
    this.player.tune = tune;
    this.timeline = timelineOf(tune);
    this.cursor = new Cursor(this.sheet, this.timeline.events);
    if (this.player.now > 0) this.#frame();
  }

  #listen() {
    const { play, seek, slower, faster, instrument, chords, loop } = this.parts;
    const { player } = this;
    play.addEventListener("click", () => this.toggle());
    seek.addEventListener("input", () => player.seek((seek.value / 1000) * player.whole));
    slower.addEventListener("click", () => this.changeTempo(-STEP));
    faster.addEventListener("click", () => this.changeTempo(STEP));
    instrument.addEventListener("change", () => {
      keep(shelfOf(this.tune), instrument.value);
      player.choose({ instrument: instrument.value });
    });
    chords.addEventListener("click", () => {
      keep("chords", player.choice.chords ? "off" : "on");
      player.choose({ chords: !player.choice.chords });
    });
    loop.addEventListener("click", () => player.setLoop(!player.loop));
    this.sheet.addEventListener("click", (event) => this.#seekToNote(event));
    player.addEventListener("change", () => this.#show());
    player.addEventListener("trouble", (event) => this.#say(event.detail));
    player.addEventListener("sound", () => this.#say(""));
  }

  toggle() {
    if (this.player.wanted) this.player.pause();
    else this.player.play();
  }

  stop() {
    this.player.stop();
  }

  changeTempo(by) {
    const tempo = Math.min(FASTEST, Math.max(SLOWEST, this.player.choice.tempo + by));
    this.parts.tempo.textContent = tempo;
    // Several taps in a row make one new sound, not five.
    clearTimeout(this.tempoTimer);
    this.player.choice.tempo = tempo;
    this.tempoTimer = setTimeout(() => this.player.choose({ tempo }), 200);
  }

  /** One bar on (1) or back (-1). */
  skip(bars) {
    const { num, den } = this.tune.getMeterFraction();
    const bar = num / den;
    const here = Math.floor(this.player.now / bar + 0.25) * bar;
    this.player.seek(here + bars * bar);
  }

  /** A tap anywhere on a line goes to the nearest note: fingers are wider than note heads. */
  #seekToNote({ clientX, clientY }) {
    const frame = this.sheet.querySelector("svg")?.getScreenCTM();
    if (!frame) return;
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(frame.inverse());
    const event = eventNear(this.timeline.events, x, y);
    if (event) this.player.seek(event.start);
  }

  #say(sentence) {
    this.parts.says.textContent = sentence;
  }

  #show() {
    const { player, parts: part } = this;
    showButton(part.play, player);
    part.chords.setAttribute("aria-pressed", String(player.choice.chords));
    part.loop.setAttribute("aria-pressed", String(player.loop));
    part.instrument.value = player.choice.instrument;
    part.tempo.textContent = player.choice.tempo;
    this.#frame();
    this.frames.start();
  }

  #frame() {
    const { player } = this;
    const { now, whole } = player;
    const seconds = secondsPerWhole(player.tempo);
    showPlace(this.parts, now * seconds, whole * seconds);
    if (now > 0 || player.playing) this.cursor.show(now, { follow: player.playing });
    else this.cursor.remove();
  }
}
