"""Tables as pandas has them, where it is installed."""

from __future__ import annotations

from typing import Any

import numpy


def frame(columns: dict[str, Any]) -> Any:
    """Columns of one length as a data frame, without pandas as a dictionary of arrays.

    A channel of -1 is none: in a data frame it is missing.
    """
    try:
        import pandas
    except ImportError:
        return {
            name: numpy.array(values, dtype=object) if isinstance(values, list) else values
            for name, values in columns.items()
        }
    table = pandas.DataFrame(columns)
    if "channel" in table:
        channel = table["channel"].astype("Int64")
        table["channel"] = channel.mask(channel < 0)
    return table
