"""URLs of a column, and what can be read off them: the host that answers for one.

Feeds defang URLs ("hxxp", "[.]") so that nobody follows them by mistake. Stored, they are whole;
no page of ours makes a link of one.
"""

from __future__ import annotations

import polars as pl

from comity.events.rules.normalise import addresses
from comity.events.rules.normalise.values import Read

_HOST = r"^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/@?#\s]*@)?(\[[^\]/]+\]|[^/:?#\[\]\s]+)(?::([0-9]{1,5}))?(?:[/?#]|$)"


def whole(column: pl.Series, hosts: pl.Series | None, schemes: pl.Series | None) -> Read:
    """URLs as they are, mended where feeds defang them; a path with its host from another column
    is put together; what is no URL stays in `extra`."""
    values = column
    if values.str.contains("[.]", literal=True).any() or values.str.contains("(?i)^hxxp").any():
        values = values.str.replace("(?i)^hxxp", "http").str.replace_all("[.]", ".", literal=True)
    if values.str.contains(r"^\s|\s$").any():
        values = values.str.strip_chars()
    full = values.str.contains(r"^[A-Za-z][A-Za-z0-9+.-]*://[^\s]")
    if full.all():
        return Read(values)
    frame = pl.DataFrame({"value": values, "full": full.fill_null(False)})
    host = hosts if hosts is not None else pl.Series([None], dtype=pl.String)
    scheme = schemes if schemes is not None else pl.Series([None], dtype=pl.String)
    height = len(column)
    frame = frame.with_columns(
        host=host if len(host) == height else host.new_from_index(0, height),
        scheme=scheme if len(scheme) == height else scheme.new_from_index(0, height),
    )
    kind = pl.when(pl.col("scheme").is_in(["http", "https", "ftp"])).then("scheme")
    value = pl.col("value")
    built = (
        pl.when("full").then(value)
        .when(value.str.starts_with("/") & pl.col("host").str.contains(r"^[^\s/]+$"))
        .then(pl.concat_str(kind.otherwise(pl.lit("http")), pl.lit("://"), "host", "value"))
        .when(value.str.contains(r"^[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}(:\d+)?/"))
        .then("http://" + value)
    )  # fmt: skip
    found = frame.select(built).to_series()
    lost = found.is_null() & column.is_not_null()
    return Read(found, None, column.set(~lost, None) if lost.any() else None)


def hosts(urls: pl.Series) -> pl.DataFrame:
    """Host and port each URL names: `name`, or `address`, and `port`."""
    parts = urls.str.extract_groups(_HOST).struct.unnest()
    host, port = parts.get_columns()
    host = host.str.to_lowercase().str.strip_chars("[]").str.strip_suffix(".")
    known = addresses.read(host)
    address = known.text.set((known.ip4.is_null() & _null(known.hi, len(host))), None)
    name = host.set(
        address.is_not_null()
        | ~host.str.contains(r"\.[^.]*[^.0-9][^.]*$").fill_null(False)
        | host.str.contains(r"[\s:,;]").fill_null(False),
        None,
    )
    return pl.DataFrame({"name": name, "address": address, "port": port})


def _null(column: pl.Series | None, height: int) -> pl.Series:
    if column is None:
        return pl.Series([True]).new_from_index(0, height)
    return column.is_null()
