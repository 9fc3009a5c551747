// The link of a tune: handed to the device's own sharing, or copied.
import { copyText } from "./copy.js";

export function offerSharing(root, { title, link }) {
  const button = root.querySelector("[data-share]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!navigator.share) {
      await copyText(link, button);
      return;
    }
    try {
      await navigator.share({ title, url: link });
    } catch (error) {
      if (error.name !== "AbortError") await copyText(link, button);
    }
  });
}
