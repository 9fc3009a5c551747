// Keys for the player: space, Esc, arrows, plus and minus; never where a person is typing or choosing.
const TYPING = "input, textarea, select, [contenteditable], [role=slider], [role=listbox]";
const PRESSING = "button, a, summary";

export function playerKeys(current) {
  document.addEventListener("keydown", (event) => {
    const controls = current();
    if (!controls || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actionFor(event.key, controls);
    if (!action) return;
    const typing = event.target.closest(TYPING) && event.key !== "Escape";
    const pressing = event.target.closest(PRESSING) && (event.key === " " || event.key === "Enter");
    if (typing || pressing) return;
    event.preventDefault();
    action();
  });
}

function actionFor(key, controls) {
  switch (key) {
    case " ":
      return () => controls.toggle();
    case "Escape":
      return () => controls.stop();
    case "ArrowLeft":
      return () => controls.skip(-1);
    case "ArrowRight":
      return () => controls.skip(1);
    case "+":
    case "=":
      return () => controls.changeTempo(4);
    case "-":
      return () => controls.changeTempo(-4);
    default:
      return null;
  }
}
