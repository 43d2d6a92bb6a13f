"""Times a training step of the networks of `cargo bench --bench train_step` in PyTorch, on the processor.

Batch 64, softmax cross-entropy, SGD with Nesterov's momentum. Each network in every form that PyTorch has for it (eager
or compiled, channels first or last); the fastest median is printed, and the others after it. Gathering and augmenting,
which our step includes, are spared. Threads are those of RAYON_NUM_THREADS, as ours, or else all cores.
"""

import os
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH, CLASSES = 64, 10
WARM, TIMED = 5, 40
VGG = "16n-16n-M-16n-16n-M-16n-16n-16n-16n-M-16n-16n-16n-16n-M-16n-16n-16n-16n-M"
NETWORKS = {
    "tiny": "8-8-M-16-16-M-16",
    "small": "16-M-32-M-32",
    "odd widths": "17-19-M-22-25-M-64",
    "vgg-seed": VGG,
    "residual-seed": "16n-16r-16r-M-16r-16r-M-16r-16r",
}


class Block(nn.Module):
    """Two convolutions with batch norm around a ReLU, added to what they read, then ReLU."""

    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        y = F.relu(self.norm1(self.first(x)))
        return F.relu(x + self.norm2(self.second(y)))


def network(layers):
    modules, channels = [], 3
    for layer in layers.split("-"):
        if layer == "M":
            modules.append(nn.MaxPool2d(2))
        elif layer.endswith("r"):
            modules.append(Block(channels))
        else:
            outputs = int(layer.rstrip("n"))
            modules.append(nn.Conv2d(channels, outputs, 3, padding=1))
            if layer.endswith("n"):
                modules.append(nn.BatchNorm2d(outputs))
            modules.append(nn.ReLU())
            channels = outputs
    return nn.Sequential(*modules, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, CLASSES))


def median(layers, compiled, memory_format):
    torch.compiler.reset()
    torch.manual_seed(7)
    model = network(layers).to(memory_format=memory_format)
    optimizer = torch.optim.SGD(model.parameters(), 0.05, momentum=0.9, nesterov=True)
    x = torch.randn(BATCH, 3, 32, 32).to(memory_format=memory_format)
    y = torch.randint(CLASSES, (BATCH,))
    forward = torch.compile(model) if compiled else model
    times = []
    for _ in range(WARM + TIMED):
        since = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(forward(x), y).backward()
        optimizer.step()
        times.append(1e3 * (time.perf_counter() - since))
    return statistics.median(times[WARM:])


def main():
    torch.set_num_threads(int(os.environ.get("RAYON_NUM_THREADS", 0)) or os.cpu_count())
    for name, layers in NETWORKS.items():
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        found = {}
        for compiled in [False, True]:
            for memory_format in [torch.contiguous_format, torch.channels_last]:
                last = memory_format == torch.channels_last
                form = f"{'compiled' if compiled else 'eager'}, channels {'last' if last else 'first'}"
                found[form] = median(layers, compiled, memory_format)
        best = min(found, key=found.get)
        rest = ", ".join(f"{form} {time:.1f}" for form, time in found.items() if form != best)
        print(f"{name:22} {found[best]:6.1f} ms   {best} ({rest})", flush=True)


if __name__ == "__main__":
    main()
