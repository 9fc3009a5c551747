// Says when the connection is gone, and takes the line away when it is back.
export function watchConnection() {
  const line = document.querySelector("[data-offline]");
  if (!line) return;
  const show = () => {
    line.hidden = navigator.onLine;
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
