// The prompt box grows with what is written; Enter composes, Shift and Enter makes a new line.
export function wirePrompt(box, form) {
  const fit = () => {
    if (CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  };
  box.addEventListener("input", fit);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return; // Chinese is typed with Enter, too
    event.preventDefault();
    form.requestSubmit(form.querySelector(".compose"));
  });
  fit();
}

/** "Surprise me" writes one of the examples, never the same twice running. */
export function wireSurprise(button, box, examples) {
  if (!button || !examples.length) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const others = examples.filter((example) => example !== box.value);
    box.value = others[Math.floor(Math.random() * others.length)];
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });
}
