// A second tap on the same form, before the first has been answered, posts nothing.
export function postOnce(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.posted) {
      event.preventDefault();
      return;
    }
    form.dataset.posted = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", ({ persisted }) => comeBack(persisted));
}

/** Coming back with the back button shows the page as it was left: let it post again, for another tune. */
function comeBack(persisted) {
  for (const form of document.querySelectorAll("form[data-posted]")) delete form.dataset.posted;
  for (const button of document.querySelectorAll('form [aria-busy="true"]')) button.removeAttribute("aria-busy");
  if (!persisted) return;
  for (const field of document.querySelectorAll('input[name="once"]')) field.value = freshName();
}

// randomUUID exists over https only; a school's server may be plain http.
const freshName = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
