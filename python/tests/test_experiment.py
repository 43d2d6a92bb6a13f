import json

import numpy as np
import pytest
import seedling
from conftest import CLASSES, QUICK
from test_engine import interrupt

SETTINGS = {**QUICK, "preset": "4-M-6"}


def test_a_run_goes_stage_by_stage(data):
    experiment = seedling.Experiment(data, settings=SETTINGS, engine="candle", progress=False)
    stages = []
    while not experiment.done:
        expected = experiment.stage
        stages.append(experiment.step())
        assert stages[-1] == expected
    assert stages == ["seed", "train", "propose", "learn", "estimate", "measure", "choose", "grow", "train"]
    with pytest.raises(seedling.SeedlingError, match="finished"):
        experiment.step()
    experiment.undo()
    assert (experiment.stage, experiment.round) == ("train", 2)


def test_a_search_is_waited_for_by_its_own_stages(data):
    # A section as a dict within.
    search = {"kind": "random", "trials": 2, "short-epochs": 1}
    settings = {**SETTINGS, "search": search}
    experiment = seedling.Experiment(data, settings=settings, engine="candle", progress=False)
    assert experiment.settings["search.trials"] == "2"
    experiment.run(until="assess")
    assert experiment.stage == "ask"
    experiment.run(until="adopt")
    assert experiment.stage == "train"
    experiment.run()
    assert experiment.done


def test_a_choice_of_ones_own_grows(data):
    experiment = seedling.Experiment(data, settings=SETTINGS, engine="candle", progress=False)
    experiment.run(until="choose")
    assert experiment.stage == "grow"
    scales = [morphism.scale for morphism in experiment.morphisms if morphism.candidate.family != "prune"]
    best = [morphism.id for morphism in experiment.morphisms if morphism.scale == max(scales)][0]
    promise = experiment.promise([best])
    assert list(promise["shares"]) == [best]
    experiment.choose([best])
    before = experiment.network.parameters
    experiment.run(until="grow")
    assert experiment.network.parameters != before
    table = experiment.candidates()
    assert list(np.array(table["id"])[np.array(table["chosen"])]) == [best]
    with pytest.raises(seedling.SeedlingError, match="choose"):
        experiment.choose([best])


def test_files_say_what_the_experiment_says(run, data):
    read, experiment = run
    assert read.stage == "done" and read.rounds == 1
    assert read.record == experiment.record == json.loads((read.folder / "run.json").read_text())
    assert read.settings["training.epochs"] == "2" and read.settings["preset"] == "4-M-6"
    lines = (read.folder / "candidates.csv").read_text().splitlines()
    table = read.candidates()
    assert len(table["id"]) == len(lines) - 1 == len(read.morphisms(1))
    column = lines[0].split(",").index("actual")
    assert list(table["actual"]) == [float(line.split(",")[column]) for line in lines[1:]]
    losses = read.losses()
    assert list(losses["step"]) == list(range(1, 2 * 2 * (200 // 64) + 1))
    assert read.data().sha256 == data.sha256


def test_every_number_of_a_run_can_be_computed_again(run):
    read, _ = run
    engine = seedling.Engine(read.data(), "candle", progress=False)
    table, network, morphisms = read.candidates(1), read.network(1), read.morphisms(1)
    moving = np.array(table["scale"]) > 0
    asked = [morphism for morphism, moves in zip(morphisms, moving) if moves]
    estimated = engine.estimate(network, asked)
    for name, gains in estimated.items():
        assert np.allclose(gains, np.array(table[name.replace("-", "_")])[moving], atol=1e-6), name
    assert np.allclose(engine.measure(network, asked), np.array(table["actual"])[moving], atol=1e-6)
    for moment, found in [("before", read.network(1)), ("after", read.network(1, after=True))]:
        said = read.record["rounds"][0][moment]
        assert found.parameters == said["parameters"]
        assert engine.evaluate(found)[0] == pytest.approx(said["held_out"]["loss"], abs=1e-6)
    final = read.record["final"]["held_out"]
    assert engine.evaluate(read.network()) == pytest.approx((final["loss"], final["accuracy"]), abs=1e-6)


def test_a_finished_run_goes_on(data, tmp_path):
    settings = {**SETTINGS, "rounds": 0}
    folder = tmp_path / "run"
    seedling.Experiment(data, settings=settings, folder=folder, engine="candle", progress=False).run()
    more = seedling.Experiment.resume(folder, rounds=1, progress=False)
    assert (more.stage, more.engine) == ("propose", "candle")
    more.run()
    assert seedling.Run(folder).rounds == 1
    assert (folder / "round-01.safetensors").exists() and (folder / "network.safetensors").exists()


def test_ctrl_c_gives_up_a_stage_and_the_experiment_goes_on(data, tmp_path):
    settings = {**SETTINGS, "training.epochs": 2000}
    folder = tmp_path / "run"
    experiment = seedling.Experiment(data, settings=settings, folder=folder, engine="candle", progress=False)
    experiment.step()
    interrupt(1.5)
    with pytest.raises(KeyboardInterrupt):
        experiment.run()
    assert experiment.stage == "train"
    steps = len(experiment.losses()["step"])
    del experiment
    more = seedling.Experiment.resume(folder, progress=False)
    assert more.stage == "train" and len(more.losses()["step"]) == steps > 0


def test_a_network_and_images_of_ones_own(trained, data, engine, tmp_path):
    part = lambda name: (data.images(name), data.labels(name))
    own = seedling.Data.from_arrays(part("train"), part("held-out"), part("validation"), CLASSES)
    network, _ = trained
    folder = tmp_path / "run"
    settings = {**QUICK, "training.epochs": 1}
    experiment = seedling.Experiment(
        own, network, settings=settings, folder=folder, engine="candle", progress=False)
    experiment.step()
    first = experiment.record["curve"][0]["quality"]["held_out"]
    assert (first["loss"], first["accuracy"]) == engine.evaluate(network)
    experiment.run(until="train")
    del experiment
    with pytest.raises(seedling.SeedlingError, match="data has changed"):
        seedling.Experiment.resume(folder, progress=False)
    more = seedling.Experiment.resume(folder, own, progress=False)
    more.run(until="grow")
    assert more.record["dataset"]["name"] == "arrays"


def test_what_does_not_fit_is_named(data, run, tmp_path):
    read, experiment = run
    with pytest.raises(seedling.SeedlingError, match="already holds a run"):
        seedling.Experiment(data, folder=read.folder, engine="candle")
    with pytest.raises(seedling.SeedlingError, match="found no run"):
        seedling.Run(tmp_path)
    with pytest.raises(seedling.SeedlingError, match="shared out by seed 7, expected by 3"):
        seedling.Experiment(data, settings={"seed": 3}, engine="candle")
    with pytest.raises(seedling.SeedlingError, match="until: found \"end\", expected one of seed, train"):
        experiment.run(until="end")
    with pytest.raises(seedling.SeedlingError, match="round: found 4"):
        read.candidates(4)
    with pytest.raises(seedling.SeedlingError, match="4 classes.*expected 3"):
        seedling.Experiment(data, seedling.Network("4", classes=4), engine="candle")
