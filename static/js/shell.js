// The staff pages' frame: Ctrl/Cmd K goes to the search box; a wide table scrolls by keyboard too; a fragment that fails says so.

document.addEventListener("keydown", (event) => {
  // event.code, because a Russian keyboard reports Cyrillic letters; never while an input method is composing.
  if (event.isComposing || event.code !== "KeyK" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const box = document.getElementById("search");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

for (const name of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(name, () => {
    const place = document.getElementById("messages");
    const note = document.querySelector("template#fragment-failed");
    if (!place || !note) return;
    place.replaceChildren(note.content.cloneNode(true));
    place.hidden = false;
  });
}

// A table wider than its place scrolls there: the keyboard reaches it, and it is called by the heading above it.
for (const place of document.querySelectorAll(".cs-scroll")) {
  const heading = place.closest("section")?.querySelector("h2") ?? document.querySelector("h1");
  new ResizeObserver(() => {
    const wide = place.scrollWidth > place.clientWidth;
    for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", heading?.textContent.trim()]]) {
      if (wide && value) place.setAttribute(name, value);
      else place.removeAttribute(name);
    }
  }).observe(place);
}

// On a phone three or more filters of a list are folded away until somebody wants them.
const phone = matchMedia("(max-width: 40rem)");
for (const filters of document.querySelectorAll(".cs-fold:has(.cs-filters > div:nth-of-type(3))")) {
  const fold = () => { filters.open = !phone.matches; };
  phone.addEventListener("change", fold);
  fold();
}

// Who is in the room is the same in every window of this browser: one that shows another state than the newest loads itself again.
const room = document.body.dataset.room;
const windows = new BroadcastChannel("room");
windows.addEventListener("message", (event) => {
  if (event.data !== room) location.reload();
});
windows.postMessage(room);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
