// Makes the pages faster to work with. Everything here is an addition: without it plain forms and links do the same.
"use strict";

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// -- evidence and field light up together --------------------------------------------------------------------

const fieldOf = (element) => element?.closest?.(".field[data-field]");
const inputOf = (field) => one("input", field);
const marksOf = (index) => all("mark[data-fields]").filter((m) => m.dataset.fields.split(" ").includes(index));

function light(field, scroll) {
  all(".lit").forEach((element) => element.classList.remove("lit"));
  if (!field) return;
  field.classList.add("lit");
  const marks = marksOf(field.dataset.field);
  marks.forEach((mark) => mark.classList.add("lit"));
  if (scroll && marks.length) marks[0].scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", (event) => {
  const field = fieldOf(event.target);
  if (field) light(field, true);
});

document.addEventListener("click", (event) => {
  const mark = event.target.closest("mark[data-fields]");
  if (!mark) return;
  const field = one(`.field[data-field="${mark.dataset.fields.split(" ")[0]}"]`);
  field?.closest("details")?.setAttribute("open", "");
  if (field) inputOf(field).focus();
});

// -- edits ---------------------------------------------------------------------------------------------------

const changed = () => all("input[data-shown]").filter((input) => input.value.trim() !== input.dataset.shown);

function showEdits() {
  const edits = one("#edits");
  for (const input of all("input[data-shown]")) {
    const field = fieldOf(input);
    field.classList.toggle("changed", input.value.trim() !== input.dataset.shown);
    for (const choice of all("[data-choice]", field))
      choice.setAttribute("aria-pressed", String(choice.dataset.choice === input.value.trim()));
  }
  if (!edits) return;
  const inputs = changed();
  edits.replaceChildren(...inputs.map(editText));
  const approve = one("[data-approve]");
  if (!approve) return;
  const number = `${inputs.length} edit${inputs.length > 1 ? "s" : ""}`;
  const withEdits = "needsEdit" in approve.dataset ? `Check again with ${number}` : `Approve with ${number}`;
  const text = inputs.length ? withEdits : approve.dataset.plain;
  one("span", approve).textContent = text;
  approve.disabled = !inputs.length && "needsEdit" in approve.dataset;
}

function editText(input) {
  const was = document.createElement("del"), is = document.createElement("ins"), line = document.createElement("span");
  was.textContent = input.dataset.shown || "(empty)";
  is.textContent = input.value.trim() || "(empty)";
  line.append(`${input.dataset.label}: `, was, " ", is);
  return line;
}

function choose(field, number) {
  const button = field && all("[data-choice]", field)[number - 1];
  if (!button) return false;
  inputOf(field).value = button.dataset.choice;
  showEdits();
  light(field, true);
  return true;
}

document.addEventListener("input", showEdits);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-choice]");
  if (button) choose(fieldOf(button), all("[data-choice]", fieldOf(button)).indexOf(button) + 1);
});

// -- panels and double clicks --------------------------------------------------------------------------------

const openPanel = () => one(".panel:target");
const closePanel = () => { if (openPanel()) location.hash = "closed"; };
addEventListener("hashchange", () => one(".panel:target select, .panel:target textarea")?.focus());

document.addEventListener("submit", (event) => {
  // One decision, one request: the second click of a double click goes nowhere.
  if (event.target.dataset.sent) event.preventDefault();
  if (event.target.method === "post") event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => all("form").forEach((form) => delete form.dataset.sent));

// -- the queue -----------------------------------------------------------------------------------------------

let place = -1;

function walk(step) {
  const rows = all("tr[data-href]");
  if (!rows.length) return;
  place = Math.max(0, Math.min(rows.length - 1, place + step));
  rows.forEach((row, index) => row.classList.toggle("current", index === place));
  one("a", rows[place]).focus();
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (row && !event.target.closest("a, button, input") && !String(getSelection())) location.href = row.dataset.href;
});

// -- single-key shortcuts, which can be switched off (WCAG 2.1.4) --------------------------------------------

const help = one("#help"), box = one("#keys-on");
const keysOn = () => localStorage.getItem("orderdesk-keys") !== "off";
if (box) {
  box.checked = keysOn();
  box.addEventListener("change", () => localStorage.setItem("orderdesk-keys", box.checked ? "on" : "off"));
}
all("[data-help]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
});

const typing = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select");
const press = (selector) => { const found = one(selector); if (found && !found.disabled) found.click(); };

function edit() {
  const input = one(".field.lit input") ?? one(".field.in-doubt input");
  input?.focus();
  input?.select();
}

// Tab inside a field in doubt goes to the next one; before the first and after the last it does what it always does.
function nextInDoubt(event) {
  const fields = all(".field.in-doubt");
  const here = fieldOf(event.target);
  const start = event.target === document.body && !event.shiftKey ? -1 : fields.indexOf(here);
  if (start === -1 && event.target !== document.body) return;
  const field = fields[start + (event.shiftKey ? -1 : 1)];
  if (!field) return;
  event.preventDefault();
  const target = one('[data-choice][aria-pressed="true"]', field) ?? one("[data-choice]", field) ?? inputOf(field);
  target.focus();
  if (target.matches("input")) target.select();
}

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  e: edit,
  a: () => press("[data-approve]"),
  r: () => press("[data-reject]"),
  q: () => press("[data-ask]"),
  "?": () => help?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !keysOn() || one("dialog[open]")) return;
  if (event.key === "Escape") {
    if (openPanel()) return closePanel();
    if (typing(event.target)) event.target.blur();
    return;
  }
  if (event.key === "Tab") return nextInDoubt(event);
  // Whatever is typed into an input is text; while a panel is open only the panel listens.
  if (typing(event.target) || openPanel()) return;
  const key = event.key.toLowerCase();
  const field = one(".field.lit");
  if (/^[1-9]$/.test(key) ? choose(field, Number(key)) : KEYS[key]) {
    event.preventDefault();
    KEYS[key]?.();
  }
});

all(".choices").forEach((choices) => (choices.hidden = false));
showEdits();
light(one(".field.in-doubt"), false);
