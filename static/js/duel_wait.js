// Waits until what is being written is there, then loads the page anew.
const EVERY = 400; // milliseconds
const place = document.querySelector("[data-wait]");
const trouble = place?.querySelector("[data-wait-trouble]");

async function look() {
  try {
    const answer = await fetch(place.dataset.wait, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`status: ${answer.status}`);
    const { waiting, alive } = await answer.json();
    if (!waiting) {
      location.reload();
      return;
    }
    trouble.hidden = alive;
  } catch {
    // Away for a moment: it is asked again.
  }
  setTimeout(look, EVERY);
}

if (place) setTimeout(look, EVERY);
