// What shows that a tune is being played: the button, the slider, the times beside it, and what moves with every frame.
import { clock } from "./clock.js";

/** On while it plays or is about to, and then it is named after what a press does; busy while its sound is being made. */
export function showButton(play, { wanted, playing }) {
  play.toggleAttribute("data-on", wanted);
  play.setAttribute("aria-label", play.getAttribute("aria-label").replace(/^(Play|Pause)/u, wanted ? "Pause" : "Play"));
  if (wanted && !playing) play.setAttribute("aria-busy", "true");
  else play.removeAttribute("aria-busy");
}

/** Where it is and how long it lasts, in seconds. */
export function showPlace({ seek, now, all }, at, whole) {
  const share = whole ? at / whole : 0;
  seek.value = Math.round(share * 1000);
  seek.style.setProperty("--played", `${(share * 100).toFixed(1)}%`);
  seek.setAttribute("aria-valuetext", `${clock(at)} of ${clock(whole)}`);
  now.textContent = clock(at);
  all.textContent = clock(whole);
}

/** Calls `draw` with every frame, once it is started, for as long as `isPlaying` says so. */
export class Frames {
  constructor(isPlaying, draw) {
    Object.assign(this, { isPlaying, draw, running: false });
  }

  start() {
    if (this.running || !this.isPlaying()) return;
    this.running = true;
    const step = () => {
      this.draw();
      this.running = this.isPlaying();
      if (this.running) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
}
