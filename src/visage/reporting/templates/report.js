"use strict";
// What makes the page handy: sorting, filtering, and values under the pointer. All of it may fail
// without loss: what it needs is in the page, and what it shows is there without it.

// Numbers as the page writes them: thousands apart, a real minus sign, a unit or a range behind.
const number = text => parseFloat(text.replaceAll(",", "").replace("\u2212", "-").replace("\u221e", "Infinity"));
const MISSING = "\u2013";

const compare = (a, b) => {
  const x = number(a), y = number(b);
  if (Number.isNaN(x) || Number.isNaN(y)) return a.localeCompare(b, "en", { numeric: true });
  return x - y || a.localeCompare(b, "en", { numeric: true });
};

// Rows without a value go last, whichever way the others are put. Names with an order keep to it.
const sorted = (rows, column, sign) => {
  const text = row => row.cells[column].textContent.trim();
  const order = row => row.cells[column].dataset.order;
  return [...rows].sort((a, b) =>
    (text(a) === MISSING) - (text(b) === MISSING) ||
    sign * (order(a) ? order(a) - order(b) : compare(text(a), text(b))));
};

const NEXT = { null: "ascending", ascending: "descending", descending: null };

const makeSortable = table => {
  const body = table.tBodies[0], rows = [...body.rows], heads = [...[...table.tHead.rows].at(-1).cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const order = NEXT[head.getAttribute("aria-sort")];
      heads.forEach(other => other.removeAttribute("aria-sort"));
      if (order) head.setAttribute("aria-sort", order);
      body.append(...(order ? sorted(rows, column, order === "ascending" ? 1 : -1) : rows));
    });
  });
};

// A word is found where it begins one: "male" is not in "female".
const plain = text => text.toLowerCase().replace(/[\u2013\u2212]/g, "-");
const begins = (text, word) =>
  new RegExp("(?<![a-z0-9])" + word.replace(/[^a-z0-9]/g, "\\$&")).test(text);

const TESTS = {
  words: (item, text) => plain(text).split(/\s+/).every(word => begins(plain(item.textContent), word)),
  least: (item, text, controls) => number(item.cells[controls.dataset.counted].textContent) >= Number(text),
  gender: (item, text) => item.dataset.gender === text,
  from: (item, text) => Number(item.dataset.age) >= Number(text),
  to: (item, text) => Number(item.dataset.age) <= Number(text),
};

const makeFilterable = box => {
  const items = [...box.querySelectorAll("tbody tr, .faces > li")];
  const controls = box.querySelector(".controls");
  const fields = [...controls.querySelectorAll("input, select")].filter(field => field.name in TESTS);
  const filter = () => {
    for (const item of items) {
      item.hidden = !fields.every(({ name, value }) =>
        !value.trim() || TESTS[name](item, value.trim(), controls));
    }
    controls.querySelector("output").textContent =
      `${items.filter(item => !item.hidden).length} of ${items.length}`;
  };
  const rank = (item, order) => {
    const found = Number(item.dataset.ranks.split(" ")[order]);
    return Number.isNaN(found) ? -Infinity : found;
  };
  const put = order => {
    const ranked = order === "" ? items : [...items].sort((a, b) => {
      const x = rank(a, order), y = rank(b, order);
      return x === y ? 0 : y - x;
    });
    items[0].parentNode.append(...ranked);
  };
  for (const name of ["input", "change"]) {
    controls.addEventListener(name, ({ target }) => target.name === "order" ? put(target.value) : filter());
  }
  controls.hidden = false;
  filter();
};

const makeTips = () => {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.ariaHidden = "true"; // the drawing is one picture with a text; its values stand in the tables
  document.body.append(tip);
  for (const title of document.querySelectorAll(".spots title")) {
    title.parentNode.dataset.tip = title.textContent;
    title.remove(); // or the browser shows it, too
  }
  const show = event => {
    const said = event.target instanceof Element && event.target.dataset.tip;
    tip.hidden = !said;
    if (!said) return;
    tip.textContent = said;
    const { offsetWidth: width, offsetHeight: height } = tip;
    const right = document.documentElement.clientWidth - width - 8, above = event.clientY - height - 14;
    tip.style.left = `${Math.max(8, Math.min(event.clientX + 14, right))}px`;
    tip.style.top = `${above > 8 ? above : event.clientY + 22}px`;
  };
  const hide = () => { tip.hidden = true; };
  for (const name of ["pointermove", "pointerdown"]) document.addEventListener(name, show);
  document.addEventListener("scroll", hide, { capture: true, passive: true });
  document.addEventListener("keydown", event => event.key === "Escape" && hide());
};

document.querySelectorAll("table.sortable").forEach(makeSortable);
document.querySelectorAll(".filtered").forEach(makeFilterable);
makeTips();
