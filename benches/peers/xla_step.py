"""Times a training step of the networks of `cargo bench --bench train_step` in JAX, on the processor through XLA.

Batch 64, softmax cross-entropy, SGD with momentum, one compiled function. Of the forms that were tried this is XLA's
fastest: channels last, pools by reshaping; and it is spared gathering and augmenting, which our step includes.
"""

import statistics
import time

import jax
import jax.numpy as jnp
from jax import lax

BATCH, CLASSES = 64, 10
WARM, TIMED = 20, 150
NETWORKS = {
    "tiny": "8-8-M-16-16-M-16",
    "tiny, average pools": "8-8-A-16-16-A-16",
    "small": "16-M-32-M-32",
    "small, average pools": "16-A-32-A-32",
}


def initialise(layers):
    key, channels, weights = jax.random.key(7), 3, []
    for layer in layers:
        if layer.isdigit():
            key, own = jax.random.split(key)
            outputs, scale = int(layer), (2 / (9 * channels)) ** 0.5
            weights.append((scale * jax.random.normal(own, (3, 3, channels, outputs)), jnp.zeros(outputs)))
            channels = outputs
    head = channels**-0.5 * jax.random.normal(key, (channels, CLASSES))
    return [*weights, (head, jnp.zeros(CLASSES))]


def logits(layers, weights, x):
    convolutions = iter(weights)
    for layer in layers:
        if layer.isdigit():
            weight, bias = next(convolutions)
            x = lax.conv_general_dilated(x, weight, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
            x = jax.nn.relu(x + bias)
        else:
            n, h, w, c = x.shape
            quads = x.reshape(n, h // 2, 2, w // 2, 2, c)
            x = quads.max((2, 4)) if layer == "M" else quads.mean((2, 4))
    weight, bias = weights[-1]
    return x.mean((1, 2)) @ weight + bias


def step_of(layers):
    def loss(weights, x, y):
        return -jnp.take_along_axis(jax.nn.log_softmax(logits(layers, weights, x)), y[:, None], 1).mean()

    def step(weights, velocity, x, y):
        gradient = jax.grad(loss)(weights, x, y)
        velocity = jax.tree.map(lambda v, g: 0.9 * v + g, velocity, gradient)
        return jax.tree.map(lambda w, v: w - 0.05 * v, weights, velocity), velocity

    return jax.jit(step, donate_argnums=(0, 1))


def main():
    x = jax.random.normal(jax.random.key(1), (BATCH, 32, 32, 3))
    y = jax.random.randint(jax.random.key(2), (BATCH,), 0, CLASSES)
    for name, network in NETWORKS.items():
        layers = network.split("-")
        step, weights = step_of(layers), initialise(layers)
        velocity = jax.tree.map(jnp.zeros_like, weights)
        times = []
        for _ in range(WARM + TIMED):
            since = time.perf_counter()
            weights, velocity = step(weights, velocity, x, y)
            jax.block_until_ready(weights)
            times.append(1e3 * (time.perf_counter() - since))
        timed = times[WARM:]
        print(f"{name:22} median {statistics.median(timed):5.1f} ms   fastest {min(timed):5.1f} ms", flush=True)


if __name__ == "__main__":
    main()
