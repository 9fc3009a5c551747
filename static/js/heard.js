// Draws what was understood: the words, the chord style, its chords, and two other styles.
import { element } from "./element.js";

const MOST_CHORDS = 16; // two parts of eight bars; more would hide what else was heard

const separated = (nodes, between) => nodes.flatMap((node, index) => (index ? [between, node] : [node]));
const list = (words, name) => separated(words.map(({ text }) => element(name, { text })), " · ");

export function drawWords(place, keywords) {
  const heard = keywords.filter(({ negated }) => !negated);
  const refused = keywords.filter(({ negated }) => negated);
  place.replaceChildren();
  if (heard.length) place.append(element("span", { text: "We hear", className: "label" }), " ", ...list(heard, "b"));
  if (refused.length) place.append(" ", element("span", { text: "Not:", className: "label" }), " ", ...list(refused, "s"));
  if (!keywords.length) place.append(element("span", { text: "No single word stands out; we go by the whole sentence.", className: "label" }));
}

/** How many bars one part of the form has. */
const partLength = ({ chords, form }) => chords.length / (new Set((form ?? "A").replace(/[^A-Z]/g, "")).size || 1);

/** "Hopeful: I V vi IV, a slow reel in D", with the numerals set apart. */
export function drawSummary(place, { summary = "", styles, conditions }) {
  const numerals = chosenStyle(styles, conditions)?.progression.join(" ") ?? "";
  const [before, after] = numerals && summary.includes(numerals) ? summary.split(numerals, 2) : [summary, ""];
  place.replaceChildren(before, ...(after ? [element("span", { className: "roman", text: numerals }), after] : []));
}

const chosenStyle = (styles, conditions) => styles.find(({ name }) => name === conditions.style) ?? styles[0];

/** As printed music writes them: B♭, F♯m. */
const printed = (chord) => chord.replaceAll(",", " ").replace(/([A-G])b/g, "$1♭").replaceAll("#", "♯");

/** The chords bar by bar; a little room parts one part of the form from the next. */
export function drawChords(place, conditions) {
  const chords = (conditions.chords ?? []).slice(0, MOST_CHORDS);
  const part = partLength({ ...conditions, chords: conditions.chords ?? [] });
  const opensPart = (bar) => bar >= part && bar % part < 4;
  place.replaceChildren(
    ...chords.map((chord, bar) => element("li", { text: printed(chord), className: opensPart(bar) ? "opens-part" : "" })),
  );
}

/** The styles that were not chosen, each a button; `chosen` is called with a name. */
export function drawStyles(place, { styles, conditions }, chosen) {
  const others = styles.filter(({ name }) => name !== (conditions.style ?? styles[0]?.name)).slice(0, 2);
  place.replaceChildren(element("span", { text: "or", className: "label" }));
  for (const { name, progression } of others) {
    const button = element("button", { className: "link", text: name, attributes: { type: "button", "data-style-name": name } });
    button.append(element("span", { className: "roman", text: ` ${progression.slice(0, 4).join(" ")}` }));
    button.addEventListener("click", () => chosen(name));
    place.append(button);
  }
  place.hidden = others.length === 0;
}
