// A link to something inside a closed part of the page opens that part.
function openLinked() {
  const linked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const part = linked?.closest("details:not([open])");
  if (!part) return;
  part.open = true;
  linked.scrollIntoView();
}

addEventListener("hashchange", openLinked);
openLinked();
