"""What is Python of the package: stubs, tables and bars with and without their libraries."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import seedling
from seedling import _frame, _progress


def test_the_stubs_say_what_there_is():
    pytest.importorskip("mypy")
    here = Path(__file__).parent
    command = [sys.executable, "-m", "mypy.stubtest", "seedling", "--ignore-missing-stub"]
    command += ["--mypy-config-file", here.parent / "pyproject.toml", "--allowlist", here / "allowed-by-stubtest.txt"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_everything_is_documented():
    for name in seedling.__all__:
        thing = getattr(seedling, name)
        if isinstance(thing, tuple):
            continue
        assert thing.__doc__, name
        members = vars(thing).items() if isinstance(thing, type) else []
        for member, value in members:
            assert member.startswith("_") or value.__doc__, f"{name}.{member}"


def test_tables_are_data_frames_where_pandas_is(run):
    pandas = pytest.importorskip("pandas")
    table = run[0].candidates()
    assert isinstance(table, pandas.DataFrame)
    widened = table[table["family"] == "widen"]
    assert widened["channel"].isna().all() and table["channel"].notna().any()
    assert table.groupby("family")["actual"].count().to_dict() == {"prune": 10, "split": 10, "widen": 2}


def test_tables_are_arrays_where_pandas_is_not(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    table = run[0].candidates()
    assert isinstance(table, dict) and all(isinstance(values, np.ndarray) for values in table.values())
    assert set(table["channel"][table["family"] == "widen"]) == {-1}


def test_bars_show_progress_where_tqdm_is(data, capsys, monkeypatch):
    pytest.importorskip("tqdm")
    engine = seedling.Engine(data, "candle", progress=True)
    engine.train(seedling.Network("4", classes=3), epochs=30)
    shown = capsys.readouterr().err
    assert "train" in shown and "loss" in shown
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert _progress.bar("train") is None
    engine.train(seedling.Network("4", classes=3), epochs=1)
    assert capsys.readouterr().err == ""


def test_an_error_within_a_bar_ends_the_computation(data, monkeypatch):
    class Broken:
        def show(self, done, total, loss):
            raise OSError("the screen is gone")

        def close(self):
            pass

    monkeypatch.setattr(_progress, "bar", lambda label: Broken())
    engine = seedling.Engine(data, "candle", progress=True)
    with pytest.raises(OSError, match="the screen is gone"):
        engine.train(seedling.Network("4", classes=3), epochs=100_000)


def test_a_frame_keeps_its_columns():
    assert list(_frame.frame({"id": ["a"], "channel": np.array([-1])})) == ["id", "channel"]


def test_every_setting_is_listed():
    known = {entry["name"]: entry for entry in seedling.settings()}
    assert known["training.batch"]["default"] == "64" and known["training.batch"]["why"]
    assert known["strategy.k"]["default"] is None
