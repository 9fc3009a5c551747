// What a person locked stays for the next tune of this visit, until it is unlocked.
const SHELF = "locked";
const rows = (root) => [...root.querySelectorAll("[data-condition]")];
const lockOf = (row) => row.querySelector(".lock input");
const fieldOf = (row) => row.querySelector("select, input:not([type=checkbox])");

export function keepLocks(root) {
  const locked = rows(root).filter((row) => lockOf(row)?.checked);
  const kept = Object.fromEntries(locked.map((row) => [row.dataset.condition, fieldOf(row).value]));
  try {
    sessionStorage.setItem(SHELF, JSON.stringify(kept));
  } catch {
    // Storage is blocked: the locks hold for this tune and its tweaks only.
  }
}

/** Only on a fresh page: one that came back with a message keeps what it came with. */
export function bringBackLocks(root, isFresh) {
  if (!isFresh) return;
  let kept = {};
  try {
    kept = JSON.parse(sessionStorage.getItem(SHELF)) ?? {};
  } catch {
    return;
  }
  for (const row of rows(root)) {
    const value = kept[row.dataset.condition];
    if (value === undefined) continue;
    fieldOf(row).value = value;
    fieldOf(row).dispatchEvent(new Event("input", { bubbles: true }));
    lockOf(row).checked = true;
  }
}
