// A form inside something marked data-swap is sent without leaving the page: the answer brings the same part anew.
// Listens on the whole document, so that parts which come later need nothing. Without this file the form posts and comes back.
const UNSENT = "That could not be sent. What you wrote is still here; try once more.";

export function swapInPlace(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    const part = form.closest("[data-swap]");
    if (!part || form.method !== "post" || event.defaultPrevented) return;
    event.preventDefault();
    if (!form.hasAttribute("aria-busy")) send(form, part, event.submitter);
  });
}

async function send(form, part, submitter) {
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: fieldsOf(form, submitter),
      credentials: "same-origin",
    });
    if (!show(answer, new DOMParser().parseFromString(await answer.text(), "text/html"), form, part)) leave(form, submitter);
  } catch {
    say(form, UNSENT);
  }
  form.removeAttribute("aria-busy");
}

/** Signing in on another page has changed the token: the cookie knows the one that counts. */
const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];

function fieldsOf(form, submitter) {
  const fields = new FormData(form);
  if (token()) fields.set("csrfmiddlewaretoken", token());
  if (submitter?.name) fields.set(submitter.name, submitter.value);
  return new URLSearchParams(fields);
}

/** True where the answer held what was asked for. */
function show(answer, page, form, part) {
  page.querySelectorAll("noscript").forEach((hint) => hint.remove());
  if (!answer.ok) return showFault(page, form);
  const fresh = page.querySelector(`[data-swap="${part.dataset.swap}"]`);
  if (!fresh) return false;
  const before = new Set(Array.from(part.querySelectorAll("[id]"), (element) => element.id));
  part.replaceWith(fresh);
  focusOn(fresh, before);
  return true;
}

/** What was turned away comes back in its box, with the reason. */
function showFault(page, form) {
  const fresh = form.id && page.getElementById(form.id);
  if (!fresh) return false;
  form.replaceWith(fresh);
  fresh.querySelector("[aria-invalid]")?.focus();
  return true;
}

/** Where the eye and the keyboard go on: what has just been said, or the button that was pressed. */
function focusOn(fresh, before) {
  const said = fresh.querySelector(".comment[id]") && Array.from(fresh.querySelectorAll(".comment[id]")).find(({ id }) => !before.has(id));
  (said ?? fresh.querySelector("button"))?.focus({ preventScroll: !said });
  said?.scrollIntoView({ block: "nearest" });
}

/** The answer is a page of its own (somebody was signed out, or blocked): go and read it. */
function leave(form, submitter) {
  form.closest("[data-swap]").removeAttribute("data-swap");
  form.requestSubmit(submitter ?? undefined);
}

function say(form, sentence) {
  const place = form.querySelector("[data-swap-says]");
  if (place) place.textContent = sentence;
}
