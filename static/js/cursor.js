// The cursor on the staff: glides from note to note, and marks the one that sounds.
import { eventAt } from "./timeline.js";

const SVG = "http://www.w3.org/2000/svg";
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Cursor {
  constructor(place, events) {
    this.place = place;
    this.events = events;
    this.bar = document.createElementNS(SVG, "rect");
    this.bar.setAttribute("class", "cursor");
    this.bar.setAttribute("width", 12);
    this.bar.setAttribute("rx", 3);
    this.at = -1;
    this.lastTouch = 0;
    addEventListener("wheel", this.#touched, { passive: true });
    addEventListener("touchmove", this.#touched, { passive: true });
  }

  #touched = () => {
    this.lastTouch = Date.now();
  };

  /** Shows the moment `time`, in whole notes. */
  show(time, { follow = true } = {}) {
    const at = eventAt(this.events, time);
    const event = this.events[Math.max(at, 0)];
    if (!event) return;
    const svg = this.place.querySelector("svg");
    if (this.bar.parentNode !== svg) svg?.append(this.bar);
    const share = still.matches ? 0 : Math.min(1, Math.max(0, (time - event.start) / (event.end - event.start || 1)));
    this.bar.setAttribute("x", (event.x + (event.to - event.x) * share - 1).toFixed(2));
    this.bar.setAttribute("y", event.top - 6);
    this.bar.setAttribute("height", event.height + 12);
    if (at !== this.at) this.#mark(at, follow);
  }

  #mark(at, follow) {
    const before = this.events[this.at];
    const now = this.events[at];
    before?.elements.forEach((node) => node.classList.remove("is-sounding"));
    now?.elements.forEach((node) => node.classList.add("is-sounding"));
    if (follow && now && before && now.line !== before.line) this.#scrollTo();
    this.at = at;
  }

  /** Brings the line into view, unless the reader has just moved the page. */
  #scrollTo() {
    if (Date.now() - this.lastTouch < 3000) return;
    const { top, bottom } = this.bar.getBoundingClientRect();
    if (top > 80 && bottom < innerHeight - 180) return;
    this.bar.scrollIntoView({ block: "center", behavior: still.matches ? "auto" : "smooth" });
  }

  remove() {
    this.#mark(-1, false);
    this.bar.remove();
    removeEventListener("wheel", this.#touched);
    removeEventListener("touchmove", this.#touched);
  }
}
