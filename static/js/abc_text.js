// ABC as text: what may be drawn, how many bars it has, how many of them go on a line.
import { partsOf, sideBySide, withVoices } from "./voices.js";

const KEPT_FIELDS = /^[XMLKV]:/;
const ANY_FIELD = /^([A-Za-z+]:|%)/;
const STRANGE_INLINE = /\[(?![MLK]:)[A-Za-z]:[^\]]*\]/g;
const PIECES = /"[^"]*"|\[[MLK]:[^\]]*\]|:*\|+[:\]]*(?:\[?[1-9])?|::|\[\||\[[1-9]|[^"|:[]+|./g;
const BAR_LINE = /^(:*\||::|\[\||\[[1-9])/;

/** The music and nothing else: titles, directives and words never reach the drawing. */
export function musicOnly(abc) {
  const { lines, names } = withVoices(abc.split(/\r?\n/).filter((line) => line.trim()));
  const kept = lines
    .filter((line) => KEPT_FIELDS.test(line) || !ANY_FIELD.test(line))
    .map((line) => line.replace(STRANGE_INLINE, ""));
  const key = kept.findIndex((line) => line.startsWith("K:"));
  if (names.length && key >= 0) kept.splice(key, 0, `%%staves {${names.join(" ")}}`);
  return kept.join("\n");
}

export function field(abc, letter) {
  return abc.match(new RegExp(`^${letter}:\\s*(.*)$`, "m"))?.[1].trim() ?? "";
}

/** Quarter notes a minute, from Q: in any of its forms ("96", "1/4=96", "3/8=120"). */
export function tempoOf(abc) {
  const [, beat, rate] = field(abc, "Q").match(/(?:(\d+\/\d+)\s*=\s*)?(\d+)/) ?? [];
  if (!rate) return null;
  const [over, under] = (beat ?? "1/4").split("/").map(Number);
  return Math.round((Number(rate) * 4 * over) / under);
}

const isMusic = (line) => line && !ANY_FIELD.test(line);
const hasNotes = (text) => /[A-Ga-gzx]/.test(text.replace(/"[^"]*"|\[[MLK]:[^\]]*\]/g, ""));

/** One line of music as its bars, each with the bar line that closes it. */
function barsOf(line) {
  const bars = [];
  let bar = "";
  let closed = false;
  for (const piece of line.match(PIECES) ?? []) {
    const isBarLine = BAR_LINE.test(piece);
    if (closed && !isBarLine) {
      bars.push(bar);
      bar = "";
      closed = false;
    }
    bar += piece;
    if (isBarLine && hasNotes(bar)) closed = true;
  }
  if (bar.trim()) bars.push(bar);
  return bars;
}

export function countBars(abc) {
  const music = musicOnly(abc);
  const parts = partsOf(music, barsOf);
  if (parts) return [...parts.bars.values()][0].length;
  return music.split("\n").filter(isMusic).reduce((sum, line) => sum + barsOf(line).length, 0);
}

const CHORD = /\[([_^=]*[A-Ga-g][,']*\d*\/?\d*)[^\]]*\]/g; // its first note stands for all

/** How long a bar's notes last together, in unit lengths; tuplets and broken rhythms as written. */
const lasting = (bar) =>
  [...bar.replace(/"[^"]*"|\[[MLK]:[^\]]*\]/g, "").replace(CHORD, "$1").matchAll(/[A-Ga-gzx][,']*(\d*)(\/?\d*)/g)]
    .reduce((sum, [, times, over]) => sum + (Number(times) || 1) / (over ? Number(over.slice(1)) || 2 : 1), 0);

/** A first bar much shorter than the next is a pickup and shares the first line. */
const startsWithPickup = (bars) => bars.length > 1 && lasting(bars[0]) < lasting(bars[1]) * 0.7;

/** A second ending of one bar stays beside the first, where there is room for it. */
const secondEndingLeft = (bars, at, count) => count >= 4 && at === bars.length - 1 && /\|\[?2\s*$/.test(bars[at - 1]);

function regroup(line, count) {
  const bars = barsOf(line);
  const lines = [];
  for (let at = 0, to = 0; at < bars.length; at = to) {
    to = at + count + (at === 0 && startsWithPickup(bars) ? 1 : 0);
    if (secondEndingLeft(bars, to, count)) to += 1;
    lines.push(bars.slice(at, to).join(""));
  }
  return lines.join("\n");
}

/** A repeat or an ending between two lines: what ends closes the one, what begins opens the other. */
const splitRepeats = (music) =>
  music.replace(/(?:::|:\|{1,2}:)\s*\n(?=[^\n])/g, ":|\n|:").replace(/(:?\|)\[?([12])\s*\n(?=[^\n])/g, "$1\n[$2 ");

/** The same music with `count` bars on a line. */
export function barsALine(music, count) {
  const parts = partsOf(music, barsOf);
  if (parts) return sideBySide(parts, count, startsWithPickup);
  const lines = music.split("\n").map((line) => (isMusic(line) ? regroup(line, count) : line));
  return splitRepeats(lines.join("\n"));
}
