// Cards: the first bars are drawn when a card comes near, and a tap plays the whole tune where it stands.
import { musicOnly, tempoOf } from "./abc_text.js";
import { Player } from "./player.js";
import { drawSheet, lettersReady } from "./sheet.js";

const samples = new URL("../samples/", import.meta.url).pathname;

function drawOpening(card) {
  const abc = card.querySelector("[data-opening-abc]").content.textContent;
  const place = card.querySelector("[data-opening]");
  drawSheet(place, abc, { bars: 99 });
}

/** The tune is fetched when it is first wanted; drawn nowhere, only sounded. */
async function playerFor(card) {
  const answer = await fetch(card.dataset.abcUrl);
  if (!answer.ok) throw new Error("This tune could not be fetched. Try once more.");
  const abc = await answer.text();
  const [tune] = window.ABCJS.parseOnly(musicOnly(abc));
  const player = new Player(tune, { samples, tempo: tempoOf(abc) ?? 120 });
  card.tunePlayer = player;
  const button = card.querySelector("[data-card-play]");
  player.addEventListener("change", () => button.setAttribute("aria-pressed", String(player.wanted)));
  player.addEventListener("trouble", (event) => say(card, event.detail));
  return player;
}

const say = (card, sentence) => {
  card.querySelector("[data-card-says]").textContent = sentence;
};

async function toggle(card, button) {
  say(card, "");
  button.setAttribute("aria-busy", "true");
  try {
    Player.open();
    card.player ??= playerFor(card);
    const player = await card.player;
    if (player.wanted) player.pause();
    else await player.play();
  } catch (error) {
    card.player = null;
    say(card, error.message);
  }
  button.removeAttribute("aria-busy");
}

export function showCards(root) {
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      drawOpening(target);
    }
  }, { rootMargin: "400px" });
  for (const card of root.querySelectorAll("[data-card]")) {
    near.observe(card);
    const button = card.querySelector("[data-card-play]");
    button.hidden = false;
    button.addEventListener("click", () => toggle(card, button));
  }
}

await lettersReady();
showCards(document);
