// The folded panel: free choices show what was heard, a lock fixes what is shown.
const rows = (root) => root.querySelectorAll("[data-condition]");
const fieldOf = (row) => row.querySelector("select, input:not([type=checkbox])");
const lockOf = (row) => row.querySelector(".lock input");

/** Writes what was understood beside every choice that is still free. */
export function showHeard(root, conditions) {
  for (const row of rows(root)) {
    const heard = conditions[row.dataset.condition];
    const field = fieldOf(row);
    const free = field.querySelector?.("[data-free]");
    row.dataset.heard = heard ?? "";
    if (free) free.textContent = heard ? `♪ ${heard}` : "as heard";
    else if (heard !== undefined && heard !== null) field.placeholder = `♪ ${heard}`;
  }
}

/** Locking a free choice takes what was heard; setting a choice free opens its lock. */
export function wireLocks(root) {
  for (const row of rows(root)) {
    const [field, lock] = [fieldOf(row), lockOf(row)];
    lock?.addEventListener("change", () => {
      if (!lock.checked || field.value || !row.dataset.heard) return;
      field.value = row.dataset.heard; // nothing is heard of composer, temperature and seed: their own value is locked
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    field.addEventListener("input", () => {
      if (!field.value && lock) lock.checked = false;
    });
  }
}

export function echoRanges(root) {
  for (const echo of root.querySelectorAll("[data-echo]")) {
    const range = root.querySelector(`#${echo.dataset.echo}`);
    range.addEventListener("input", () => {
      echo.textContent = range.value;
    });
  }
}
