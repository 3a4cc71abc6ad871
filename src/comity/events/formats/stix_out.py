"""Events as STIX 2.1: observed-data over network-traffic and addresses, ids that follow from what
they name, so that two exports of one event are one object.

Whole columns at a time: each object's text is put together by Polars, and only the SHA-1 of an id
is taken one by one. What `struct.json_encode` writes is also the canonical JSON (RFC 8785) that an
observable's id is made of; a test holds it to that over hostile text.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from uuid import UUID

import polars as pl

from comity.kit import ids, tlp

SCO = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""STIX 2.1, 2.9: the namespace of ids of cyber observables, and of nothing else: ids of all other
objects are of the house's own."""

MOST = 999_999_999  # what `number_observed` may be: STIX 2.1, 4.14
VARIANTS = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def identity(name: str, made: dt.datetime) -> dict[str, str]:
    """Who says so: the gateway."""
    moment = made.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.")
    moment += f"{made.microsecond // 1000:03d}Z"
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{ids.derived('identity', name)}",
        "created": moment,
        "modified": moment,
        "name": name,
        "identity_class": "organization",
    }


def objects(events: pl.DataFrame, identity: dict[str, str]) -> pl.Series:
    """STIX objects, a text each, of events as `reads.rows` shows them: `identity`, then what was
    observed, then who observed it when. Each object stands once."""
    src = pl.coalesce("src_ip", pl.when("network").then("src_prefix"))
    wanted = events.lazy().select(
        *("event_id", "time_source", "time_received", "repeats", "tlp", "class_type", "class_id"),
        *("transport", "src_port", "dst_port"),
        *(_filled(text).alias(name) for name, text in (("src", src), ("dst", pl.col("dst_ip")))),
        *(_filled(pl.col(name)) for name in ("fqdn", "url")),
    )
    found = wanted.collect()
    addresses = _values(pl.concat([found["src"], found["dst"].alias("src")]), "ipv4-addr")
    domains, urls = _values(found["fqdn"], "domain-name"), _values(found["url"], "url")
    named = (("src", addresses), ("dst", addresses), ("fqdn", domains), ("url", urls))
    for name, values in named:
        refs = values.select(pl.col("value").alias(name), pl.col("id").alias(f"{name}_ref"))
        found = found.join(refs, on=name, how="left", maintain_order="left")
    found = found.with_columns(_traffic(found))
    made: list[pl.Series] = [pl.Series("object", [json.dumps(identity, ensure_ascii=False)])]
    made += [part["object"] for part in (addresses, domains, urls)]
    made += [_traffic_objects(found), _observed(found, identity["id"])]
    return pl.concat(made)


def _filled(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)


def _text(pattern: str, *values: str | pl.Expr | pl.Series) -> pl.Expr:
    """The pattern with a value in the place of each %; null where one of them is."""
    first, *rest = pattern.split("%")
    parts: list[str | pl.Expr] = [pl.lit(first)]
    for value, then in zip(values, rest, strict=True):
        held = pl.lit(value) if isinstance(value, pl.Series) else value
        parts += [held, pl.lit(then)]
    return pl.concat_str(parts)


def _named(kind: str | pl.Series, space: UUID, texts: pl.Series) -> pl.Series:
    """`kind--UUID` for each text: UUIDs of version 5, as `uuid.uuid5` makes them."""
    head, sha1 = space.bytes, hashlib.sha1
    # A name, not a secret: RFC 9562 demands SHA-1 here.
    made = [sha1(head + text).digest() for text in texts.cast(pl.Binary).to_list()]
    digits = pl.Series("h", made, pl.Binary).bin.encode("hex")
    hexed = pl.col("h").str
    variant = hexed.slice(16, 1).replace_strict(VARIANTS, return_dtype=pl.String)
    parts = (hexed.slice(0, 8), hexed.slice(8, 4), hexed.slice(13, 3))
    last = (hexed.slice(17, 3), hexed.slice(20, 12))
    frame = pl.select(pl.lit(digits).alias("h"), pl.lit(kind, pl.String).alias("kind"))
    named = frame.select(_text("%--%-%-5%-%%-%", "kind", *parts, variant, *last).alias("id"))
    return named.to_series()


def _values(texts: pl.Series, kind: str) -> pl.DataFrame:
    """Observables that are one value: `value`, `id`, and the `object`, each value once."""
    frame = pl.DataFrame({"value": texts.drop_nulls().unique(maintain_order=True)})
    kinds = pl.lit(kind)
    if kind == "ipv4-addr":
        wide = pl.col("value").str.contains(":", literal=True)
        kinds = pl.when(wide).then(pl.lit("ipv6-addr")).otherwise(kinds)
    said = pl.struct("value").struct.json_encode()
    frame = frame.with_columns(said.alias("said"), kinds.alias("kind"))
    frame = frame.with_columns(_named(frame["kind"], SCO, frame["said"]))
    return frame.with_columns(_object(pl.col("kind")))


