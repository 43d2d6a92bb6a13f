// What is dropped on the page, and what it gives to other software.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { open } from "./browser.mjs";
import { png, zip } from "./files.mjs";
import { serve } from "./serve.mjs";

const NATIVE = process.env.SEEDLING ?? "target/debug/seedling";
/** The built-in images to begin with, and a network of moments. */
const SMALL = {
  preset: "3-M-4", seed: 3, rounds: 1, families: '["split"]', "data.train": 40, "data.held-out": 40, "training.epochs": 1,
  "training.batch": 20, "learning.steps": 3, "learning.batch": 20,
};
/** Bytes that the page unpacks at most, and a few more. */
const TOO_MUCH = (512 << 20) + 1000;
/** The CRC-32 of so many zeros would take this machine long; the page stops before it compares. */
const ANY_SUM = 0;

/** 13 pictures of each of two classes, as [name, content]; one is a photograph that a camera held on its side. */
async function pets() {
  const files = [["pets/cats/turned.jpg", await readFile("tests/images/turned.jpg")]];
  for (const [folder, shade] of [["cats", 10], ["dogs", 90]]) {
    for (let number = 0; number < 12; number++) {
      files.push([`pets/${folder}/${number}.png`, png(40, 36, [shade, 6 * number, 200 - shade])]);
    }
  }
  files.push(["pets/dogs/12.png", png(32, 32, [1, 2, 3])]);
  return files;
}

/** The hash of a folder's images by the native program. */
async function hashNatively(files) {
  const folder = await mkdtemp(join(tmpdir(), "seedling-pets-"));
  for (const [name, content] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const options = ["grow", "--quiet", "--engine", "candle", "--preset", "2", "--rounds", "0", "--set", "training.epochs=1"];
  const out = join(folder, "out");
  await promisify(execFile)(NATIVE, [...options, "--data", join(folder, "pets"), "--out", out]);
  const { dataset } = JSON.parse(await readFile(join(out, "run.json"), "utf8"));
  await rm(folder, { recursive: true });
  return dataset.sha256;
}

/** Drops a file on the app. */
async function drop(app, name, content) {
  const data = content.toString("base64");
  await app.page.evaluate(
    ([name, data]) => {
      const raw = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([raw], name));
      document.getElementById("app").dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, data],
  );
}

/** Waits until a notice says something. */
const told = (app, words) =>
  app.until(`it is told: ${words}`, ({ notices }) => notices.some((notice) => words.test(notice)), 60);

describe("what is given to the page", () => {
  let host, browser;
  before(async () => {
    host = await serve("web/dist");
    browser = await open({ webgpu: false, address: host.address });
  });
  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  test("a zip file of class folders becomes the images of a run, the same as natively", async () => {
    const files = await pets();
    const app = await browser.start(SMALL);
    await app.ready();
    await drop(app, "my pets.zip", zip(files));
    await told(app, /Taken as images: class folders, 2 classes \(cats, dogs\)/);
    await app.shot("images-dropped");
    await app.press("Enter");
    const { run } = await app.until("a run of it is ready", ({ run, busy }) => run.number === 2 && !busy, 60);
    assert.equal(run.config.data.dir, "/uploads/my pets/pets");
    assert.equal(run.sha256, await hashNatively(files));
    await app.round();
    assert.deepEqual(app.errors, []);
    await app.page.close();
  });

  test("a table with its pictures and CIFAR's files come as zip files too", async () => {
    const app = await browser.start(SMALL);
    await app.ready();
    const [, ...pictures] = await pets();
    const rows = pictures.map(([name], at) => `${name},${at % 3}`);
    await drop(app, "table.zip", zip([["labels.csv", Buffer.from(["path,label", ...rows].join("\n"))], ...pictures]));
    await told(app, /Taken as images: a table, 3 classes \(0, 1, 2\)/);
    const images = Buffer.concat(Array.from({ length: 20 }, (_, at) => Buffer.alloc(3073, at % 10)));
    const batches = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`).concat("test_batch.bin");
    await drop(app, "cifar.zip", zip(batches.map((name) => [`cifar-10-batches-bin/${name}`, images])));
    await told(app, /Taken as images: CIFAR-10, 10 classes/);
    await app.press("Enter");
    const { run } = await app.until("a run of it is ready", ({ run, busy }) => run.number === 2 && !busy, 60);
    assert.equal(run.config.data.dir, "/uploads/cifar/cifar-10-batches-bin");
    await app.page.close();
  });

  test("archives that no honest maker makes are refused by name", async () => {
    const app = await browser.start(SMALL);
    await app.ready();
    const picture = png(32, 32, [1, 2, 3]);
    await drop(app, "out.zip", zip([["cats/1.png", picture], ["../../etc/2.png", picture]]));
    await told(app, /out\.zip: .*the name "\.\.\/\.\.\/etc\/2\.png"/);
    await drop(app, "bomb.zip", zip([["cats/1.png", picture], ["cats/bomb.bin", Buffer.alloc(TOO_MUCH), ANY_SUM]]));
    await told(app, /bomb\.zip: .*more than 512 MB, up to "cats\/bomb\.bin"/);
    await drop(app, "notes.zip", zip([["notes.txt", Buffer.from("hm")]]));
    const { run } = await told(app, /notes: found only notes\.txt.*What else can be taken/);
    assert.equal(run.number, 1);
    await app.shot("refused");
    await app.page.close();
  });

  test("the network goes out as ONNX, and such a file comes in as the seed", async () => {
    const app = await browser.start(SMALL);
    await app.ready();
    await app.press("Control+k");
    await app.page.keyboard.type("onnx", { delay: 60 });
    await app.press("Enter");
    await app.page.keyboard.type("mine.onnx", { delay: 60 });
    const download = app.page.waitForEvent("download", { timeout: 15_000 });
    await app.press("Enter");
    const bytes = await readFile(await (await download).path());
    await drop(app, "mine.onnx", Buffer.from("no network"));
    await told(app, /mine\.onnx: file: found/);
    await drop(app, "mine.onnx", bytes);
    await told(app, /Taken as the seed network: mine\.onnx, 2 convolutions, /);
    await app.shot("network-dropped");
    await app.press("Enter");
    const { run } = await app.until("a run from it is ready", ({ run, busy }) => run.number === 2 && !busy, 60);
    assert.equal(run.config.network, "/uploads/mine.onnx");
    await app.round();
    assert.deepEqual(app.errors, []);
    await app.page.close();
  });
});
