// What the chosen composer cannot be asked for is shown as not available, and is not sent.
const rows = (root) => root.querySelectorAll("[data-condition]");

/** `form` holds the choice; `changed` is called after each. */
export function wireComposer(form, changed) {
  const choice = form.querySelector("#composer");
  const show = () => {
    const { takes, hears } = choice.selectedOptions[0].dataset;
    showTaken(form, takes.split(" "));
    showHearing(form, hears === "yes", choice.selectedOptions[0].textContent, takes.split(" "));
    showSentence(form, choice.value);
  };
  for (const name of ["input", "change"]) choice.addEventListener(name, show);
  choice.addEventListener("change", changed);
  show();
}

function showTaken(form, takes) {
  for (const row of rows(form)) {
    const note = row.querySelector("[data-not-taken]");
    if (!note) continue; // composer, daring and seed are no conditions
    const taken = takes.includes(row.dataset.condition);
    note.hidden = taken;
    row.toggleAttribute("data-unavailable", !taken);
    for (const field of row.querySelectorAll("select, input")) field.disabled = !taken;
  }
}

/** Its words are understood all the same; the picture of feeling says when they lead to nothing. */
function showHearing(form, hears, title, takes) {
  const deaf = form.querySelector("[data-deaf]");
  deaf.hidden = hears;
  deaf.textContent = hears ? "" : `${title} hears no feeling. This is what we understand; it will not lead the tune.`;
  for (const name of ["feeling-v", "feeling-a"]) form.querySelector(`[data-${name}]`).disabled = !hears;
  form.querySelector("[data-style]").disabled = !takes.includes("style");
  form.querySelector("[data-heard]").toggleAttribute("data-unheard", !hears);
}

function showSentence(form, name) {
  for (const sentence of form.querySelectorAll("[data-composer-says] [data-of]")) {
    sentence.hidden = sentence.dataset.of !== name;
    sentence.querySelector("[data-of-name]").hidden = true;
  }
}
