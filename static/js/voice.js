// The button that takes a prompt by voice: records, has it recognised, writes the words into the box. Never composes.
import { hearsItself, listen } from "./own_ears.js";
import { token } from "./post.js";
import { record } from "./recorder.js";
import { wav } from "./wav.js";

const SECONDS = 8;
const PATIENCE = 45_000; // milliseconds for the server's answer
const TROUBLE = {
  NotAllowedError: "The microphone is not allowed here. Allow it in the browser's settings for this page, or type.",
  NotFoundError: "No microphone was found. Plug one in, or type.",
  NotReadableError: "The microphone is in use by another program. Close that, or type.",
};
const UNKNOWN = "That did not work. Try again, or type.";

/** Wires the button; it stays hidden where the browser has no microphone to offer. */
export function wireVoice(button, said, box) {
  if (!button || !navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) return;
  const word = button.querySelector("[data-speak-word]");
  let state = "ready"; // starting, listening, writing
  let finish = null;
  const become = (next, text, tell) => {
    state = button.dataset.state = next;
    word.textContent = text;
    said.textContent = tell;
    button.setAttribute("aria-pressed", String(next === "listening"));
    button.setAttribute("aria-disabled", String(next === "starting" || next === "writing"));
    if (next !== "listening") button.style.removeProperty("--loud");
  };
  const ready = (tell = "") => become("ready", "Speak", tell);

  async function speak() {
    become("starting", "Speak", "Waiting for the microphone…");
    try {
      const text = (await hearsItself()) ? await heardHere() : await heardThere();
      if (!text) return ready("We heard no words. Try again, or type.");
      write(box, text);
      ready(`We heard: “${text}”. Change it as you like.`);
    } catch (error) {
      ready(error.sentence ?? TROUBLE[error.name] ?? UNKNOWN);
    }
  }

  async function heardHere() {
    const { words, stop } = listen();
    await Promise.race([listening(), words]);
    stop();
    become("writing", "Speak", "Writing it down…");
    return (await words).trim();
  }

  async function heardThere() {
    const stop = await record((level) => button.style.setProperty("--loud", level.toFixed(2)));
    let sound;
    try {
      await listening();
    } finally {
      sound = stop();
    }
    become("writing", "Speak", "Writing it down…");
    return send(button.dataset.speakUrl, await wav(sound));
  }

  /** Ends when the button is pressed again, or by itself. */
  async function listening() {
    become("listening", `Stop ${SECONDS}`, `Listening for English, up to ${SECONDS} seconds. Press again when done.`);
    const end = Date.now() + SECONDS * 1000;
    const clock = setInterval(() => (word.textContent = `Stop ${Math.max(1, Math.ceil((end - Date.now()) / 1000))}`), 250);
    await new Promise((resolve) => {
      finish = resolve;
      setTimeout(resolve, SECONDS * 1000);
    });
    clearInterval(clock);
  }

  button.hidden = false;
  button.addEventListener("click", () => {
    if (state === "ready") speak();
    else if (state === "listening") finish();
  });
}

async function send(url, sound) {
  const headers = { "X-CSRFToken": token(), "Content-Type": "audio/wav", Accept: "application/json" };
  let answer;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    answer = await fetch(url, { method: "POST", body: sound, headers, credentials: "same-origin", signal });
  } catch {
    throw { sentence: "The connection is gone or slow. Try again, or type." };
  }
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw { sentence: found.error ?? UNKNOWN };
  return found.text;
}

/** After what is there already; the page then shows what it understands, as if it had been typed. */
function write(box, text) {
  box.value = [box.value.trim(), text].filter(Boolean).join(" ").slice(0, box.maxLength);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}
