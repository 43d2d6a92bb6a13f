"""Bars while something is computed, and what the computation has to say."""

from __future__ import annotations

import warnings
from typing import Any


class Bar:
    """One of tqdm's, whose length is known once the first progress comes."""

    def __init__(self, label: str, tqdm: Any) -> None:
        self._bar = tqdm(desc=label, leave=False)

    def show(self, done: int, total: int, loss: float | None) -> None:
        """`done` of `total` units of work, and the newest loss in nats where there is one."""
        self._bar.total = total
        self._bar.n = done
        if loss is not None:
            self._bar.set_postfix_str(f"loss {loss:.3f}", refresh=False)
        self._bar.refresh()

    def close(self) -> None:
        """Takes the bar away."""
        self._bar.close()


def bar(label: str) -> Bar | None:
    """A bar, where tqdm is installed."""
    try:
        from tqdm import TqdmWarning
        from tqdm.auto import tqdm
    except ImportError:
        return None
    with warnings.catch_warnings():
        # In a notebook without widgets it falls back on text, which is what is wanted.
        warnings.simplefilter("ignore", TqdmWarning)
        return Bar(label, tqdm)


def note(text: str) -> None:
    """Prints something to know, above the bar."""
    from tqdm.auto import tqdm

    tqdm.write(f"note: {text}")


def warn(text: str) -> None:
    """Says that something has gone wrong though the run goes on."""
    warnings.warn(text, stacklevel=2)
