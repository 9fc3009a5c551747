// Follows a tune that a network plays: the part of the page that tells of it is fetched again until it is done.

const EVERY = 1000; // milliseconds between two looks
const UNFINISHED = ["queued", "playing"];

export function followRendition(root) {
  const part = root.querySelector("[data-rendition]");
  if (!part || !UNFINISHED.includes(part.dataset.status)) return;
  setTimeout(() => look(root, part), EVERY);
}

async function look(root, part) {
  if (!part.isConnected) return; // the page has moved on
  try {
    const answer = await fetch(part.dataset.url, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`rendition: ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const arrived = page.querySelector("[data-rendition]");
    if (!arrived) return;
    page.querySelectorAll("noscript").forEach((hint) => hint.remove());
    showAnew(part, arrived);
  } catch {
    // The line is down: the next look may get through.
  }
  followRendition(root);
}

/** While it goes on only its figures move, so that a button under a finger and its focus stay. */
function showAnew(part, arrived) {
  const sameStep = part.dataset.status === arrived.dataset.status;
  if (!sameStep) {
    part.replaceWith(arrived);
    return;
  }
  const [said, bar] = [part.querySelector("[role=status]"), part.querySelector("progress")];
  said.textContent = arrived.querySelector("[role=status]").textContent;
  bar.value = arrived.querySelector("progress").value;
}
