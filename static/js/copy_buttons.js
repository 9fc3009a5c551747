// Buttons that copy a text of the page, named by data-copy; without scripts it is selected by hand.
import { copyText } from "./copy.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copyText(document.getElementById(button.dataset.copy).textContent, button));
}