def _object(kind: pl.Expr) -> pl.Expr:
    """An observable: what its id is made of, and the id."""
    pattern = '{"type":"%","spec_version":"2.1","id":"%",%'
    return _text(pattern, kind, "id", pl.col("said").str.strip_prefix("{")).alias("object")


def _traffic(found: pl.DataFrame) -> list[pl.Series]:
    """Where an address and a transport are known: the traffic's canonical JSON, and its id."""
    protocols = pl.struct(pl.concat_list("transport").alias("protocols")).struct.json_encode()
    whole = pl.concat_str(
        _text('"dst_port":%', "dst_port"),
        _text('"dst_ref":"%"', "dst_ref"),
        protocols.str.strip_prefix("{").str.strip_suffix("}"),
        _text('"src_port":%', "src_port"),
        _text('"src_ref":"%"', "src_ref"),
        separator=",",
        ignore_nulls=True,
    )
    ends = pl.col("src_ref").is_not_null() | pl.col("dst_ref").is_not_null()
    ends &= pl.col("transport") != ""
    said = found.select(pl.when(ends).then(_text("{%}", whole)).alias("said")).to_series()
    there = said.is_not_null()
    named = _named("network-traffic", SCO, said.drop_nulls())
    refs = pl.Series("traffic_ref", [None] * len(said), pl.String)
    if len(named):
        refs = refs.scatter(there.arg_true(), named)
    return [said, refs]


def _traffic_objects(found: pl.DataFrame) -> pl.Series:
    held = found.select("said", pl.col("traffic_ref").alias("id")).drop_nulls()
    held = held.unique("id", keep="first", maintain_order=True)
    return held.select(_object(pl.lit("network-traffic"))).to_series()


def _observed(found: pl.DataFrame, creator: str) -> pl.Series:
    """Who saw what when, under which marking. An event that names nothing observable has none."""
    names = ("src_ref", "dst_ref", "fqdn_ref", "url_ref", "traffic_ref")
    refs = pl.concat_str([_text('"%"', name) for name in names], separator=",", ignore_nulls=True)
    found = found.with_columns(refs.alias("refs")).filter(pl.col("refs") != "")
    found = found.unique("event_id", keep="first", maintain_order=True)
    marks = {text: tlp.to_stix(tlp.parse(text)) for text in found["tlp"].unique().to_list()}
    found = found.with_columns(_labels(found))
    received = _moments(found["time_received"])
    pattern = (
        '{"type":"observed-data","spec_version":"2.1","id":"observed-data--%","created_by_ref":"%","created":"%",'
        '"modified":"%","first_observed":"%","last_observed":"%","number_observed":%,'
        '"object_refs":[%],"object_marking_refs":["%"]%'
    )
    made = _text(
        pattern,
        *(_event_id(), pl.lit(creator), received, received),
        *(_time(pl.col("time_source")), _time(pl.col("time_source"))),
        1 + pl.col("repeats").fill_null(0).clip(0, MOST - 1),
        *("refs", pl.col("tlp").replace_strict(marks, return_dtype=pl.String), "labels"),
    )
    return found.select(made.alias("object")).to_series()


def _event_id() -> pl.Expr:
    """The event's own id, which is a keyed hash and as good as drawn at random: in the shape of
    version 4, which STIX asks of all that is no observable."""
    text = pl.col("event_id").str
    variant = text.slice(19, 1).replace_strict(VARIANTS, return_dtype=pl.String)
    return _text("%4%%%", text.slice(0, 14), text.slice(15, 4), variant, text.slice(20))


def _labels(found: pl.DataFrame) -> pl.Series:
    """How the object ends: with its labels if there are any. Few pairs of words are distinct."""
    pairs = found.select("class_type", "class_id").unique()
    ends = [
        f',"labels":{json.dumps(words, ensure_ascii=False, separators=(",", ":"))}}}'
        if (words := [text for text in pair if text])
        else "}"
        for pair in pairs.iter_rows()
    ]
    pairs = pairs.with_columns(pl.Series("labels", ends, pl.String))
    on = ["class_type", "class_id"]
    joined = found.select(on).join(
        pairs, on=on, how="left", nulls_equal=True, maintain_order="left"
    )
    return joined["labels"]


def _moments(times: pl.Series) -> pl.Series:
    """As `_time`: for a column of few distinct ones."""
    texts = pl.DataFrame({"time": times.unique()}).with_columns(_time(pl.col("time")).alias("text"))
    joined = pl.DataFrame({"time": times}).join(texts, on="time", how="left", maintain_order="left")
    return joined["text"]


def _time(moment: pl.Expr) -> pl.Expr:
    return moment.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
