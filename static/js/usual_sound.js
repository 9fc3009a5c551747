// The sound as it was last chosen under a tune; music for the keyboard has a choice of its own, the piano at first.
import { kept } from "./kept.js";
import { instruments, isForKeyboard } from "./sound.js";

export const shelfOf = (tune) => (isForKeyboard(tune) ? "keyboard-instrument" : "instrument");

export function usualSound(tune) {
  const chosen = kept(shelfOf(tune));
  const usual = isForKeyboard(tune) ? "piano" : "violin";
  return { instrument: instruments.includes(chosen) ? chosen : usual, chords: kept("chords") !== "off" };
}
