// Takes sound from the microphone; knows no words and no server.
const WORKLET = new URL("./recorder_worklet.js", import.meta.url);

/** Starts recording. `loud` hears the level of each block, 0 to 1. Answers with a way to stop: () => {samples, rate}. */
export async function record(loud) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  const context = new AudioContext();
  const blocks = [];
  const release = () => {
    stream.getTracks().forEach((track) => track.stop());
    context.close();
  };
  try {
    await context.audioWorklet.addModule(WORKLET);
    const recorder = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0 });
    recorder.port.onmessage = ({ data }) => {
      blocks.push(data);
      loud(level(data));
    };
    context.createMediaStreamSource(stream).connect(recorder);
  } catch (error) {
    release();
    throw error;
  }
  return () => {
    release();
    return { samples: joined(blocks), rate: context.sampleRate };
  };
}

function level(block) {
  return Math.min(1, 4 * Math.sqrt(block.reduce((sum, sample) => sum + sample * sample, 0) / block.length));
}

function joined(blocks) {
  const all = new Float32Array(blocks.reduce((length, block) => length + block.length, 0));
  let place = 0;
  for (const block of blocks) {
    all.set(block, place);
    place += block.length;
  }
  return all;
}
