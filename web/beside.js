// What stands beside the canvas for those who do not see it: the screen in words, and buttons that do what its keys do. The
// program says all of it (src/app/shell/beside.rs); here it is only put into the page's own elements.
/** Milliseconds between two looks at whether something has changed. */
const PAUSE = 200;

/** What is shown again only if it is another: a screen reader reads out what is written anew. */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** As many children as there are things, each made once: a button that has the keyboard keeps it. */
function fill(parent, name, things, dress) {
  while (parent.children.length > things.length) parent.lastElementChild.remove();
  while (parent.children.length < things.length) parent.append(parent.ownerDocument.createElement(name));
  things.forEach((thing, at) => dress(parent.children[at], thing));
}

/**
 * Begins to say and to listen.
 * @param told returns what there is to say as JSON, or ""
 * @param press does what the button of a name stands for
 * @param page the document with the elements; `every` calls a function again and again
 */
export function beside({ told, press, page = document, every = setInterval }) {
  const part = (id) => page.getElementById(id);
  let last = "";

  part("buttons").addEventListener("click", ({ target }) => {
    if (target.dataset.do && target.getAttribute("aria-disabled") !== "true") press(target.dataset.do);
  });

  // A grey button stays where the Tab key finds it, and says why it is grey.
  const button = (element, { do: name, text, off }) => {
    Object.assign(element, { type: "button", title: off ?? "" });
    element.dataset.do = name;
    element.setAttribute("aria-disabled", String(Boolean(off)));
    put(element, text);
  };

  const table = (best) => {
    part("best").hidden = !best;
    if (!best) return;
    put(part("best-title"), best.title);
    fill(part("best-head"), "th", best.head, (cell, text) => {
      cell.scope = "col";
      put(cell, text);
    });
    fill(part("best-rows"), "tr", best.rows, (row, cells) => fill(row, "td", cells, put));
  };

  every(() => {
    const now = told();
    if (now === last) return;
    last = now;
    const { said, panel, standing, network, best, buttons } = JSON.parse(now);
    fill(part("buttons"), "button", buttons, button);
    put(part("said"), said);
    put(part("panel"), panel);
    put(part("described"), standing);
    fill(part("network"), "li", network, put);
    table(best);
  }, PAUSE);
}

/** F6 leads from the canvas, where Tab stays, to the buttons, and back. */
export function between(canvas, place, here = globalThis) {
  const turn = (event) => {
    if (event.key !== "F6") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const inside = place.contains(place.ownerDocument.activeElement);
    (inside ? canvas : place.querySelector("button"))?.focus();
  };
  here.addEventListener("keydown", turn, true);
}
