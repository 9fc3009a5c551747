// The front page: asks what was understood while a person types, and shows it.
import { echoRanges, showHeard, wireLocks } from "./change.js";
import { wireComposer } from "./composer_choice.js";
import { Disc } from "./disc.js";
import { drawChords, drawStyles, drawSummary, drawWords } from "./heard.js";
import { bringBackLocks, keepLocks } from "./locks.js";
import { post } from "./post.js";
import { wirePrompt, wireSurprise } from "./prompt_box.js";
import { wireVoice } from "./voice.js";

const PAUSE = 180; // milliseconds without a key before we ask
const form = document.querySelector("[data-ask]");
const part = (name) => form.querySelector(`[data-${name}]`);
const box = form.querySelector("#prompt");
const styleField = part("style");
const disc = new Disc(part("disc"));
let timer = 0;
let asking = null;

function askSoon(pause = PAUSE) {
  clearTimeout(timer);
  timer = setTimeout(ask, pause);
}

async function ask() {
  asking?.abort();
  asking = new AbortController();
  if (!box.value.trim()) {
    part("heard").hidden = true;
    return;
  }
  try {
    const answer = await post(form.dataset.interpretUrl, new FormData(form), { signal: asking.signal });
    if (answer.ok) show(await answer.json());
  } catch (error) {
    if (error.name !== "AbortError") part("words").textContent = "What we hear shows here when the connection is back.";
  }
}

function show(understood) {
  part("heard").hidden = false;
  disc.show(understood.valence, understood.arousal);
  drawWords(part("words"), understood.keywords);
  drawSummary(part("summary"), understood);
  drawChords(part("chords"), understood.conditions);
  drawStyles(part("styles"), understood, (name) => {
    styleField.value = name;
    askSoon(0);
  });
  showHeard(part("conditions"), understood.conditions);
}

box.addEventListener("input", () => {
  styleField.value = ""; // new words, new style, unless the point or a lock says otherwise
  askSoon();
});
part("conditions").addEventListener("input", () => askSoon());
disc.addEventListener("feeling", () => {
  styleField.value = "";
  askSoon(60);
});
disc.addEventListener("unfeeling", () => askSoon(0));
wirePrompt(box, form);
wireVoice(part("speak"), part("speak-said"), box);
bringBackLocks(part("conditions"), box.value === "");
form.addEventListener("submit", () => keepLocks(part("conditions")));
wireLocks(part("conditions"));
wireComposer(form, () => askSoon(0));
echoRanges(form);
wireSurprise(part("surprise"), box, JSON.parse(document.getElementById("examples")?.textContent || "[]") ?? []);
if (box.value.trim()) askSoon(0);
if (document.querySelector("[data-card]")) import("./gallery.js");
