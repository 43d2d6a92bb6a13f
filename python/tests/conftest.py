"""What the tests share: little data, a small trained network, one finished run."""

import signal

import pytest
import seedling

# A shell has what it starts in the background ignore Ctrl-C; the tests of it would wait for ever there.
signal.signal(signal.SIGINT, signal.default_int_handler)

CLASSES = ["airplane", "automobile", "bird"]
QUICK = {"training.epochs": 2, "learning.steps": 4, "rounds": 1, "families": ["split", "widen", "prune"]}


@pytest.fixture(scope="session")
def data():
    return seedling.load_data(classes=CLASSES, train=200, held_out=90, seed=7)


@pytest.fixture(scope="session")
def engine(data):
    return seedling.Engine(data, "candle", progress=False)


@pytest.fixture(scope="session")
def trained(engine):
    network, losses = engine.train(seedling.Network("4-M-6", classes=3), epochs=6)
    return network, losses


@pytest.fixture(scope="session")
def run(data, tmp_path_factory):
    """A finished run, and the experiment that made it."""
    folder = tmp_path_factory.mktemp("runs") / "first"
    settings = {**QUICK, "preset": "4-M-6"}
    experiment = seedling.Experiment(data, settings=settings, folder=folder, engine="candle", progress=False)
    experiment.run()
    return seedling.Run(folder), experiment
