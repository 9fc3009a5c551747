// The picture of feeling: left sad, right glad, up lively, down calm. Dragged by mouse, finger or arrow keys.
// Fires "feeling" with {valence, arousal} while a person moves it, and "unfeeling" when the words may decide again.
const KEY_STEP = 0.1;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export const moodOf = (valence, arousal) => `${valence < 0 ? "sad" : "glad"}-${arousal < 0 ? "quiet" : "loud"}`;

export function inWords(valence, arousal) {
  const size = (value) => (Math.abs(value) < 0.15 ? "" : Math.abs(value) < 0.45 ? "rather " : Math.abs(value) < 0.75 ? "" : "very ");
  const side = [];
  if (Math.abs(valence) >= 0.15) side.push(size(valence) + (valence < 0 ? "sad" : "glad"));
  if (Math.abs(arousal) >= 0.15) side.push(size(arousal) + (arousal < 0 ? "calm" : "lively"));
  return side.join(", ") || "in the middle";
}

export class Disc extends EventTarget {
  constructor(root) {
    super();
    const find = (name) => root.querySelector(`[data-${name}]`);
    Object.assign(this, {
      face: find("disc-face"), point: find("disc-point"), says: find("disc-says"), resetButton: find("disc-reset"),
      fields: [find("feeling-v"), find("feeling-a")], hint: find("disc-says").textContent,
    });
    this.valence = 0;
    this.arousal = 0;
    this.#listen();
    if (this.held) this.#place(Number(this.fields[0].value), Number(this.fields[1].value));
  }

  /** True when a person has placed the point. */
  get held() {
    return this.fields.every((field) => field.value !== "");
  }

  /** What the words said; ignored while a person holds another opinion. */
  show(valence, arousal) {
    if (!this.held) this.#place(valence, arousal);
  }

  #listen() {
    this.face.addEventListener("pointerdown", (event) => {
      this.face.setPointerCapture(event.pointerId);
      this.#toPointer(event);
      this.point.focus({ preventScroll: true });
      event.preventDefault();
    });
    this.face.addEventListener("pointermove", (event) => {
      if (this.face.hasPointerCapture(event.pointerId)) this.#toPointer(event);
    });
    this.point.addEventListener("keydown", (event) => {
      const step = ARROWS[event.key];
      if (!step) return;
      event.preventDefault();
      this.#hold(this.valence + step[0] * KEY_STEP, this.arousal + step[1] * KEY_STEP);
    });
    this.resetButton.addEventListener("click", () => {
      for (const field of this.fields) field.value = "";
      this.resetButton.hidden = true;
      this.point.focus({ preventScroll: true });
      this.dispatchEvent(new Event("unfeeling"));
    });
  }

  #toPointer({ clientX, clientY }) {
    const box = this.face.getBoundingClientRect();
    this.#hold(((clientX - box.left) / box.width) * 2 - 1, 1 - ((clientY - box.top) / box.height) * 2);
  }

  #hold(valence, arousal) {
    const reach = Math.max(1, Math.hypot(valence, arousal)); // it is a disc: the corners are out of reach
    this.#place(valence / reach, arousal / reach);
    this.fields[0].value = this.valence.toFixed(2);
    this.fields[1].value = this.arousal.toFixed(2);
    this.resetButton.hidden = false;
    this.dispatchEvent(new CustomEvent("feeling", { detail: { valence: this.valence, arousal: this.arousal } }));
  }

  #place(valence, arousal) {
    Object.assign(this, { valence, arousal });
    const reach = Math.max(1, Math.hypot(valence, arousal));
    this.point.style.left = `${50 + (valence / reach) * 50}%`;
    this.point.style.top = `${50 - (arousal / reach) * 50}%`;
    const words = inWords(valence, arousal);
    this.point.setAttribute("aria-valuenow", Math.round(valence * 100));
    this.point.setAttribute("aria-valuetext", words);
    this.says.textContent = words;
    this.resetButton.hidden = !this.held;
    document.documentElement.dataset.mood = moodOf(valence, arousal);
  }
}
