// The keys of a headset, a keyboard and a lock screen. Browsers give them only to a page with a playing audio element,
// and the music here is none: so a silent one plays beside it.
const RATE = 8000;
const SECONDS = 6; // what is shorter than five is taken for a chime, and gets no keys
const TEXT = new TextEncoder();

/** Silence as a WAV file. */
function silence() {
  const length = RATE * SECONDS;
  const bytes = new Uint8Array(44 + length).fill(128, 44);
  const view = new DataView(bytes.buffer);
  const words = { 0: "RIFF", 8: "WAVE", 12: "fmt ", 36: "data" };
  for (const [at, word] of Object.entries(words)) bytes.set(TEXT.encode(word), Number(at));
  const numbers = { 4: 36 + length, 16: 16, 24: RATE, 28: RATE, 40: length };
  for (const [at, number] of Object.entries(numbers)) view.setUint32(Number(at), number, true);
  for (const [at, number] of [[20, 1], [22, 1], [32, 1], [34, 8]]) view.setUint16(at, number, true);
  return URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
}

export class LockScreen {
  /** `actions`: names of the Media Session API to what they do here. */
  constructor(actions) {
    this.actions = actions;
    this.session = navigator.mediaSession;
  }

  /** Called inside the tap that starts the music. */
  open() {
    if (!this.session) return;
    if (!this.quiet) {
      this.quiet = Object.assign(new Audio(silence()), { loop: true });
      this.#wire(this.actions);
    }
    this.quiet.play().catch(() => undefined); // without it there are no keys, and the music plays on
  }

  show({ title, artist }) {
    if (this.session) this.session.metadata = new MediaMetadata({ title, artist, album: "Tunewright" });
  }

  playing(playing) {
    if (!this.session) return;
    this.session.playbackState = playing ? "playing" : "paused";
    if (playing) this.quiet?.play().catch(() => undefined);
    else this.quiet?.pause();
  }

  close() {
    if (!this.session || !this.quiet) return;
    this.quiet.pause();
    this.quiet = null;
    this.session.playbackState = "none";
    this.session.metadata = null;
    this.#wire(Object.fromEntries(Object.keys(this.actions).map((name) => [name, null])));
  }

  #wire(actions) {
    for (const [name, action] of Object.entries(actions)) {
      try {
        this.session.setActionHandler(name, action);
      } catch {
        // A browser that does not know this key has no such key.
      }
    }
  }
}
