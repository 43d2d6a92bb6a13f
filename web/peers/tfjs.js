// Our networks in TensorFlow.js: `train(layers, warm, steps)` gives the milliseconds that `steps` training steps take
// after `warm` ones. Nothing is read back before the last step.

/** 8-8-M-16: 3×3 "same" convolutions with ReLU, 2×2 max pools; then the global mean and a linear layer to 10. */
function build(layers) {
  const model = tf.sequential();
  const inputShape = [32, 32, 3];
  for (const layer of layers.split("-")) {
    const first = model.layers.length ? {} : { inputShape };
    if (layer === "M") model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
    else {
      const filters = Number(layer);
      model.add(tf.layers.conv2d({ filters, kernelSize: 3, padding: "same", activation: "relu", ...first }));
    }
  }
  model.add(tf.layers.globalAveragePooling2d({}));
  model.add(tf.layers.dense({ units: 10 }));
  return model;
}

globalThis.train = async (layers, warm, steps) => {
  await tf.setBackend("webgpu");
  await tf.ready();
  if (tf.getBackend() !== "webgpu") throw new Error(`it computes with ${tf.getBackend()}`);
  const model = build(layers);
  const images = tf.randomNormal([64, 32, 32, 3]);
  const labels = tf.cast(tf.oneHot(tf.tensor1d(Array.from({ length: 64 }, (_, at) => at % 10), "int32"), 10), "float32");
  const optimizer = tf.train.momentum(0.05, 0.9);
  const loss = () => tf.losses.softmaxCrossEntropy(labels, model.apply(images, { training: true }));
  const run = async (count) => {
    let last;
    for (let step = 0; step < count; step++) {
      last?.dispose();
      last = optimizer.minimize(loss, true);
    }
    const [value] = await last.data();
    last.dispose();
    if (!Number.isFinite(value)) throw new Error(`the loss is ${value}`);
  };
  await run(warm);
  const start = performance.now();
  await run(steps);
  return performance.now() - start;
};
