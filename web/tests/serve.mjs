// A web host for the tests: web/dist on a free port of this computer, compressed as hosts do, until it is stopped.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const TYPES = {
  ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".png": "image/png", ".ttf": "font/ttf",
};
const SQUEEZED = new Set([".html", ".js", ".ttf", ".wasm"]);
const squeeze = promisify(gzip);

/** Serves `folder`; `sent` counts the bytes of the answers' bodies by file. */
export async function serve(folder) {
  const sent = {};
  const squeezed = {};
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const file = normalize(path.endsWith("/") ? `${path}index.html` : path).slice(1);
    const type = extname(file);
    let bytes;
    try {
      bytes = await readFile(join(folder, file));
    } catch {
      response.writeHead(404).end();
      return;
    }
    const headers = { "Content-Type": TYPES[type] ?? "application/octet-stream", "Cache-Control": "max-age=600" };
    headers.ETag = `"${createHash("sha256").update(bytes).digest("hex")}"`;
    if (request.headers["if-none-match"] === headers.ETag) {
      response.writeHead(304, headers).end();
      return;
    }
    if (SQUEEZED.has(type)) {
      squeezed[file] ??= await squeeze(bytes);
      bytes = squeezed[file];
      headers["Content-Encoding"] = "gzip";
    }
    sent[file] = (sent[file] ?? 0) + bytes.length;
    response.writeHead(200, { ...headers, "Content-Length": bytes.length }).end(bytes);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://localhost:${server.address().port}/`,
    sent,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
