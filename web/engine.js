// The worker that computes in the background: the same program, driven by messages (src/engine/remote).
import init, { takeCall } from "./seedling.js";

globalThis.seedling = {
  answer: (bytes) => postMessage(bytes, [bytes.buffer]),
  failed: (why) => postMessage(why),
};

// The first message is the program. Messages that arrive while it starts wait until it has.
let started = null;
addEventListener("message", async ({ data }) => {
  if (!started) {
    started = init({ module_or_path: data });
    started.catch((error) => globalThis.seedling.failed(String(error)));
    return;
  }
  await started;
  takeCall(data);
});
