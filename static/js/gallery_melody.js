// A small keyboard: a tap sounds a note and writes it down; the staff shows what is written so far.
import { Player } from "./player.js";
import { drawSheet, lettersReady, onWidthChange } from "./sheet.js";
import { nearest, notesIn, staffOf } from "./notes.js";

const MOST = 64; // notes, as the search has it
const LASTS = 1.2; // seconds
const A_NOTE = 36; // pixels of staff

export class Melody {
  constructor(root) {
    const find = (name) => root.querySelector(`[data-${name}]`);
    Object.assign(this, {
      root, piano: find("piano"), staff: find("melody-staff"), back: find("melody-back"), clear: find("melody-clear"),
      says: find("melody-says"), field: root.querySelector("[name=notes]"),
    });
    this.keys = [...this.piano.querySelectorAll("[data-note]")];
    this.sounds = new Map();
    for (const part of [this.piano, this.staff, this.back, this.clear, find("piano-hint")]) part.hidden = false;
    this.#rove(this.keys[0]);
    this.#listen();
    this.#draw();
  }

  #listen() {
    this.piano.addEventListener("click", ({ target }) => this.#tapped(target.closest("[data-note]")));
    this.piano.addEventListener("keydown", (event) => this.#pressed(event));
    this.piano.addEventListener("focusin", ({ target }) => this.#rove(target.closest("[data-note]")));
    this.back.addEventListener("click", () => this.#takeBack());
    this.clear.addEventListener("click", () => this.#write([]));
    this.field.addEventListener("input", () => this.#draw());
    this.root.addEventListener("toggle", () => this.#draw());
    onWidthChange(this.staff, () => this.#draw());
  }

  #tapped(key) {
    if (!key) return;
    this.#sound(key);
    this.#add(key.dataset.note, key);
  }

  #add(note, key) {
    const notes = notesIn(this.field.value);
    if (notes.length >= MOST) this.says.textContent = `That is enough: ${MOST} notes.`;
    else this.#write([...notes, note], key.textContent.trim());
  }

  #takeBack() {
    this.#write(notesIn(this.field.value).slice(0, -1));
  }

  #write(notes) {
    this.field.value = notes.join(" ");
    this.says.textContent = notes.length ? `${notes.length} ${notes.length === 1 ? "note" : "notes"}` : "No notes";
    this.#draw();
  }

  /** Letters and Backspace mean notes only while a key of the piano has the focus. */
  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.keys.indexOf(event.target.closest("[data-note]"));
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: 12, ArrowDown: -12 }[event.key];
    if (step) this.keys[Math.min(this.keys.length - 1, Math.max(0, at + step))].focus();
    else if (event.key === "Home") this.keys[0].focus();
    else if (event.key === "End") this.keys.at(-1).focus();
    else if (/^[a-g]$/i.test(event.key)) this.#typed(event.key);
    else if (event.key === "Backspace") this.#takeBack();
    else return;
    event.preventDefault();
  }

  #typed(letter) {
    const note = nearest(letter, notesIn(this.field.value).at(-1));
    const key = this.keys.find(({ dataset }) => dataset.note === note);
    key.focus();
    this.#tapped(key);
  }

  #rove(chosen) {
    for (const key of this.keys) key.tabIndex = key === chosen ? 0 : -1;
  }

  async #draw() {
    const notes = notesIn(this.field.value);
    this.back.disabled = this.clear.disabled = !notes.length;
    if (!this.root.open) return;
    await lettersReady();
    const aLine = Math.max(6, Math.floor(this.staff.clientWidth / A_NOTE));
    drawSheet(this.staff, staffOf(this.field.value, aLine), { bars: 99 });
  }

  /** The speakers are opened in the tap; the sample comes when it comes. */
  async #sound({ dataset: { sample } }) {
    try {
      const speakers = Player.open();
      if (!this.sounds.has(sample)) this.sounds.set(sample, this.#fetch(sample, speakers));
      const buffer = await this.sounds.get(sample);
      const [source, gain] = [speakers.createBufferSource(), speakers.createGain()];
      source.buffer = buffer;
      source.connect(gain).connect(speakers.destination);
      gain.gain.setTargetAtTime(0, speakers.currentTime + LASTS, 0.1);
      source.start();
      source.stop(speakers.currentTime + LASTS + 0.6);
      this.lastSound = buffer;
    } catch {
      this.sounds.delete(sample); // the note is written all the same
    }
  }

  async #fetch(sample, speakers) {
    const answer = await fetch(`${this.root.dataset.samples}${sample}.mp3`);
    return speakers.decodeAudioData(await answer.arrayBuffer());
  }
}
