"""Seedling: grow a small image classifier from a seed, one network morphism at a time.

A network is changed by *morphisms* with parameters phi. For each candidate Seedling learns phi, *estimates* by
how much the change would lower the loss, without building the changed network, and can *measure* what it really
brings.

    import seedling

    data = seedling.load_data(classes=["cat", "dog"], train=200, held_out=100)
    engine = seedling.Engine(data, "candle")
    network, losses = engine.train(seedling.Network("4-M-6", classes=2), epochs=5)
    morphisms = engine.learn(network, network.candidates(["split", "widen"]))
    estimated = engine.estimate(network, morphisms)["sampled"]
    actual = engine.measure(network, morphisms)
    grown = network.apply([morphisms[estimated.argmax()]])

`Engine` takes single steps, `Experiment` whole runs, `Run` reads a run's folder. Losses and gains are in nats
(mean cross-entropy), images are 32x32 in three colours, arrays are numpy's.
"""

from ._seedling import (
    ESTIMATORS,
    FAMILIES,
    LEARNERS,
    PRESETS,
    Candidate,
    Data,
    Engine,
    Experiment,
    Morphism,
    Network,
    Run,
    SeedlingError,
    load_data,
    settings,
)
from ._torch import from_torch, to_torch

__all__ = [
    "ESTIMATORS",
    "FAMILIES",
    "LEARNERS",
    "PRESETS",
    "Candidate",
    "Data",
    "Engine",
    "Experiment",
    "Morphism",
    "Network",
    "Run",
    "SeedlingError",
    "from_torch",
    "load_data",
    "settings",
    "to_torch",
]
