// Turns a drawn tune into one audio buffer, from note samples served by this site.
const RATE = 44100;
const VOICES = { violin: 40, flute: 73, accordion: 21, guitar: 24, piano: 0 };
const ACCOMPANIMENT = { chordprog: 24, bassprog: 32, chordvol: 44, bassvol: 56 };
// The lowest and the highest sample of each (webapp/ops/render_samples.py); with one note missing, abcjs plays none.
const RANGES = { 0: [24, 96], 21: [36, 96], 24: [28, 96], 32: [24, 60], 40: [36, 96], 73: [36, 96] };
const NAMED = { Bass: 32 }; // voices that play their own instrument, whatever is chosen for the tune
export const instruments = Object.keys(VOICES);

/** Whether it stands on more than one staff, as keyboard music does, and no second player is named there. */
export const isForKeyboard = (tune) =>
  tune.lines.some(({ staff }) => staff?.length > 1) && !tune.lines.some(({ staff }) => staff?.some(({ title }) => title));

/** A note below or above the samples sounds in the nearest octave that has one. */
function folded(sequence, usual) {
  for (const track of sequence.tracks) {
    const own = NAMED[track.find(({ cmd, type }) => cmd === "text" && type === "name")?.text];
    let program = own ?? usual;
    for (const event of track) {
      if (own !== undefined && event.instrument !== undefined) event.instrument = own;
      if (event.cmd === "program") program = event.instrument;
      if (event.pitch === undefined) continue;
      const [low, high] = RANGES[event.instrument ?? program] ?? RANGES[usual];
      if (event.pitch < low) event.pitch += 12 * Math.ceil((low - event.pitch) / 12);
      if (event.pitch > high) event.pitch -= 12 * Math.ceil((event.pitch - high) / 12);
    }
  }
  return sequence;
}

/**
 * abcjs asks an audio context for buffers and decoding only. An offline one does both before any tap, so the sound
 * can be ready when the tap comes; the speakers' own context is started inside the tap (see player.js).
 */
function bench() {
  const Offline = window.OfflineAudioContext ?? window.webkitOfflineAudioContext;
  const offline = new Offline(2, 1, RATE);
  return {
    state: "running",
    currentTime: 0,
    sampleRate: RATE,
    resume: () => Promise.resolve(),
    createBuffer: (...shape) => offline.createBuffer(...shape),
    decodeAudioData: (...sound) => offline.decodeAudioData(...sound),
  };
}
let workbench;

/** Seconds that one whole note lasts at `tempo` quarter notes a minute. */
export const secondsPerWhole = (tempo) => 240 / tempo;

/** The tune as sound. Rejects with a sentence for people when a sample cannot be had. */
export async function soundOf(tune, { instrument, chords, tempo, samples }) {
  workbench ??= bench();
  const synth = new window.ABCJS.synth.CreateSynth();
  const program = VOICES[instrument] ?? VOICES.violin;
  const sequence = folded(tune.setUpAudio({ program, chordsOff: !chords, ...ACCOMPANIMENT }), program);
  if (!sequence.totalDuration) throw new Error("There are no notes in it that could be played.");
  try {
    await synth.init({
      audioContext: workbench,
      sequence,
      millisecondsPerMeasure: 1000 * secondsPerWhole(tempo), // a sequence knows no meter: abcjs counts in whole notes
      options: { soundFontUrl: samples, soundFontVolumeMultiplier: 0.7 },
    });
    await synth.prime();
  } catch (error) {
    throw new Error("The sounds could not be loaded. Look at your connection, then load this page again.", { cause: error });
  }
  return synth.getAudioBuffer();
}
