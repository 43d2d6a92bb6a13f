// A page around Seedling, at whatever address: it shows Seedling in a frame, lets the frame have its height, presses its
// buttons, and shows what it is told.
const page = new URL(new URLSearchParams(location.search).get("page") ?? "http://localhost:8080/");
const frame = document.getElementById("seedling");
const said = document.getElementById("said");

/** Answers that are awaited, by the number of their message. */
const awaited = new Map();
let count = 0;

/** Sends a message, and waits for its answer. */
export function ask(what, link) {
  const id = ++count;
  frame.contentWindow.postMessage({ seedling: 1, id, do: what, link }, page.origin);
  return new Promise((resolve) => awaited.set(id, resolve));
}

addEventListener("message", ({ source, origin, data }) => {
  if (source !== frame.contentWindow || origin !== page.origin || data?.seedling !== 1) return;
  if (data.event === "height") frame.style.height = `${data.height}px`;
  if (data.event === "state") {
    const { run, busy } = data.state;
    said.textContent = run ? `Round ${run.round}, stage ${run.stage}, ${busy ? "at work" : "waiting"}` : "Starting";
  }
  if (data.event === "failed") said.textContent = data.why;
  awaited.get(data.id)?.(data);
  awaited.delete(data.id);
});

for (const button of document.querySelectorAll("button")) {
  button.addEventListener("click", async () => {
    const { ok, why } = await ask(button.dataset.do, button.dataset.link);
    if (!ok) said.textContent = why;
  });
}

// What is hidden and switched off here is done by the buttons above.
const controls = "hide=race,figures,introduction,footer&freeze=new-run,run-menu";
frame.src = `${page.href}#preset=tiny&data.classes=cat,dog&rounds=1&embed=${encodeURIComponent(location.origin)}&${controls}`;
globalThis.host = { ask };
