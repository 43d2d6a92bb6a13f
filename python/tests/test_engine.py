import _thread
import threading
import time

import numpy as np
import pytest
import seedling


def test_training_lowers_the_loss_and_is_the_same_again(trained, engine, data):
    network, losses = trained
    assert losses.dtype == np.float32 and losses.shape == (6 * (200 // 64),)
    assert losses[-3:].mean() < losses[:3].mean()
    start = seedling.Network("4-M-6", classes=3)
    assert engine.evaluate(network, "train")[0] < engine.evaluate(start, "train")[0]
    again, same = engine.train(start, epochs=6)
    assert np.array_equal(same, losses)
    assert np.array_equal(again.state_dict()["head.weight"], network.state_dict()["head.weight"])
    other, _ = engine.train(start, epochs=6, seed=8)
    assert not np.array_equal(other.state_dict()["head.weight"], network.state_dict()["head.weight"])


def test_one_round_of_growth(trained, engine):
    network, _ = trained
    candidates = network.candidates(["split", "prune", "widen"])
    morphisms = engine.learn(network, candidates, settings={"learning.steps": 6})
    assert [morphism.id for morphism in morphisms] == [candidate.id for candidate in candidates]
    scaled = engine.backtrack(network, morphisms)
    assert {round(morphism.scale, 6) for morphism in scaled} <= {0.0, 0.1, 0.25, 0.35, 0.5, 0.75, 1.0}
    estimated = engine.estimate(network, scaled)
    assert set(estimated) == set(seedling.ESTIMATORS)
    assert all(gains.shape == (len(candidates),) for gains in estimated.values())
    actual = engine.measure(network, scaled)
    assert actual.shape == (len(candidates),) and np.isfinite(actual).all()
    learned = np.array([morphism.candidate.family != "prune" for morphism in scaled])
    correlation = np.corrcoef(estimated["gauss-newton"][learned], actual[learned])[0, 1]
    assert correlation > 0.9, correlation

    best = int(actual.argmax())
    grown = network.apply([scaled[best]])
    before, after = engine.evaluate(network)[0], engine.evaluate(grown)[0]
    assert before - after == pytest.approx(actual[best], abs=1e-5)
    assert grown.parameters == network.parameters + scaled[best].candidate.params_delta
    assert grown.flops == network.flops + scaled[best].candidate.flops_delta


def test_phi_of_ones_own_is_used_as_it_is(trained, engine):
    network, _ = trained
    candidate = network.candidates(["split"])[2]
    first = candidate.first(network)
    own = seedling.Morphism(candidate, {name: 3 * values for name, values in first.phi.items()}, scale=0.5)
    assert np.allclose(own.scaled()["phi1"], 1.5 * first.phi["phi1"])
    gains = engine.estimate(network, [first], scales=[0.0, 1.5], estimators=["gauss-newton"])["gauss-newton"]
    assert gains.shape == (1, 2) and gains[0, 0] == 0
    assert engine.estimate(network, [own])["gauss-newton"][0] == pytest.approx(gains[0, 1], rel=1e-5)
    assert engine.measure(network, [own.with_scale(0.0)])[0] == 0


def test_the_joint_estimate_of_one_change_is_its_linearised_one(trained, engine, data):
    network, _ = trained
    morphism = network.candidates(["widen"])[0].first(network)
    phi = {**morphism.phi, "omega": np.full_like(morphism.phi["omega"], 0.05)}
    morphism = seedling.Morphism(morphism.candidate, phi)
    logits, changes = engine.joint(network, [morphism], part="held-out")
    assert logits.shape == (90, 3) and changes.shape == (1, 90, 3)
    loss = lambda o: np.mean(np.log(np.exp(o).sum(1)) - o[np.arange(90), data.labels("held-out")])
    logits, change = logits.astype(float), changes[0].astype(float)
    assert loss(logits) == pytest.approx(engine.evaluate(network)[0], abs=1e-6)
    gain = engine.estimate(network, [morphism], estimators=["linearised"])["linearised"][0]
    assert loss(logits) - loss(logits + change) == pytest.approx(gain, abs=1e-6)


def test_activations_have_the_layers_names(trained, engine):
    values = engine.activations(trained[0], 3)
    assert values["conv1"].shape == (4, 32, 32) and values["conv2"].shape == (6, 16, 16)
    assert np.array_equal(values["relu1"], np.maximum(values["conv1"], 0))


def test_what_does_not_fit_is_named(trained, engine, data):
    network, _ = trained
    with pytest.raises(seedling.SeedlingError, match="no setting is called \"training.epoch\""):
        engine.train(network, settings={"training.epoch": 2})
    with pytest.raises(seedling.SeedlingError, match="training.batch.*found \"1\""):
        seedling.Engine(data, "candle", settings={"training.batch": 1})
    with pytest.raises(seedling.SeedlingError, match="unknown engine \"cuda\""):
        seedling.Engine(data, "cuda")
    with pytest.raises(seedling.SeedlingError, match="network: found 4 classes, expected 3"):
        engine.evaluate(seedling.Network("4", classes=4))
    with pytest.raises(seedling.SeedlingError, match="learner"):
        engine.learn(network, network.candidates(["split"]), learner="tiny")
    split = network.candidates(["split"])[0].first(network)
    wrong = seedling.Morphism(split.candidate, {**split.phi, "phi1": np.zeros((3, 3))})
    with pytest.raises(seedling.SeedlingError, match=r"split:conv1:0.*phi1.*\[3, 3\].*\[3, 3, 3\]"):
        engine.measure(network, [wrong])


def interrupt(after):
    threading.Timer(after, _thread.interrupt_main).start()


def test_ctrl_c_ends_a_computation_and_everything_is_as_before(trained, engine):
    network, _ = trained
    scores = engine.evaluate(network)
    interrupt(0.4)
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        engine.train(network, epochs=100_000)
    assert time.monotonic() - started < 30
    assert engine.evaluate(network) == scores


def test_other_threads_go_on_meanwhile(trained, engine):
    ticks = []
    stop = threading.Event()

    def count():
        while not stop.wait(0.005):
            ticks.append(time.monotonic())

    counter = threading.Thread(target=count)
    counter.start()
    started = time.monotonic()
    engine.train(trained[0], epochs=40)
    took = time.monotonic() - started
    stop.set()
    counter.join()
    assert len(ticks) > took / 0.05, (len(ticks), took)
