// Notes as a person types or taps them: cut into single notes, and set on a small staff. Plays nothing.
const NOTE = /[_^=♯♭♮]*[A-Ga-g][#♯♭♮]*[',’]*/g;
const LETTERS = "CDEFGAB";

export const notesIn = (text) => text.match(NOTE) ?? [];

/** The same note the way ABC writes it. */
function asAbc(note) {
  const [, before, letter, after, octave] = note.match(/^([_^=♯♭♮]*)([A-Ga-g])([#♯♭♮]*)([',’]*)$/);
  const sign = (before + after).replaceAll(/[#♯]/g, "^").replaceAll("♭", "_").replaceAll("♮", "=");
  return `${sign.slice(0, 2)}${letter}${octave.replaceAll("’", "'")}`;
}

/** Quarter notes, `aLine` on a line; the last line is filled with room, so that the staff keeps its length. */
export function staffOf(text, aLine) {
  const notes = notesIn(text).map(asAbc);
  const room = notes.length ? (aLine - (notes.length % aLine)) % aLine : aLine;
  const filled = [...notes, ...Array(room).fill("x")];
  const lines = [];
  for (let at = 0; at < filled.length; at += aLine) lines.push(filled.slice(at, at + aLine).join(" "));
  return `X:1\nM:none\nL:1/4\nK:C\n${lines.join("\n")}\n`;
}

/** Diatonic steps above middle C. */
function placeOf(note) {
  const letter = note.match(/[A-Ga-g]/)[0];
  const octaves = (note.match(/['’]/g) ?? []).length - (note.match(/,/g) ?? []).length + (letter >= "a" ? 1 : 0);
  return LETTERS.indexOf(letter.toUpperCase()) + 7 * octaves;
}

/** A letter typed after `last`, in the octave where it lies nearest; of the two octaves of the keyboard. */
export function nearest(letter, last) {
  const [low, high] = [letter.toUpperCase(), letter.toLowerCase()];
  if (!last) return low;
  const away = (note) => Math.abs(placeOf(note) - placeOf(last));
  return away(low) <= away(high) ? low : high;
}
