// Light or dark before the first paint: the choice remembered on this device, else what the device prefers.
(() => {
  "use strict";
  const root = document.documentElement;
  const preference = window.matchMedia("(prefers-color-scheme: dark)");

  function remembered() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage is blocked: the device's preference serves
    }
  }

  function show(theme) {
    root.dataset.theme = theme;
    const other = theme === "dark" ? "Light" : "Dark";
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.hidden = false;
      button.textContent = other;
      button.setAttribute("aria-label", `${other} colours`);
    }
  }

  const current = () => remembered() || (preference.matches ? "dark" : "light");
  show(current());
  preference.addEventListener("change", () => show(current()));
  document.addEventListener("DOMContentLoaded", () => show(current()));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const theme = root.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // Not remembered, but still shown.
    }
    show(theme);
  });
})();
