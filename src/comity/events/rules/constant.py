"""Whether a column says the same in every row: nearly half of them do."""

from __future__ import annotations

import polars as pl


def constant(column: pl.Series) -> bool:
    nulls = column.null_count()
    if nulls == len(column):
        return True
    if nulls or isinstance(column.dtype, pl.List) or column[0] != column[-1]:
        return False
    return bool((column == column[0]).all())
