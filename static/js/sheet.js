// Draws ABC on a staff with abcjs, within the page's content policy.
import { barsALine, musicOnly } from "./abc_text.js";

const NARROW = 620; // below this many pixels four bars of reel notes cannot be read
const WIDEST_SCALE = 1.12;
const DRAWN = [".abcjs-note, .abcjs-rest", ".abcjs-beam-elem"];
export const ALL_KNOWN = [Infinity, Infinity];
export const NONE_KNOWN = [0, 0];

/** abcjs writes style attributes and one style element; the policy forbids both, the CSSOM allows the same. */
function withinPolicy(draw) {
  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === "style") this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
  const create = Document.prototype.createElementNS;
  // In a namespace that means nothing, a "style" is only a name: abcjs still finds it, the browser does not apply it.
  document.createElementNS = (space, name) => create.call(document, name === "style" ? "urn:tunewright:inert" : space, name);
  try {
    return draw();
  } finally {
    Element.prototype.setAttribute = setAttribute;
    delete document.createElementNS;
  }
}

export function layoutFor(width) {
  const narrow = width < NARROW;
  return { bars: narrow ? 2 : 4, scale: narrow ? 0.95 : WIDEST_SCALE, narrow };
}

function abcjsOptions(width, { growing, perLine }) {
  const scale = perLine ? 1 : layoutFor(width).scale;
  return {
    add_classes: true,
    ariaLabel: "",
    staffwidth: Math.max(200, Math.floor(width / scale) - 2),
    responsive: perLine ? undefined : "resize",
    oneSvgPerLine: Boolean(perLine),
    paddingleft: 0,
    paddingright: 2,
    paddingtop: 4,
    paddingbottom: 4,
    foregroundColor: "currentColor",
    selectTypes: false,
    format: {
      gchordfont: "Inter 13 bold",
      repeatfont: "Literata 13",
      measurefont: "Literata 11",
      // A line that still grows keeps its natural spacing, so that notes already written stay where they are.
      stretchlast: growing ? 0.08 : 1,
      staffsep: 74,
    },
  };
}

/** The letters are measured while drawing, so they have to be there. */
export const lettersReady = () =>
  Promise.all([document.fonts.load("600 13px Inter"), document.fonts.load("13px Literata")]).catch(() => undefined);

/** Letters that a program wrote one by one may be no music at all, and abcjs falls over some of them. */
function rendered(place, music, options) {
  try {
    return withinPolicy(() => window.ABCJS.renderAbc(place, music, options))[0] ?? null;
  } catch {
    place.replaceChildren();
    return null;
  }
}

/**
 * Draws `abc` into `place` and returns abcjs' tune, or null when there is nothing to draw.
 * Notes and beams beyond those `known` are marked fresh, so that they appear as if written.
 */
export function drawSheet(place, abc, options = {}) {
  const { known = ALL_KNOWN, growing = false, perLine = false, bars, width = place.clientWidth } = options;
  if (!width || !/^K:/m.test(abc)) return null;
  const music = barsALine(musicOnly(abc), bars ?? layoutFor(width).bars);
  const tune = rendered(place, music, abcjsOptions(width, { growing, perLine }));
  if (!tune) return null;
  place.querySelector("svg")?.setAttribute("aria-label", "Sheet music");
  DRAWN.forEach((kind, at) => {
    place.querySelectorAll(kind).forEach((mark, index) => {
      if (index >= known[at]) mark.classList.add("fresh");
    });
  });
  return tune;
}

/** How many notes and beams stand there; given back as `known`, it tells the fresh ones from the old. */
export const marksDrawn = (place) => DRAWN.map((kind) => place.querySelectorAll(kind).length);

/** Calls `redraw` when the width of `place` has really changed. */
export function onWidthChange(place, redraw) {
  let width = place.clientWidth;
  const observer = new ResizeObserver(() => {
    const gone = place.clientWidth === 0; // hidden, or the page is closing
    if (gone || Math.abs(place.clientWidth - width) < 2) return;
    width = place.clientWidth;
    redraw();
  });
  observer.observe(place);
  return () => observer.disconnect();
}
