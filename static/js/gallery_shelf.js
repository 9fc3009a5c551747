// The cards of a view, which grows by the next page when it is asked to. Knows no sound.
import { showCards } from "./gallery.js";

export class Shelf {
  constructor(results) {
    this.root = results.querySelector("[data-cards]");
    this.results = results;
    this.older?.addEventListener("click", (event) => this.#tapped(event));
  }

  get cards() {
    return [...this.root.querySelectorAll("[data-card]")];
  }

  get older() {
    return this.results.querySelector("[data-older]");
  }

  /** Brings the next page, once however often it is asked for; how many cards came. */
  more() {
    this.coming ??= this.#fetch().finally(() => {
      this.coming = null;
    });
    return this.coming;
  }

  async #fetch() {
    if (!this.older) return 0;
    const answer = await fetch(this.older.href);
    if (!answer.ok) throw new Error("The next tunes could not be fetched. Look at your connection, then try again.");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // A tune that was starred meanwhile may have moved to the next page: it is on the shelf already.
    const here = new Set(this.cards.map((card) => card.dataset.tune));
    const fresh = [...page.querySelectorAll("[data-cards] [data-card]")].filter((card) => !here.has(card.dataset.tune));
    this.root.append(...fresh);
    this.#goOn(page.querySelector("[data-older]"));
    showCards(this.root);
    return fresh.length;
  }

  #goOn(next) {
    if (next) this.older.href = next.getAttribute("href");
    else this.older.closest("p").remove();
  }

  async #tapped(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const says = this.results.querySelector("[data-results-says]");
    const before = this.cards.length;
    try {
      const count = await this.more();
      says.textContent = `${count} more tunes`;
      this.cards[before]?.querySelector("h3 a").focus({ preventScroll: true });
    } catch (error) {
      says.textContent = error.message;
    }
  }
}
