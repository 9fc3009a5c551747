// Writes samples as WAV: one channel, 16 bits, 16,000 a second.
const RATE = 16000;
const HEADER = 44; // bytes

export async function wav({ samples, rate }) {
  const sound = samples.length ? await atOurRate(samples, rate) : samples;
  const view = new DataView(new ArrayBuffer(HEADER + sound.length * 2));
  header(view, sound.length * 2);
  sound.forEach((sample, place) => {
    view.setInt16(HEADER + place * 2, Math.max(-1, Math.min(1, sample)) * 32767, true);
  });
  return new Blob([view], { type: "audio/wav" });
}

async function atOurRate(samples, rate) {
  const context = new OfflineAudioContext(1, Math.ceil((samples.length * RATE) / rate), RATE);
  const buffer = context.createBuffer(1, samples.length, rate);
  buffer.copyToChannel(samples, 0);
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(context.destination);
  source.start();
  return (await context.startRendering()).getChannelData(0);
}

function header(view, bytes) {
  const word = (place, text) => [...text].forEach((letter, index) => view.setUint8(place + index, letter.charCodeAt(0)));
  word(0, "RIFF");
  view.setUint32(4, HEADER - 8 + bytes, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // plain samples
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true); // bytes a second
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, bytes, true);
}
