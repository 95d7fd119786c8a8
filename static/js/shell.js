// The staff pages' frame: Ctrl/Cmd K goes to the search box; a fragment that fails says so.

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
