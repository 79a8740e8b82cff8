// Keys and clicks of the Attribute tab. Gradio runs this once, with `element`, `trigger` and `watch` in scope.
const tab = document.getElementById("cw-attribute");
const code = () => element.querySelector(".cw-code");
const labels = () => JSON.parse(code().dataset.labels);
const SETTLE_MS = 80; // holding down n asks the server for the last match only
let selected = -1;
let activated;
let asking;

// Draw the selection. A match is its marks, and the button beside its first line.
const draw = (index) => {
  const view = code();
  view.querySelectorAll(".cw-selected-match").forEach((node) => node.classList.remove("cw-selected-match"));
  view.querySelectorAll(`[data-matches~="${index}"]`).forEach((node) => node.classList.add("cw-selected-match"));
  const current = view.querySelector(`.cw-badge[data-matches~="${index}"]`);
  view.querySelectorAll(".cw-badge").forEach((badge) => {
    badge.setAttribute("tabindex", badge === current ? "0" : "-1");
    badge.setAttribute("aria-current", String(badge === current));
  });
  selected = index;
  return current;
};

// Scrolls the code alone, never the page.
const reveal = (line) => {
  const view = code().getBoundingClientRect();
  const box = line.getBoundingClientRect();
  if (box.top < view.top || box.bottom > view.bottom) code().scrollTop += box.top - view.top - view.height / 4;
};

const select = (index, { moveFocus }) => {
  const badge = draw(index);
  if (badge) reveal(badge.closest(".cw-line"));
  if (moveFocus) badge?.focus({ preventScroll: true });
  element.querySelector("[data-announce]").textContent = labels()[index];
  clearTimeout(asking);
  asking = setTimeout(() => trigger("select", { match: index }), SETTLE_MS);
};

const step = (by, options) => {
  const n = labels().length;
  if (n > 0) select((selected + by + n) % n, options);
};

// The strongest match of a mark or button; chosen again, the one beneath it, and so on.
const activate = (node, options) => {
  const matches = node.dataset.matches.split(" ").map(Number);
  const place = node === activated ? matches.indexOf(selected) + 1 : 0;
  activated = node;
  select(matches[place % matches.length], options);
};

tab.addEventListener("click", (event) => {
  const stepper = event.target.closest("[data-step]");
  if (stepper) return step(Number(stepper.dataset.step), { moveFocus: false });
  const node = event.target.closest("[data-matches]");
  const isSelectingText = !(document.getSelection()?.isCollapsed ?? true);
  if (node && element.contains(node) && (node.matches("button") || !isSelectingText)) {
    activate(node, { moveFocus: node.matches("button") });
    const panel = document.getElementById("cw-right");
    if (panel.getBoundingClientRect().top > window.innerHeight) panel.scrollIntoView(); // stacked, on a phone
  }
});

tab.addEventListener("keydown", (event) => {
  const inEditor = event.target.closest("#cw-input");
  if (inEditor) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      document.getElementById("cw-check").click();
    }
    return;
  }
  if (!code() || event.ctrlKey || event.metaKey || event.altKey) return;
  const inCode = element.contains(event.target);
  if (event.key === "n") step(1, { moveFocus: inCode });
  else if (event.key === "p") step(-1, { moveFocus: inCode });
  else if (event.key === "w") code().classList.toggle("cw-wrap");
  else if (event.key === "Enter" && event.target === code()) step(0, { moveFocus: true });
  else return;
  event.preventDefault();
}, true);

// Results of a text that has been edited since are dimmed, and say so.
tab.addEventListener("input", (event) => {
  if (code() && event.target.closest("#cw-editor")) tab.classList.add("cw-stale");
}, true);

watch("value", () => {
  tab.classList.remove("cw-stale");
  tab.classList.toggle("cw-has-result", Boolean(code()));
  element.querySelector("[data-announce]").textContent = "";
  if (code()) {
    code().scrollTo(0, 0);
    draw(Number(code().dataset.selected));
  }
});
