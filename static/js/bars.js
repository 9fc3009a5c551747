// Where each written bar stands on the staff, and its number as people count: full measures, second endings not again.
const PART_ENDS = ["bar_thin_thin", "bar_thin_thick", "bar_right_repeat", "bar_left_repeat", "bar_dbl_repeat"];
const NEAR = 1e-6; // lengths are sums of fractions

/** Drawn bars in order: {number, line, left, right, top, bottom}; a pickup's number is null. */
export function barsOf(tune) {
  return numbered(written(tune));
}

function written(tune) {
  const { num, den } = tune.getMeterFraction();
  const bars = [];
  let measure = num / den;
  let ending = 0;
  let bar = null;
  let edge = null; // the bar line just passed
  for (const { elem, top, height, line } of tune.makeVoicesArray()[0] ?? []) {
    if (elem.abcelem.el_type === "timeSignature") measure = measureOf(elem.abcelem) ?? measure;
    if (elem.duration > 0) {
      const onLine = edge?.line === line ? edge.right : elem.x - 8;
      bar ??= { measure, ending, line, left: onLine, top: top - 4, bottom: top + height + 4, length: 0 };
      bar.length += elem.duration;
      bar.right = elem.x + elem.w + 8;
    }
    if (elem.type !== "bar") continue;
    if (bar) bars.push(Object.assign(bar, { right: elem.x + elem.w }));
    bar = null;
    edge = { line, right: elem.x + elem.w };
    const { startEnding, type } = elem.abcelem;
    if (startEnding) ending = Number.parseInt(startEnding, 10);
    else if (PART_ENDS.includes(type)) ending = 0;
  }
  return bar ? [...bars, bar] : bars;
}

function measureOf({ value, type }) {
  if (type === "common_time" || type === "cut_time") return 1;
  const [{ num, den } = {}] = value ?? [];
  return num && den ? Number(num) / Number(den) : null;
}

function numbered(bars) {
  let count = 0;
  let short = 0; // what a bar before a repeat left for the pickup after it
  let firsts = []; // numbers of the first ending's bars
  let seconds = 0;
  return bars.map((bar, index) => {
    const isShort = bar.length < bar.measure - NEAR;
    const opens = index === 0 || (bar.ending === 0 && Math.abs(short + bar.length - bar.measure) < NEAR);
    const pickup = isShort && opens;
    short = isShort && !pickup ? bar.length : 0;
    if (pickup) return { ...bar, number: null };
    if (bar.ending === 2) return { ...bar, number: firsts[Math.min(seconds++, firsts.length - 1)] ?? null };
    count += 1;
    if (bar.ending === 0) firsts = [];
    if (bar.ending === 1) firsts = [...firsts, count];
    if (bar.ending !== 2) seconds = 0;
    return { ...bar, number: count };
  });
}

/** "5-8, 11" as a set of numbers; what cannot be read is left out. */
export function readBars(text) {
  const found = new Set();
  for (const piece of text.split(/[,;]/)) {
    const [, first, last] = piece.trim().match(/^(\d{1,3})(?:\s*[-–—]\s*(\d{1,3}))?$/) ?? [];
    for (let bar = Number(first); bar <= Number(last ?? first); bar += 1) found.add(bar);
  }
  return found;
}

/** The same back again: runs of bars as "5-8". */
export function writeBars(bars) {
  const sorted = [...bars].sort((one, other) => one - other);
  const runs = [];
  for (const bar of sorted) {
    const run = runs.at(-1);
    if (run && run[1] === bar - 1) run[1] = bar;
    else runs.push([bar, bar]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
}
