// The browser's own recognition, only where it says that the sound stays on the device.
const LANGUAGE = "en-US";

export async function hearsItself() {
  const Recognition = window.SpeechRecognition;
  if (!Recognition?.available || !("processLocally" in Recognition.prototype)) return false;
  try {
    return (await Recognition.available({ langs: [LANGUAGE], processLocally: true })) === "available";
  } catch {
    return false;
  }
}

/** Starts listening. Answers with a way to stop, and the promise of the words. */
export function listen() {
  const recognition = new window.SpeechRecognition();
  recognition.lang = LANGUAGE;
  recognition.processLocally = true;
  recognition.continuous = true; // until it is stopped, as with our server
  let text = "";
  const words = new Promise((resolve, reject) => {
    recognition.onresult = ({ results }) => {
      text = [...results].map((result) => result[0].transcript.trim()).join(" ");
    };
    recognition.onerror = ({ error }) => reject(new DOMException(error, error === "not-allowed" ? "NotAllowedError" : "AbortError"));
    recognition.onend = () => resolve(text);
  });
  recognition.start();
  return { words, stop: () => recognition.stop() };
}
