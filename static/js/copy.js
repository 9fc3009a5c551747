// Copies a text and says so on the button itself.
export async function copyText(text, button) {
  const before = button.textContent;
  button.textContent = (await copied(text)) ? "copied" : "could not copy";
  setTimeout(() => {
    button.textContent = before;
  }, 1600);
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedByHand(text);
  }
}

/** Plain http offers no clipboard: select and copy as people do. */
function copiedByHand(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
