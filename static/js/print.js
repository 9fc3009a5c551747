// Draws each line of the staff by itself, so that a page break never cuts one.
import { drawSheet, lettersReady } from "./sheet.js";

const abc = document.querySelector("[data-abc]").content.textContent;
const place = document.querySelector("[data-print-sheet]");
const PAPER = 680; // pixels between A4's margins

await lettersReady();
drawSheet(place, abc, { perLine: true, bars: 4, width: PAPER });
const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => print());
