// Draws a region over the picture of moods: in one stroke, by two taps, or each of its four edges by arrow keys.
// What is drawn stands in four number fields, which the form sends.
import { element } from "./element.js";

const STEP = 0.1;
const TAP = 0.3; // a single tap takes this much on each side
const SMALLEST = 0.1;
const EDGES = ["valence_low", "valence_high", "arousal_low", "arousal_high"];
const ENDS = { valence_low: -1, valence_high: 1, arousal_low: -1, arousal_high: 1 };
const AXES = ["valence", "arousal"];
const MIDDLE = 0.15; // so near to zero an end has no word of its own
const WORDS = { valence: ["sad", "glad"], arousal: ["calm", "lively"] };
const held = (value) => Math.min(1, Math.max(-1, Math.round(value * 20) / 20));

export class MoodRegion {
  constructor(root) {
    const find = (name) => root.querySelector(`[data-mood-${name}]`);
    Object.assign(this, { face: find("face"), box: find("region"), says: find("says"), clear: find("clear") });
    this.fields = Object.fromEntries(EDGES.map((name) => [name, root.querySelector(`[name=${name}]`)]));
    this.edges = Object.fromEntries(EDGES.map((name) => [name, root.querySelector(`[data-edge=${name}]`)]));
    find("picture").hidden = false;
    find("numbers").hidden = true;
    this.#read();
    this.#listen();
    this.#paint();
  }

  /** Where the tunes of this view lie. */
  showTunes(cards) {
    const dots = cards.map(({ dataset }) => {
      const dot = element("span", { className: "mood-dot", attributes: { "data-mood": dataset.mood } });
      dot.style.left = `${50 + dataset.valence * 50}%`;
      dot.style.top = `${50 - dataset.arousal * 50}%`;
      return dot;
    });
    this.face.prepend(...dots);
  }

  #read() {
    const value = (name) => {
      const typed = Number.parseFloat(this.fields[name].value);
      return Number.isFinite(typed) && Math.abs(typed) <= 1 ? typed : ENDS[name];
    };
    this.ends = Object.fromEntries(EDGES.map((name) => [name, value(name)]));
  }

  #listen() {
    this.face.addEventListener("pointerdown", (event) => this.#press(event));
    for (const [name, edge] of Object.entries(this.edges)) {
      edge.addEventListener("keydown", (event) => this.#key(event, name));
    }
    this.clear.addEventListener("click", () => {
      this.#set(ENDS);
      this.edges.valence_low.focus({ preventScroll: true });
    });
  }

  /** A press on an edge moves that edge; anywhere else, or while all moods are in, it begins a new region. */
  #press(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.face.setPointerCapture(event.pointerId);
    const name = this.#isWhole ? undefined : event.target.dataset?.edge;
    const from = this.#point(event);
    if (name) this.edges[name].focus({ preventScroll: true });
    const move = (next) => (name ? this.#moveEdge(name, this.#point(next)) : this.#span(from, this.#point(next)));
    const drop = ({ type }) => {
      this.face.removeEventListener("pointermove", move);
      for (const kind of ["pointerup", "pointercancel"]) this.face.removeEventListener(kind, drop);
      if (type === "pointerup" && !name && this.#tiny()) this.#tapped(from);
      else this.corner = null;
    };
    if (!name) this.#span(from, from);
    this.face.addEventListener("pointermove", move);
    for (const kind of ["pointerup", "pointercancel"]) this.face.addEventListener(kind, drop);
  }

  #point({ clientX, clientY }) {
    const box = this.face.getBoundingClientRect();
    return { valence: ((clientX - box.left) / box.width) * 2 - 1, arousal: 1 - ((clientY - box.top) / box.height) * 2 };
  }

  #span(one, other) {
    this.#set({
      valence_low: Math.min(one.valence, other.valence), valence_high: Math.max(one.valence, other.valence),
      arousal_low: Math.min(one.arousal, other.arousal), arousal_high: Math.max(one.arousal, other.arousal),
    });
  }

  /** The first tap takes what lies around it, the second all between the two, the third begins anew. */
  #tapped(point) {
    if (this.corner) this.#span(this.corner, point);
    if (!this.corner || this.#tiny()) this.#around(point);
    else point = null;
    this.corner = point;
  }

  #around({ valence, arousal }) {
    this.#span({ valence: valence - TAP, arousal: arousal - TAP }, { valence: valence + TAP, arousal: arousal + TAP });
  }

  #tiny() {
    const { ends } = this;
    return ends.valence_high - ends.valence_low < SMALLEST && ends.arousal_high - ends.arousal_low < SMALLEST;
  }

  #moveEdge(name, point) {
    this.#setEdge(name, point[name.split("_")[0]]);
  }

  /** An edge goes as far as the one opposite, and no further. */
  #setEdge(name, value) {
    const [axis, side] = name.split("_");
    const low = side === "low";
    const other = this.ends[`${axis}_${low ? "high" : "low"}`];
    this.#set({ ...this.ends, [name]: low ? Math.min(value, other - SMALLEST) : Math.max(value, other + SMALLEST) });
  }

  #key(event, name) {
    const more = { ArrowRight: STEP, ArrowUp: STEP, ArrowLeft: -STEP, ArrowDown: -STEP, PageUp: 5 * STEP, PageDown: -5 * STEP }[event.key];
    const to = { Home: -1, End: 1 }[event.key] ?? (more === undefined ? undefined : this.ends[name] + more);
    if (to === undefined) return;
    event.preventDefault();
    this.#setEdge(name, to);
  }

  #set(ends) {
    this.ends = Object.fromEntries(EDGES.map((name) => [name, held(ends[name])]));
    for (const name of EDGES) this.fields[name].value = this.ends[name] === ENDS[name] ? "" : String(this.ends[name]);
    this.#paint();
  }

  get #isWhole() {
    return EDGES.every((name) => this.ends[name] === ENDS[name]);
  }

  #paint() {
    const { ends, box } = this;
    box.style.left = `${(ends.valence_low + 1) * 50}%`;
    box.style.right = `${(1 - ends.valence_high) * 50}%`;
    box.style.top = `${(1 - ends.arousal_high) * 50}%`;
    box.style.bottom = `${(ends.arousal_low + 1) * 50}%`;
    box.classList.toggle("is-whole", this.#isWhole);
    for (const name of EDGES) {
      this.edges[name].setAttribute("aria-valuenow", Math.round(ends[name] * 100));
      this.edges[name].setAttribute("aria-valuetext", inWords(name.split("_")[0], ends[name]));
    }
    this.says.textContent = this.#isWhole ? "any mood" : AXES.map((axis) => this.#axisInWords(axis)).filter(Boolean).join(", ");
    this.clear.hidden = this.#isWhole;
  }

  /** "rather sad to glad"; of one side alone, that side's word. */
  #axisInWords(axis) {
    const [low, high] = [this.ends[`${axis}_low`], this.ends[`${axis}_high`]];
    if (low === -1 && high === 1) return "";
    if (high - low < 0.3) return inWords(axis, (low + high) / 2);
    if (low >= -0.1 && low < MIDDLE) return WORDS[axis][1];
    if (high <= 0.1 && high > -MIDDLE) return WORDS[axis][0];
    return `${inWords(axis, low)} to ${inWords(axis, high)}`;
  }
}

function inWords(axis, value) {
  const size = Math.abs(value);
  if (size < MIDDLE) return "in the middle";
  const word = WORDS[axis][value < 0 ? 0 : 1];
  return size < 0.45 ? `rather ${word}` : size < 0.75 ? word : `very ${word}`;
}
