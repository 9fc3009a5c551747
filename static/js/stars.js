// Stars are given without leaving the page; without this file the same form posts and comes back.
import { post } from "./post.js";

export function starsInPlace(root) {
  for (const form of root.querySelectorAll("[data-stars]")) form.addEventListener("submit", rate);
}

async function rate(event) {
  const form = event.currentTarget;
  const stars = Number(event.submitter?.value);
  if (!stars) return;
  event.preventDefault();
  const before = form.querySelectorAll('[aria-pressed="true"]').length;
  const sum = form.querySelector("[data-stars-sum]");
  show(form, stars);
  try {
    const fields = new FormData(form);
    fields.set("stars", stars);
    const answer = await post(form.action, fields);
    if (!answer.ok) throw new Error(`stars: ${answer.status}`);
    sum.textContent = await newSum(answer, sum);
  } catch {
    show(form, before);
    sum.textContent = "Your stars were not kept. Try once more.";
  }
}

function show(form, stars) {
  form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(Number(button.value) <= stars)));
}

/** The server answers with the tune's page (or its sum in JSON): read the new sum from it. */
async function newSum(answer, sum) {
  if (answer.headers.get("Content-Type")?.includes("json")) {
    const { average, count } = await answer.json();
    return `${average} from ${count}`;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-stars-sum]")?.textContent ?? sum.textContent;
}
