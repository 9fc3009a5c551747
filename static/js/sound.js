// Turns a drawn tune into one audio buffer, from note samples served by this site.
const RATE = 44100;
const VOICES = { violin: 40, flute: 73, accordion: 21, guitar: 24, piano: 0 };
const ACCOMPANIMENT = { chordprog: 24, bassprog: 32, chordvol: 44, bassvol: 56 };
export const instruments = Object.keys(VOICES);

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
  const { num, den } = tune.getMeterFraction();
  try {
    await synth.init({
      audioContext: workbench,
      visualObj: tune,
      millisecondsPerMeasure: (1000 * secondsPerWhole(tempo) * num) / den,
      options: {
        soundFontUrl: samples,
        soundFontVolumeMultiplier: 0.7,
        program: VOICES[instrument] ?? VOICES.violin,
        chordsOff: !chords,
        ...ACCOMPANIMENT,
      },
    });
    await synth.prime();
  } catch (error) {
    throw new Error("The sounds could not be loaded. Look at your connection, then load this page again.", { cause: error });
  }
  return synth.getAudioBuffer();
}
