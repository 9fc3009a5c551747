// The page for music of one's own: draws what is pasted, says what cannot be read, lets bars be chosen on the staff.
import { chooseBars } from "./choose_bars.js";
import { post } from "./post.js";
import { drawSheet, lettersReady, onWidthChange } from "./sheet.js";

const PAUSE = 250; // milliseconds without a key before it is drawn
const form = document.querySelector("[data-own]");
const part = (name) => form.querySelector(`[data-${name}]`);
const box = form.querySelector("#abc");
const sheet = part("sheet");
const picker = chooseBars(form, sheet);
let timer = 0;
let looking = null;

function draw() {
  part("music").hidden = !box.value.trim();
  const tune = box.value.trim() ? drawSheet(sheet, box.value) : null;
  if (!tune) sheet.replaceChildren();
  picker?.setTune(tune);
}

/** The same eyes that will read it when it is sent. */
async function look() {
  looking?.abort();
  looking = new AbortController();
  if (!box.value.trim()) return say("");
  const asked = new FormData();
  asked.set("abc", box.value);
  asked.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  try {
    const answer = await post(form.dataset.lookUrl, asked, { signal: looking.signal });
    if (answer.ok) say((await answer.json()).errors.abc ?? "");
  } catch {
    // Without a connection the sentence comes when the form is sent.
  }
}

function say(sentence) {
  const line = document.createElement("p");
  line.className = "error";
  line.textContent = sentence;
  part("abc-error").replaceChildren(...(sentence ? [line] : []));
  box.toggleAttribute("aria-invalid", Boolean(sentence));
  if (sentence) box.setAttribute("aria-invalid", "true");
  box.parentElement.classList.toggle("has-error", Boolean(sentence));
}

function changed() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    draw();
    look();
  }, PAUSE);
}

function write(abc) {
  box.value = abc;
  changed();
}

async function openFile(field) {
  const [file] = field.files;
  if (!file) return;
  const bytes = await file.arrayBuffer();
  try {
    write(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    write(new TextDecoder("latin1").decode(bytes));
  }
  field.value = ""; // its text is in the box now, to be read and changed
}

/** Setting how something shall be done is choosing to do it. */
function chooseWithItsSettings({ target }) {
  const task = target.closest(".own-task")?.querySelector('[name="task"]');
  if (task && target !== task) task.checked = true;
}

box.addEventListener("input", changed);
part("file").addEventListener("change", ({ target }) => openFile(target));
form.addEventListener("input", chooseWithItsSettings);
part("choose-bars")?.addEventListener("click", chooseWithItsSettings);
picker?.addEventListener("chosen", () => chooseWithItsSettings({ target: part("bars-field") }));
const example = part("example");
example.hidden = false;
example.addEventListener("click", () => write(document.querySelector("[data-example-abc]").content.textContent));
await lettersReady();
draw();
if (!part("abc-error").childElementCount) look(); // what was typed before this script came
// The staff has pushed down what was wrong with the settings under it.
form.querySelector(".own-task .error, .own-words ~ .error")?.scrollIntoView({ block: "center" });
onWidthChange(form, draw);
