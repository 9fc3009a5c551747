// Plays a tune: one buffer, one clock. Knows no buttons. Places are told in whole notes, so that they stay true when
// the tempo changes. Fires: change (playing or not), sound (a new buffer), ended, trouble (detail: a sentence).
import { secondsPerWhole, soundOf } from "./sound.js";

const FADE = 0.03; // seconds; a cut without it clicks
let speakers = null;
let sounding = null; // one tune at a time on a page
let asked = null; // the one last asked for, which may still be waiting for its sound

/** Must be called inside the tap itself: browsers allow sound only then. */
function openSpeakers() {
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (!Context) throw new Error("This browser cannot play sound. The MIDI file plays elsewhere.");
  speakers ??= new Context({ latencyHint: "playback" });
  // An iPhone's mute switch silences web audio unless the page says that it plays music.
  if (navigator.audioSession) navigator.audioSession.type = "playback";
  if (speakers.state !== "running") speakers.resume();
  return speakers;
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && sounding && speakers.state !== "running") speakers.resume();
});

export class Player extends EventTarget {
  /** For a tap that has to fetch something first: the speakers are opened while it is still a tap. */
  static open = openSpeakers;

  constructor(tune, { samples, tempo, instrument = "violin", chords = true, loop = false }) {
    super();
    this.tune = tune;
    this.choice = { samples, tempo, instrument, chords };
    this.loop = loop;
    this.whole = tune.setUpAudio({ chordsOff: true }).totalDuration;
    this.buffer = null;
    this.tempo = tempo; // of the buffer that sounds
    this.place = 0;
    this.playing = false;
    this.wanted = false; // asked to play, perhaps still waiting for the sound
  }

  get seconds() {
    return this.whole * secondsPerWhole(this.tempo);
  }

  /** Where it is now, in whole notes. */
  get now() {
    if (!this.playing) return this.place;
    const played = this.place + (speakers.currentTime - this.startedAt) / secondsPerWhole(this.tempo);
    return this.loop ? played % this.whole : Math.min(played, this.whole);
  }

  /** Makes the sound ready; asked twice for the same choice, it is made once. */
  prepare() {
    const key = JSON.stringify(this.choice);
    if (this.preparedKey === key) return this.prepared;
    this.preparedKey = key;
    this.prepared = this.#render(key, { ...this.choice });
    return this.prepared;
  }

  async #render(key, choice) {
    try {
      const buffer = await soundOf(this.tune, choice);
      if (this.preparedKey !== key) return this.prepared; // changed again meanwhile
      const place = this.now;
      const again = this.playing;
      this.#silence();
      Object.assign(this, { buffer, tempo: choice.tempo, place });
      this.dispatchEvent(new CustomEvent("sound", { detail: { buffer } }));
      if (again) this.#sound();
    } catch (error) {
      this.preparedKey = null;
      throw error;
    }
  }

  async play() {
    if (this.wanted) return;
    asked?.pause();
    asked = this;
    this.wanted = true;
    try {
      openSpeakers();
      this.#changed();
      await this.prepare();
      if (this.wanted && !this.playing) this.#sound();
    } catch (error) {
      this.wanted = false;
      this.#trouble(error);
    }
    this.#changed();
  }

  pause() {
    this.place = this.now;
    this.wanted = false;
    this.#silence();
    this.#changed();
  }

  stop() {
    this.pause();
    this.seek(0);
  }

  seek(place) {
    const again = this.playing;
    this.#silence();
    this.place = Math.min(Math.max(place, 0), this.whole);
    if (again) this.#sound();
    this.#changed();
  }

  /** Changes tempo, instrument or chords. What sounds goes on, in its place, until the new sound is ready. */
  async choose(change) {
    Object.assign(this.choice, change);
    if (!this.playing && !this.wanted) {
      this.#silence();
      this.tempo = this.choice.tempo;
      this.#changed();
    }
    try {
      await this.prepare();
    } catch (error) {
      this.#trouble(error);
    }
    this.#changed();
  }

  setLoop(loop) {
    this.place = this.now;
    this.startedAt = speakers?.currentTime ?? 0;
    this.loop = loop;
    if (this.source) this.source.loop = loop;
    this.#changed();
  }

  #sound() {
    if (this.place >= this.whole - 1e-6) this.place = 0;
    const source = speakers.createBufferSource();
    const gain = speakers.createGain();
    source.buffer = this.buffer;
    source.loop = this.loop;
    source.loopEnd = this.seconds;
    source.connect(gain).connect(speakers.destination);
    gain.gain.setValueAtTime(0, speakers.currentTime);
    gain.gain.linearRampToValueAtTime(1, speakers.currentTime + FADE / 3);
    source.onended = () => this.#ended(source);
    source.start(0, this.place * secondsPerWhole(this.tempo));
    Object.assign(this, { source, gain, startedAt: speakers.currentTime, playing: true });
    sounding = this;
  }

  #silence() {
    if (!this.source) return;
    const { source, gain } = this;
    this.source = null;
    this.playing = false;
    gain.gain.cancelScheduledValues(speakers.currentTime);
    gain.gain.setTargetAtTime(0, speakers.currentTime, FADE / 3);
    source.stop(speakers.currentTime + FADE * 2);
    if (sounding === this) sounding = null;
  }

  #ended(source) {
    if (source !== this.source) return;
    this.#silence();
    this.wanted = false;
    this.place = 0;
    this.dispatchEvent(new Event("ended"));
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  #trouble(error) {
    console.warn(error.cause ?? error);
    this.dispatchEvent(new CustomEvent("trouble", { detail: error.message }));
  }
}
