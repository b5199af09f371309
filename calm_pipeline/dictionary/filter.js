
const box = document.getElementById("filter");
const none = document.getElementById("none");
const lines = [...document.querySelectorAll("[data-line]")];
const sections = [...document.querySelectorAll("[data-section]")];
function filter() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (text) => words.every((word) => text.toLowerCase().includes(word));
  const whole = new Set(sections.filter((part) => fits(part.querySelector("[data-head]").textContent)));
  for (const line of lines) {
    const part = line.closest("[data-section]");
    const head = part.querySelector("h3").textContent;
    line.hidden = !whole.has(part) && !fits(head + " " + line.textContent);
  }
  let shown = 0;
  for (const part of sections) {
    part.hidden = !whole.has(part) && !part.querySelector("[data-line]:not([hidden])");
    shown += part.hidden ? 0 : 1;
  }
  none.hidden = shown > 0;
}
box.addEventListener("input", filter);
document.getElementById("search").hidden = false;
filter();
