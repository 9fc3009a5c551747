// Chooses bars on the staff, by mouse, touch and keyboard. What is chosen stands in a field that can also be typed in.
import { barsOf, readBars, writeBars } from "./bars.js";
import { element } from "./element.js";

const DRAG = 24; // pixels a mouse moves over the staff before it chooses bars

export class BarPicker extends EventTarget {
  /** Fires: chosen (the field has changed), over (Escape or Enter; detail: the key). */
  constructor(sheet, field) {
    super();
    this.sheet = sheet;
    this.field = field;
    this.chosen = readBars(field.value);
    this.layer = element("div", { className: "bars", attributes: { role: "listbox", "aria-multiselectable": "true", "aria-label": "Bars of the tune" } });
    sheet.parentElement.append(this.layer);
    this.open(false);
    field.addEventListener("input", () => this.#choose(readBars(field.value), { write: false }));
    this.layer.addEventListener("pointerdown", (event) => this.#press(event));
    this.layer.addEventListener("keydown", (event) => this.#key(event));
    this.layer.addEventListener("focusin", ({ target }) => this.#rove(this.options.indexOf(target)));
    sheet.addEventListener("pointerdown", (event) => this.#perhapsDrag(event));
  }

  /** The staff drawn anew. */
  setTune(tune) {
    this.bars = tune ? barsOf(tune).filter(({ number }) => number !== null) : [];
    const frame = this.sheet.querySelector("svg")?.getScreenCTM();
    this.options = frame ? this.bars.map((bar) => this.#option(bar, frame)) : [];
    this.layer.replaceChildren(...this.options);
    this.#rove(0);
    this.#paint();
  }

  #option(bar, frame) {
    const origin = this.layer.parentElement.getBoundingClientRect();
    const from = new DOMPoint(bar.left, bar.top).matrixTransform(frame);
    const to = new DOMPoint(bar.right, bar.bottom).matrixTransform(frame);
    const option = element("div", { className: "bar", attributes: { role: "option", "aria-label": `Bar ${bar.number}`, "data-bar": bar.number } });
    Object.assign(option.style, {
      left: `${from.x - origin.x}px`, top: `${from.y - origin.y}px`, width: `${to.x - from.x}px`, height: `${to.y - from.y}px`,
    });
    return option;
  }

  get isOpen() {
    return !this.layer.inert;
  }

  /** Open, taps on the staff choose bars; closed, they go to the player, and the choice stays to be seen. */
  open(open) {
    this.layer.inert = !open;
    this.layer.classList.toggle("is-open", open);
    this.waiting = false;
  }

  focus() {
    const first = this.bars.findIndex(({ number }) => this.chosen.has(number));
    this.options[Math.max(0, first)]?.focus();
  }

  #choose(bars, { write = true } = {}) {
    this.chosen = bars;
    if (write) this.field.value = writeBars(bars);
    this.#paint();
    this.dispatchEvent(new Event("chosen"));
  }

  #paint() {
    for (const option of this.options ?? []) {
      option.setAttribute("aria-selected", String(this.chosen.has(Number(option.dataset.bar))));
    }
  }

  #range(from, to) {
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    this.#choose(new Set(this.bars.map(({ number }) => number).filter((number) => number >= low && number <= high)));
  }

  /** The first tap takes a bar, the second all up to it, the third begins anew. */
  #press(event) {
    const bar = barAt(event);
    if (!bar || event.button !== 0) return;
    const before = { chosen: this.chosen, anchor: this.anchor, waiting: this.waiting };
    const extends_ = this.chosen.size && (event.shiftKey || (this.waiting && bar !== this.anchor));
    if (extends_) this.#range(this.anchor ?? bar, bar);
    else if (this.waiting) this.#choose(new Set());
    else this.#range(bar, bar);
    this.waiting = !extends_ && this.chosen.size === 1;
    if (!extends_) this.anchor = bar;
    this.#follow(before);
  }

  /** While the finger or the button is down. A finger that turns out to scroll the page has chosen nothing. */
  #follow(before) {
    const move = (event) => {
      const bar = barAt(event);
      if (!bar || (bar === this.anchor && this.waiting)) return;
      this.waiting = false;
      this.#range(this.anchor, bar);
    };
    const end = ({ type }) => {
      removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) removeEventListener(name, end);
      if (type !== "pointercancel" || !before) return;
      Object.assign(this, { anchor: before.anchor, waiting: before.waiting });
      this.#choose(before.chosen);
    };
    addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, end);
  }

  /** With a mouse one may draw over the staff straight away; a finger scrolls the page. */
  #perhapsDrag(start) {
    if (start.pointerType !== "mouse" || start.button !== 0 || !this.options?.length) return;
    const move = (event) => {
      if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < DRAG && !start.shiftKey) return;
      end();
      this.open(true);
      this.anchor = barAt(start) ?? barAt(event);
      if (this.anchor) this.#range(this.anchor, barAt(event) ?? this.anchor);
      this.#follow();
      // The tap that ends the drag is no wish to hear that note.
      addEventListener("click", (click) => click.stopPropagation(), { capture: true, once: true });
    };
    const end = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
  }

  #key(event) {
    const at = this.options.indexOf(document.activeElement);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = this.#reached(event.key, at);
    if (to !== null) this.#walk(to, at, event.shiftKey);
    else if (event.key === " ") this.#toggle(this.bars[at].number);
    else if (event.key === "Escape" || event.key === "Enter") this.dispatchEvent(new CustomEvent("over", { detail: event.key }));
    else return;
    event.preventDefault();
    event.stopPropagation(); // these keys mean something else to the player
  }

  #reached(key, at) {
    const last = this.options.length - 1;
    switch (key) {
      case "ArrowRight":
        return Math.min(last, at + 1);
      case "ArrowLeft":
        return Math.max(0, at - 1);
      case "ArrowDown":
        return this.#onLine(at, 1);
      case "ArrowUp":
        return this.#onLine(at, -1);
      case "Home":
        return 0;
      case "End":
        return last;
      default:
        return null;
    }
  }

  #onLine(at, step) {
    const here = this.bars[at];
    const away = ({ left, right }) => Math.abs(left + right - here.left - here.right);
    const there = this.bars.filter(({ line }) => line === here.line + step);
    return there.length ? this.bars.indexOf(there.reduce((best, bar) => (away(bar) < away(best) ? bar : best))) : at;
  }

  #walk(to, from, extends_) {
    this.options[to].focus();
    if (!extends_) return;
    if (!this.chosen.has(this.bars[from].number)) this.anchor = this.bars[from].number;
    this.#range(this.anchor ?? this.bars[from].number, this.bars[to].number);
  }

  #toggle(number) {
    const next = new Set(this.chosen);
    if (!next.delete(number)) next.add(number);
    this.anchor = number;
    this.#choose(next);
  }

  #rove(at) {
    this.options?.forEach((option, index) => option.setAttribute("tabindex", index === Math.max(0, at) ? "0" : "-1"));
  }
}

function barAt({ clientX, clientY }) {
  const under = document.elementsFromPoint(clientX, clientY).find((node) => node.matches?.("[data-bar]"));
  return under ? Number(under.dataset.bar) : null;
}

/** "Bars 5-8 chosen", for the eye and the ear. */
export function saidBars(bars) {
  if (!bars.size) return "No bar chosen yet. Tap the first bar, then the last.";
  const names = writeBars(bars).replaceAll("-", " to ");
  return `${bars.size === 1 ? "Bar" : "Bars"} ${names} chosen`;
}
