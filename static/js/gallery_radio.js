// Plays the cards of a shelf one after the other, on into the next pages. The bar at the foot shows and steers it.
import { hush, playCard, playerOf } from "./gallery.js";
import { LockScreen } from "./lock_screen.js";
import { Frames, showButton, showPlace } from "./playing.js";
import { secondsPerWhole } from "./sound.js";

const SOON = 2; // with so few cards left, the next page is fetched
const AHEAD = 1500; // milliseconds after which the next tune's sound is made ready
const TRIES = 3; // tunes in a row that cannot be had, before it gives up
const FIELDS = "input:not([type=range]), textarea, select, [contenteditable]";

export class Radio {
  constructor(bar, { shelf, playAll }) {
    const find = (name) => bar.querySelector(`[data-radio-${name}]`);
    Object.assign(this, { bar, shelf, playAll, current: null, player: null, tries: 0 });
    this.parts = Object.fromEntries(
      ["previous", "play", "next", "title", "by", "now", "all", "seek", "stop", "says"].map((name) => [name, find(name)]),
    );
    this.frames = new Frames(() => Boolean(this.player?.playing), () => this.#frame());
    this.lock = new LockScreen({
      play: () => this.toggle(true), pause: () => this.toggle(false), stop: () => this.stop(),
      nexttrack: () => this.next(), previoustrack: () => this.previous(),
    });
    this.#listen();
  }

  #listen() {
    const { previous, play, next, seek, stop } = this.parts;
    this.playAll.hidden = false;
    this.playAll.addEventListener("click", () => (this.current ? this.toggle() : this.#begin()));
    play.addEventListener("click", () => this.toggle());
    next.addEventListener("click", () => this.next());
    previous.addEventListener("click", () => this.previous());
    stop.addEventListener("click", () => this.stop());
    seek.addEventListener("input", () => this.player?.seek((seek.value / 1000) * this.player.whole));
    this.bar.addEventListener("keydown", (event) => this.#key(event));
    // Somebody chose a card while the radio plays: it goes on from there.
    this.shelf.root.addEventListener("cardplay", (event) => {
      if (!this.current) return;
      event.preventDefault();
      this.start(event.target);
    });
  }

  /** Letters are keys only inside the bar, where nothing is typed. */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onButton = event.target.closest("button, a");
    if (event.key === "n") this.next();
    else if (event.key === "p") this.previous();
    else if (event.key === " " && !onButton) this.toggle();
    else return;
    event.preventDefault();
  }

  /** The focus goes along: the bar is far behind the cards, and its keys serve at once. */
  #begin() {
    this.start(this.shelf.cards[0]);
    this.parts.play.focus({ preventScroll: true });
  }

  async start(card, { fromStart = false } = {}) {
    const follows = !this.current || seen(this.current);
    this.#leave();
    this.current = card;
    this.bar.hidden = false;
    this.lock.open();
    this.#showCard(card);
    if (follows) bringIntoView(card);
    const player = await playCard(card, { fromStart });
    if (this.current !== card) return;
    if (player) this.#attend(player);
    else this.#skipBroken();
  }

  #attend(player) {
    this.tries = 0;
    this.player = player;
    this.ears = new AbortController();
    const { signal } = this.ears;
    player.addEventListener("ended", () => this.next(), { signal });
    player.addEventListener("change", () => this.#show(), { signal });
    this.#show();
    this.timer = setTimeout(() => this.#prepareNext(), AHEAD);
  }

  /** What could not be fetched is passed over, but not for ever. */
  #skipBroken() {
    this.tries += 1;
    if (this.tries < TRIES) this.next();
    else this.stop("The tunes could not be fetched. Look at your connection, then play again.");
  }

  async #prepareNext() {
    const at = this.#at;
    try {
      if (at >= this.shelf.cards.length - 1 - SOON) await this.shelf.more();
      const next = this.shelf.cards[at + 1];
      if (next) await (await playerOf(next)).prepare();
    } catch {
      // Not ready ahead of time: it is fetched again, and complained of, when it is its turn.
    }
  }

  get #at() {
    return this.shelf.cards.indexOf(this.current);
  }

  async next() {
    const from = this.current;
    if (!from) return;
    const trouble = this.#at < this.shelf.cards.length - 1 ? "" : await this.#troubleWithMore();
    if (this.current !== from) return; // stopped, or sent elsewhere, while the page came
    const card = this.shelf.cards[this.#at + 1];
    if (card) await this.start(card, { fromStart: true });
    else this.stop(trouble || "That was the last tune.");
  }

  async #troubleWithMore() {
    try {
      await this.shelf.more();
      return "";
    } catch (error) {
      return error.message;
    }
  }

  previous() {
    const card = this.shelf.cards[this.#at - 1] ?? this.current;
    if (card) this.start(card, { fromStart: true });
  }

  toggle(play = !this.player?.wanted) {
    if (!this.player) return;
    if (play) playCard(this.current);
    else hush();
  }

  stop(sentence = "") {
    const hadFocus = this.bar.contains(document.activeElement);
    const { player } = this;
    this.#leave();
    player?.seek(0);
    this.current = null;
    this.bar.hidden = true;
    this.lock.close();
    this.#showAll(false);
    if (hadFocus) this.playAll.focus({ preventScroll: true });
    this.shelf.results.querySelector("[data-results-says]").textContent = sentence || "Stopped.";
  }

  #leave() {
    clearTimeout(this.timer);
    this.ears?.abort();
    hush();
    this.player = null;
    this.current?.removeAttribute("aria-current");
  }

  #showCard(card) {
    const { title, by, says } = this.parts;
    const link = card.querySelector("[data-card-title]");
    const maker = card.querySelector("[data-card-maker]");
    title.textContent = link.textContent;
    title.href = link.getAttribute("href");
    const whose = [maker?.textContent, card.dataset.composer].filter(Boolean).join(" · ");
    by.textContent = whose;
    says.textContent = `Playing ${link.textContent}`;
    this.bar.dataset.mood = card.dataset.mood;
    card.setAttribute("aria-current", "true");
    this.lock.show({ title: link.textContent, artist: whose });
    this.#showAll(true);
    showPlace(this.parts, 0, 0);
  }

  #showAll(playing) {
    this.playAll.toggleAttribute("data-on", playing);
    this.playAll.querySelector("[data-play-all-word]").textContent = playing ? "Pause" : "Play all";
  }

  #show() {
    const { play } = this.parts;
    const { wanted } = this.player;
    showButton(play, this.player);
    this.#showAll(wanted);
    this.lock.playing(wanted);
    this.#frame();
    this.frames.start();
  }

  #frame() {
    if (!this.player) return;
    const seconds = secondsPerWhole(this.player.tempo);
    showPlace(this.parts, this.player.now * seconds, this.player.whole * seconds);
  }
}

function seen(card) {
  const { top, bottom } = card.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

/** Only for somebody who follows along: who looks elsewhere, or types, is left where they are. */
function bringIntoView(card) {
  if (document.activeElement?.matches(FIELDS)) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  card.scrollIntoView({ block: "nearest", behavior: still ? "instant" : "smooth" });
}
