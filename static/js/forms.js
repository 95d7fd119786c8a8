// Forms, on every page: the error summary (else what was done) takes the focus, a form is sent once, and a hidden part appears
// when it is wanted.
// Everything works without this file; the server decides.

document.querySelector("[data-focus]")?.focus();

// A link of the summary goes to the control itself.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".cs-errors a");
  if (!link) return;
  const control = document.getElementById(link.hash.slice(1));
  if (!control) return;
  event.preventDefault();
  control.focus();
  (control.closest(".cs-field") || control).scrollIntoView({ block: "center" });
});

// A second press of the button does nothing while the first is on its way; the server refuses doubles anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
});

// <div data-show-for="answer=changes,declined"> is shown while one of those values is chosen for that name.
const conditional = [...document.querySelectorAll("[data-show-for]")];
const apply = () => {
  for (const part of conditional) {
    const [name, values] = part.dataset.showFor.split("=");
    const form = part.closest("form");
    const chosen = form && form.elements[name] ? form.elements[name].value : "";
    part.hidden = !values.split(",").includes(chosen);
  }
};
if (conditional.length) {
  apply();
  document.addEventListener("change", apply);
}

// <button type="button" data-print> and <button type="button" data-copy="#id">.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-print], [data-copy]");
  if (!button) return;
  if ("print" in button.dataset) window.print();
  const source = button.dataset.copy && document.querySelector(button.dataset.copy);
  if (!source) return;
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  if (button.dataset.copied) button.textContent = button.dataset.copied;
});

// The typed name appears as it will be signed: <input data-signs="#id"> into #id.
for (const input of document.querySelectorAll("[data-signs]")) {
  const shown = document.querySelector(input.dataset.signs);
  if (shown) input.addEventListener("input", () => (shown.textContent = input.value));
}
