import copy

import numpy as np
import pytest
import seedling


def test_weights_go_out_and_come_back(trained):
    network, _ = trained
    state = network.state_dict()
    assert state["conv1.weight"].shape == (4, 3, 3, 3) and state["conv1.weight"].dtype == np.float32
    assert sum(values.size for values in state.values()) == network.parameters
    again = seedling.Network.from_architecture(network.architecture, state)
    assert again.architecture == network.architecture
    assert all(np.array_equal(values, again.state_dict()[name]) for name, values in state.items())
    doubled = network.with_state_dict({name: 2.0 * values for name, values in state.items()})
    assert np.array_equal(doubled.state_dict()["head.bias"], 2 * state["head.bias"])


def test_files_give_the_same_network(trained, engine, tmp_path):
    network, _ = trained
    scores = engine.evaluate(network)
    for path, write in [(tmp_path / "a.safetensors", network.save), (tmp_path / "a.onnx", network.save_onnx)]:
        write(path)
        again = seedling.Network.load(path)
        assert engine.evaluate(again) == pytest.approx(scores, abs=1e-7), path
        assert np.allclose(again.normalization[0], network.normalization[0]), path


def test_the_onnx_file_is_one_and_says_the_classes(trained, data):
    onnx = pytest.importorskip("onnx")
    model = onnx.load_from_string(trained[0].onnx())
    onnx.checker.check_model(model, full_check=True)
    texts = {entry.key: entry.value for entry in model.metadata_props}
    assert "airplane" in texts["class_names"] and texts["sha256"] == data.sha256


def test_candidates_are_all_of_the_families_or_of_some_layers(trained):
    network, _ = trained
    found = network.candidates(["split", "widen"])
    assert [candidate.id for candidate in found[:2]] == ["split:conv1:0", "split:conv1:1"]
    assert len(found) == 4 + 6 + 2
    of_one = network.candidates(["split"], layers=["conv2"])
    assert {candidate.layer for candidate in of_one} == {"conv2"} and len(of_one) == 6
    assert of_one[3].channel == 3 and of_one[3] == network.candidates(["split"])[7]
    # The new channel's incoming weights and bias, and what reads it.
    assert of_one[0].params_delta == 4 * 9 + 1 + 3


def test_what_does_not_fit_is_named(trained):
    network, _ = trained
    untrained = seedling.Network("4-M-6", classes=3)
    with pytest.raises(seedling.SeedlingError, match="layers: found \"conv9\", expected some of conv1, conv2"):
        network.candidates(["split"], layers=["conv9"])
    with pytest.raises(seedling.SeedlingError, match="unknown family \"spilt\""):
        network.candidates(["spilt"])
    with pytest.raises(seedling.SeedlingError, match="mean and deviation"):
        untrained.onnx()
    with pytest.raises(seedling.SeedlingError, match="absent.onnx"):
        seedling.Network.load("absent.onnx")
    state = network.state_dict()
    with pytest.raises(seedling.SeedlingError, match="conv2.bias"):
        network.with_state_dict({name: values for name, values in state.items() if name != "conv2.bias"})
    with pytest.raises(seedling.SeedlingError, match="\"head.bias\".*an array of numbers"):
        network.with_state_dict({**state, "head.bias": "none"})
    architecture = copy.deepcopy(network.architecture)
    architecture[1]["kernel"] = 4
    with pytest.raises(seedling.SeedlingError, match="conv1.*kernel 4"):
        seedling.Network.from_architecture(architecture, state)
    with pytest.raises(seedling.SeedlingError, match="std: found 0"):
        network.normalized([0.5] * 3, [0.0] * 3)


def test_what_pixels_are_shifted_by_decides(trained, engine):
    network, _ = trained
    mean, std = network.normalization
    same, other = network.normalized(mean, std), network.normalized([0, 0, 0], [1, 1, 1])
    assert engine.evaluate(same) == engine.evaluate(network)
    assert engine.evaluate(other)[0] != engine.evaluate(network)[0]
    assert engine.evaluate(same) == engine.evaluate(network), "the engine goes back"
