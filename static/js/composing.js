// Follows a tune while it is composed: the staff grows by server-sent events, and starts over when an attempt does.
import { countBars } from "./abc_text.js";
import { ALL_KNOWN, NONE_KNOWN, drawSheet, layoutFor, lettersReady, marksDrawn, onWidthChange } from "./sheet.js";

const RETRY = 2000; // milliseconds between knocks when the line is down
const UNFOLD = 800; // milliseconds in which notes that came in one burst are laid down
const still = matchMedia("(prefers-reduced-motion: reduce)");
const LINE_HEIGHT = { narrow: 96, wide: 118 }; // pixels a line of staff takes, chords included

export class Composing {
  /** `told` is called with ("ready" | "failed" | "cancelled", detail) once it is over. */
  constructor(root, told) {
    this.root = root;
    this.told = told;
    this.sheet = root.querySelector("[data-sheet]");
    this.progress = root.querySelector("[data-progress]");
    this.trouble = root.querySelector("[data-trouble]");
    this.bars = Number(root.dataset.bars) || 0;
    this.attempt = 0;
    this.text = "";
    this.laid = 0; // characters of the text that are on the staff
    this.pace = 0; // characters a millisecond
    this.known = NONE_KNOWN;
  }

  async start() {
    this.#reserve();
    this.stopWatching = onWidthChange(this.sheet, () => {
      this.known = ALL_KNOWN;
      this.#reserve();
      this.#draw();
    });
    this.#connect();
    await lettersReady();
  }

  /** The finished staff's height is kept free from the first moment, so nothing under it moves. */
  #reserve() {
    const { bars, narrow } = layoutFor(this.sheet.clientWidth);
    const lines = Math.ceil((this.bars || 16) / bars);
    this.sheet.parentElement.style.minHeight = `${lines * LINE_HEIGHT[narrow ? "narrow" : "wide"] + 32}px`;
  }

  #connect() {
    this.source = new EventSource(this.root.dataset.events);
    const on = (name, act) => this.source.addEventListener(name, (event) => act(event.data ? JSON.parse(event.data) : {}));
    on("queued", (event) => this.#queued(event));
    on("notes", (event) => this.#notes(event));
    on("restart", (event) => this.#restart(event));
    on("no-worker", (event) => this.#nobody(event));
    for (const end of ["ready", "failed", "cancelled"]) on(end, (event) => this.#over(end, event));
    this.source.addEventListener("open", () => this.#say(""));
    this.source.addEventListener("error", () => this.#lost());
  }

  /** The browser knocks again by itself unless the server turned it away; then we do. */
  #lost() {
    this.#say("The connection was lost. Trying again…");
    if (this.source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.again);
    this.again = setTimeout(() => this.#connect(), RETRY);
  }

  /** Nobody composes: no time can be promised. */
  #nobody({ message }) {
    this.progress.textContent = this.progress.textContent.replace(/, about .*/, "");
    this.#say(message);
  }

  #queued({ place, eta_seconds: seconds }) {
    const wait = seconds ? `, about ${counted(Math.max(1, Math.round(seconds)))}` : "";
    this.progress.textContent = place > 1 ? `${ordinal(place)} in the queue${wait}` : `Next in the queue${wait}`;
  }

  #notes({ attempt, offset, text }) {
    if (attempt !== this.attempt) this.#restart({ attempt });
    this.text = this.text.slice(0, offset) + text;
    this.#say("");
    this.#draw();
  }

  #countOut(text) {
    const bar = countBars(text);
    this.progress.textContent = bar ? `Composing… bar ${this.bars ? Math.min(bar, this.bars) : bar}${this.bars ? ` of ${this.bars}` : ""}` : "Composing…";
  }

  #restart({ attempt }) {
    if (this.text) this.progress.textContent = "That one had a flaw. Composing it again…";
    this.attempt = attempt;
    this.text = "";
    this.laid = this.pace = 0;
    this.known = NONE_KNOWN;
    this.sheet.replaceChildren();
  }

  /** Draws at most once a frame, however fast the notes come. */
  #draw() {
    if (this.frame || !this.text) return;
    this.frame = requestAnimationFrame((now) => {
      this.frame = 0;
      this.#layDown(now);
      if (this.laid < this.text.length) this.#draw();
      else this.ended?.();
    });
  }

  #layDown(now) {
    if (!this.text) return;
    const text = this.#unfolded(now);
    this.#countOut(text);
    if (!drawSheet(this.sheet, text, { known: this.known, growing: true })) return;
    this.known = marksDrawn(this.sheet);
    this.root.dispatchEvent(new CustomEvent("grown", { bubbles: true, detail: { notes: this.known[0] } }));
  }

  /** A tune is written faster than an eye follows: a burst of it unfolds group by group of notes. */
  #unfolded(now) {
    this.laid ||= this.text.match(/^[^]*?^K:.*\n/m)?.[0].length ?? 0; // the head at once
    const left = this.text.length - this.laid;
    this.pace = Math.max(this.pace, left / UNFOLD);
    this.laid += still.matches ? left : Math.min(left, Math.max(1, this.pace * Math.min(100, now - (this.before ?? now))));
    this.before = now;
    return this.laid < this.text.length ? this.text.slice(0, this.text.lastIndexOf(" ", this.laid) + 1) : this.text;
  }

  #say(sentence) {
    if (!this.trouble) return;
    this.trouble.textContent = sentence;
    this.trouble.hidden = !sentence;
  }

  /** A finished tune is told of when its last notes are laid down; in a hidden page no frame would ever come. */
  #over(end, detail) {
    this.source.close();
    this.ended = () => {
      this.ended = null;
      this.stop();
      this.told(end, detail);
    };
    if (end !== "ready" || !this.frame || document.hidden) this.ended();
    else this.waiting = setTimeout(() => this.ended?.(), 2 * UNFOLD);
  }

  stop() {
    clearTimeout(this.again);
    clearTimeout(this.waiting);
    cancelAnimationFrame(this.frame);
    this.source?.close();
    this.stopWatching?.();
  }
}

const counted = (seconds) => (seconds === 1 ? "1 second" : `${seconds} seconds`);

function ordinal(place) {
  const words = ["", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"];
  return words[place] ?? `Number ${place}`;
}
