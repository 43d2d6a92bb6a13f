// What this page and the one around it say to each other (docs/embedding.md). It begins only if the address of this page
// names the other's origin (#embed=https://school.example), and nobody else is heard or told anything.
/** Counts versions that break the messages' promise. */
export const VERSION = 1;
/** Milliseconds between two looks at whether there is something to tell. */
const PAUSE = 200;
/** The height of the app's canvas for its width, and the least that it needs. */
const SHAPE = 9 / 16;
const LEAST = 560;

/** The height that the page wants in a frame of this width, with so much around the canvas. */
export function wantedHeight(width, around) {
  return Math.ceil(Math.max(LEAST, width * SHAPE) + around);
}

/**
 * Begins to speak with the page around this one.
 * @param host the other window (`parent`), and its `origin`
 * @param steer takes a message as JSON, and returns what is wrong with it, or ""
 * @param told returns how things are as JSON, or ""
 * @param height returns the height that the page wants
 * @param here where messages arrive; `every` calls a function again and again
 */
export function talk({ host, origin, steer, told, height, here = globalThis, every = setInterval }) {
  const say = (message) => host.postMessage({ seedling: VERSION, ...message }, origin);
  let last = "";
  let tall = 0;

  const state = () => (told() ? JSON.parse(told()) : null);

  function answer(message) {
    if (message.do === "ask") return { ok: true, state: state() };
    const why = steer(JSON.stringify(message));
    return why ? { ok: false, why } : { ok: true };
  }

  here.addEventListener("message", ({ source, origin: from, data }) => {
    // Anybody may send a message; only the page around this one, at the origin that the address names, is heard.
    if (source !== host || from !== origin || data?.seedling !== VERSION || typeof data.do !== "string") return;
    const { id = null } = data;
    say({ id, ...answer({ do: data.do, link: String(data.link ?? "") }) });
  });

  every(() => {
    const wanted = height();
    if (wanted !== tall) {
      tall = wanted;
      say({ event: "height", height: wanted });
    }
    const now = told();
    if (now === last || !now) return;
    const before = last ? JSON.parse(last) : null;
    last = now;
    const state = JSON.parse(now);
    if (!before) say({ event: "ready" });
    say({ event: "state", state });
    if (state.failure && state.failure !== before?.failure) say({ event: "failed", why: state.failure });
  }, PAUSE);
}
