// Cards: the first bars are drawn when a card comes near, and a tap plays the whole tune where it stands.
// One card sounds at a time. A card fires "cardplay" when a person starts it: the radio may take it up from there.
import { musicOnly, tempoOf } from "./abc_text.js";
import { Player } from "./player.js";
import { drawSheet, lettersReady } from "./sheet.js";
import { usualSound } from "./usual_sound.js";

const KEPT = 3; // a minute of sound takes twenty megabytes
const samples = new URL("../samples/", import.meta.url).pathname;
const withSound = []; // cards, the one last wanted first
let wanted = null;

function drawOpening(card) {
  const abc = card.querySelector("[data-opening-abc]").content.textContent;
  drawSheet(card.querySelector("[data-opening]"), abc, { bars: 99 });
}

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    drawOpening(target);
  }
}, { rootMargin: "400px" });

/** Folded away, the first bars have no width to be drawn in: they wait until somebody unfolds them. */
function awaitOpening(card) {
  const fold = card.querySelector("details:not([open])");
  if (fold?.querySelector("[data-opening]")) fold.addEventListener("toggle", () => drawOpening(card), { once: true });
  else near.observe(card);
}

/** Most cards know where their tune is; some bring it along. */
async function wholeOf(card) {
  const brought = card.querySelector("[data-whole-abc]");
  if (brought) return brought.content.textContent;
  const answer = await fetch(card.dataset.abcUrl);
  if (!answer.ok) throw new Error("This tune could not be fetched. Try once more.");
  return answer.text();
}

/** The tune is fetched when it is first wanted; drawn nowhere, only sounded. */
async function fetchPlayer(card) {
  const abc = await wholeOf(card);
  const [tune] = window.ABCJS.parseOnly(musicOnly(abc));
  const player = new Player(tune, { samples, tempo: tempoOf(abc) ?? 120, ...usualSound(tune) });
  card.tunePlayer = player;
  const button = card.querySelector("[data-card-play]");
  player.addEventListener("change", () => button.setAttribute("aria-pressed", String(player.wanted)));
  player.addEventListener("trouble", (event) => say(card, event.detail));
  return player;
}

function forgetOthers(card) {
  const at = withSound.indexOf(card);
  if (at >= 0) withSound.splice(at, 1);
  withSound.unshift(card);
  for (const old of withSound.splice(KEPT)) Object.assign(old, { player: null, tunePlayer: null });
}

/** The card's player, fetched once; rejects with a sentence for people. */
export function playerOf(card) {
  forgetOthers(card);
  card.player ??= fetchPlayer(card).catch((error) => {
    card.player = null;
    throw error;
  });
  return card.player;
}

const say = (card, sentence) => {
  card.querySelector("[data-card-says]").textContent = sentence;
};

/** Plays a card and returns its player; null where it could not, or where another was wanted meanwhile. */
export async function playCard(card, { fromStart = false } = {}) {
  const button = card.querySelector("[data-card-play]");
  wanted = card;
  say(card, "");
  button.setAttribute("aria-busy", "true");
  try {
    Player.open();
    const player = await playerOf(card);
    if (wanted !== card) return null;
    if (fromStart) player.stop();
    await player.play();
    return player;
  } catch (error) {
    say(card, error.message);
    return null;
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** What sounds, or is about to, falls silent. */
export function hush() {
  wanted?.tunePlayer?.pause();
  wanted = null;
}

function toggle(card) {
  if (card.tunePlayer?.wanted) hush();
  else if (card.dispatchEvent(new CustomEvent("cardplay", { bubbles: true, cancelable: true }))) playCard(card);
}

export function showCards(root) {
  for (const card of root.querySelectorAll("[data-card]:not([data-shown])")) {
    card.dataset.shown = "";
    awaitOpening(card);
    const button = card.querySelector("[data-card-play]");
    if (!button) continue; // a recording brings the browser's own
    button.hidden = false;
    button.addEventListener("click", () => toggle(card));
  }
}

await lettersReady();
showCards(document);
