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
  // Coming back with the back button shows the page as it was left: let it post again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-posted]")) delete form.dataset.posted;
    for (const button of document.querySelectorAll('form [aria-busy="true"]')) button.removeAttribute("aria-busy");
  });
}
