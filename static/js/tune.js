// The tune's page: follows the composing while it lasts, then hands the staff to the player.
import { tempoOf } from "./abc_text.js";
import { chooseBars } from "./choose_bars.js";
import { Composing } from "./composing.js";
import { copyText } from "./copy.js";
import { playerKeys } from "./keys.js";
import { PlayerControls } from "./player_controls.js";
import { followRendition } from "./rendition.js";
import { offerSharing } from "./share.js";
import { drawSheet, lettersReady, onWidthChange } from "./sheet.js";
import { starsInPlace } from "./stars.js";

const root = document.querySelector("[data-tune]");
const sheet = root.querySelector("[data-sheet]");
let controls = null;

async function finished() {
  const abc = root.querySelector("[data-abc]").content.textContent;
  await lettersReady();
  controls = playable(abc);
  offerSharing(root, { title: document.title, link: location.origin + root.dataset.url });
  offerCopy(abc);
  starsInPlace(root);
  followRendition(root);
  showFault();
}

/** What was wrong with the work asked for stands below the staff, which has only now its height. */
function showFault() {
  const fault = root.querySelector("[data-works] .error");
  const field = fault?.closest(".work-how")?.querySelector("[aria-invalid]") ?? fault;
  field?.focus({ preventScroll: true });
  fault?.scrollIntoView({ block: "center" });
}

function playable(abc) {
  const tune = drawSheet(sheet, abc);
  const place = root.querySelector("[data-player]");
  if (!tune || !place) {
    sheet.textContent = "This tune could not be drawn here. Its ABC and MIDI files are below.";
    return null;
  }
  const tempo = Number(root.dataset.tempo) || tempoOf(abc) || 120;
  const made = new PlayerControls(place, { tune, sheet, samples: root.dataset.samples, tempo });
  const picker = chooseBars(root, sheet);
  picker?.setTune(tune);
  onWidthChange(sheet, () => {
    const drawn = drawSheet(sheet, abc);
    made.setTune(drawn);
    picker?.setTune(drawn);
  });
  prepareWhenIdle(made.player);
  return made;
}

/** The sound is made before it is asked for, so that the tap is answered at once. */
function prepareWhenIdle(player) {
  if (navigator.connection?.saveData) return;
  const whenIdle = window.requestIdleCallback ?? ((act) => setTimeout(act, 300));
  whenIdle(() => player.prepare().catch((error) => player.dispatchEvent(new CustomEvent("trouble", { detail: error.message }))));
}

function offerCopy(abc) {
  const button = root.querySelector("[data-copy-abc]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => copyText(abc, button));
}

/** Takes the finished parts from the server's own page; the drawn staff stays where it is. */
async function bringParts() {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`page: ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  page.querySelectorAll("noscript").forEach((hint) => hint.remove());
  for (const part of page.querySelectorAll("[data-part]")) {
    root.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceChildren(...part.childNodes);
  }
  const arrived = page.querySelector("[data-tune]");
  root.querySelector("[data-abc]").replaceWith(arrived.querySelector("[data-abc]"));
  Object.assign(root.dataset, arrived.dataset);
  root.querySelector("[data-music]").hidden = arrived.querySelector("[data-music]").hidden;
  document.title = page.title;
  document.documentElement.dataset.mood = page.documentElement.dataset.mood;
}

/** The heading has grown or shrunk: the staff stays where the eye is. */
function holdStill(moved) {
  if (moved > 0) scrollBy({ top: moved, behavior: "instant" });
  else root.querySelector('[data-part="state"]').style.paddingTop = `${-moved}px`;
}

async function over() {
  const before = sheet.getBoundingClientRect().top;
  try {
    await bringParts();
  } catch {
    location.reload();
    return;
  }
  holdStill(sheet.getBoundingClientRect().top - before);
  if (root.dataset.status !== "ready") return;
  await finished();
  root.querySelector("[data-ready-says]").textContent = "The tune is ready. Space plays it.";
}

playerKeys(() => controls);
if (root.dataset.status === "ready") finished();
else if (root.dataset.status === "queued" || root.dataset.status === "composing") new Composing(root, over).start();
