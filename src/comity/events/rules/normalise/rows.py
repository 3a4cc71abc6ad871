"""A chunk of text columns to a chunk of events: every row an event or held back with its reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import polars as pl

from comity.events.rules.normalise import addresses, extras, several, times, urls, values
from comity.events.rules.normalise.planning import IDENTITY
from comity.events.types import schema
from comity.events.types.chunks import FLAGS, ROW
from comity.events.types.schema import Flag
from comity.events.types.sources import Plan, Step, ValueTable

READERS: dict[str, values.Reader] = {
    "src_port": values.port,
    "dst_port": values.port,
    "src_asn": values.asn,
    "dst_asn": values.asn,
    "count": values.count,
    "confidence": values.confidence,
    "cc_feed": values.country,
    "dst_cc_feed": values.country,
    "severity": values.severity,
    "tlp": values.marking,
    "app_proto": values.lower,
    "class_type": values.lower,
    "class_taxonomy": values.lower,
    "hash_md5": values.digest(32),
    "hash_sha1": values.digest(40),
    "hash_sha256": values.digest(64),
    "fqdn": values.name,
    "dst_fqdn": values.name,
    "reverse_dns": values.pointer,
}
"""How a column of ours is read from text; what is not here is text."""
TIMES = ("time_source", "first_seen", "last_seen")
HOSTS = ("http_host", "host", "hostname", "domain", "src_hostname")
"""Where a column of paths finds its host."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """Events in columns of `schema.PARSED`, and rows held back (`row`, `field`, `reason`). They
    add up to the rows given."""

    events: pl.DataFrame
    rejected: pl.DataFrame


@dataclass(slots=True)
class Work:
    """What is known of a chunk so far."""

    frame: pl.DataFrame
    plan: Plan
    now: dt.datetime
    plain: bool
    lengths: dict[str, tuple[int, int]]
    cleaned: dict[str, pl.Series | None] = field(default_factory=dict)
    out: dict[str, pl.Series] = field(default_factory=dict)
    several: dict[str, list[pl.Series]] = field(default_factory=dict)
    flags: list[pl.Series] = field(default_factory=list)
    extra: dict[str, pl.Series] = field(default_factory=dict)
    bad: list[tuple[pl.Series, str, str]] = field(default_factory=list)

    def column(self, name: str) -> pl.Series | None:
        """A column of theirs, empty text as null; None when it is absent or empty."""
        if name not in self.cleaned:
            column = None
            shortest, longest = self.lengths.get(name, (0, 0))
            if longest:
                column = self.frame[name]
                if not shortest:
                    column = column.set(column == "", None)
                if longest > schema.CELL_LIMIT:
                    column, odd = values.cut(column)
                    self.flag(odd)
            self.cleaned[name] = column
        return self.cleaned[name]

    def flag(self, odd: pl.Series | None) -> None:
        if odd is not None:
            self.flags.append(odd)

    def keep(self, name: str, unused: pl.Series | None) -> None:
        """Text that found no place stays under its own name."""
        if unused is not None:
            self.extra.setdefault(name.removeprefix("extra."), unused)


def normalise(
    frame: pl.DataFrame,
    plan: Plan,
    *,
    report_date: dt.date | None,
    now: dt.datetime,
    plain: bool = False,
) -> Normalised:
    """Rows as text to events. `now` is the moment the file was received; `report_date` stands in
    where a row has no time. `plain`: the reader knows that no cell needs escaping in JSON."""
    names = [name for name in frame.columns if name not in (ROW, FLAGS)]
    work = Work(frame, plan, now, plain, values.lengths(frame, names))
    for step in plan.steps:
        column = work.column(step.column)
        if column is not None:
            _read(work, step, column)
    for name in plan.extra:
        work.keep(name, work.column(name))
    for target, lists in work.several.items():
        work.out[target] = several.joined(lists)
    _hosts(work)
    for table in plan.values:
        _by_value(work, table)
    _classes(work)
    _time(work, report_date)
    _nameless(work)
    return _finished(work)


def _read(work: Work, step: Step, column: pl.Series) -> None:
    for target in step.targets:
        if target in ("src_ip", "dst_ip", "src_prefix"):
            _address(work, step.column, target, column)
        elif target in TIMES:
            _moment(work, step.column, target, column)
        elif target == "tags":
            work.several.setdefault(target, []).append(several.tags(column))
        elif target == "cves":
            found = several.cves(column)
            if found is not None:
                work.several.setdefault(target, []).append(found)
            elif len(step.targets) == 1:
                work.keep(step.column, column)
        elif target == "src_addrs":
            work.out[target] = several.addresses(column)
        elif target in ("url", "dst_url"):
            host = next((h for n in HOSTS if (h := work.column(n)) is not None), None)
            _take(work, step.column, target, urls.whole(column, host, work.column("application")))
        elif target == "transport":
            _transport(work, step.column, column)
        else:
            _take(work, step.column, target, READERS.get(target, values.text)(column))


def _transport(work: Work, name: str, column: pl.Series) -> None:
    """Feeds write "smtp" where the transport belongs: then it is the protocol above."""
    found = values.transport(column)
    work.out["transport"] = found.values
    if found.unused is not None:
        if "app_proto" in work.out or any("app_proto" in s.targets for s in work.plan.steps):
            work.keep(name, found.unused)
        else:
            work.out["app_proto"] = values.lower(found.unused).values


def _take(work: Work, name: str, target: str, read: values.Read) -> None:
    work.out[target] = read.values
    work.flag(read.flags)
    work.keep(name, read.unused)


def _address(work: Work, name: str, target: str, column: pl.Series) -> None:
    found = addresses.read(column)
    side = target[:3]
    work.flag(found.flags)
    if side == "src":
        if found.bad is not None:
            work.bad.append((found.bad, name, "bad_address"))
        odd = addresses.special(found.ip4)
        if odd is not None:
            work.flag(values.flagged(odd, Flag.ADDRESS_SPECIAL))
        parts = {"src_prefix": found.prefix, "src_prefix_len": found.length}
        work.out |= {key: part for key, part in parts.items() if part is not None}
    else:
        lost = found.prefix.is_not_null() if found.prefix is not None else None
        if found.bad is not None:
            work.flag(values.flagged(found.bad, Flag.DST_DROPPED))
            lost = found.bad if lost is None else lost | found.bad
        if lost is not None:
            work.keep(name, column.set(~lost, None))
            found.ip4 = found.ip4.set(lost, None)
    work.out[f"{side}_ip"] = found.text
    work.out[f"{side}_ip4"] = found.ip4
    if found.hi is not None and found.lo is not None:
        work.out[f"{side}_ip6_hi"], work.out[f"{side}_ip6_lo"] = found.hi, found.lo


def _moment(work: Work, name: str, target: str, column: pl.Series) -> None:
    found = times.read(column)
    work.out[target] = found.values
    if target == "time_source":
        work.flag(times.flags(found, stated_zone=bool(work.plan.source.zone), now=work.now))
        if found.bad is not None:
            work.bad.append((found.bad, name, "bad_time"))
    elif found.bad is not None:
        work.keep(name, column.set(~found.bad, None))


def _hosts(work: Work) -> None:
    """A row known by its URL alone is about the host of the URL."""
    column = work.out.get("url")
    if column is None or "src_ip" in work.out or not column.null_count() < len(column):
        return
    found = urls.hosts(column)
    if found["address"].null_count() < len(column):
        _address(work, "url", "src_ip", found["address"])
        if "src_port" not in work.out and found["port"].null_count() < len(column):
            work.out["src_port"] = values.port(found["port"]).values
    if "fqdn" not in work.out:
        work.out["fqdn"] = found["name"]


def _by_value(work: Work, table: ValueTable) -> None:
    """Columns that follow from the words of another."""
    column = work.column(table.column)
    if column is None:
        return
    known = column.drop_nulls().unique().to_list()
    given = {text: hit for text in known if (hit := _given(text, table)) is not None}
    for target in {target for row in given.values() for target in row}:
        dtype = schema.PARSED[target]
        found = pl.DataFrame({"": column}).select(
            pl.col("").replace_strict(
                list(given), [row.get(target) for row in given.values()], default=None,
                return_dtype=pl.String,
            )
        ).to_series().cast(dtype)  # fmt: skip
        before = work.out.get(target)
        work.out[target] = found if before is None else before.fill_null(found)


def _given(text: str, table: ValueTable) -> dict[str, str] | None:
    low = text.strip().lower()
    if not table.anywhere:
        found = table.rows.get(low)
        return dict(found) if found else None
    merged: dict[str, str] = {}
    for word in low.replace(",", ";").split(";"):
        merged |= table.rows.get(word.strip(), {})
    return merged or None


def _classes(work: Work) -> None:
    """Where a column says the type of incident: its taxonomy; a word RSIT lacks is undetermined."""
    kinds = work.out.get("class_type")
    if kinds is None:
        return
    known = work.plan.taxonomies
    odd = [kind for kind in kinds.drop_nulls().unique().to_list() if kind not in known]
    if odd:
        lost = kinds.is_in(odd).fill_null(False)
        work.keep("class_type", kinds.set(~lost, None))
        kinds = work.out["class_type"] = kinds.set(lost, None)
    taxonomies = kinds.replace_strict(
        list(known), list(known.values()), default=None, return_dtype=pl.String
    )
    said = work.out.get("class_taxonomy")
    work.out["class_taxonomy"] = taxonomies if said is None else said.fill_null(taxonomies)


def _time(work: Work, report_date: dt.date | None) -> None:
    height = work.frame.height
    moment = times.stand_in(report_date, work.now)
    found = work.out.get("time_source")
    if found is None:
        work.out["time_source"] = pl.Series([moment], dtype=schema.TIME).new_from_index(0, height)
        work.flag(pl.Series([int(Flag.TIME_MISSING)], dtype=pl.UInt32).new_from_index(0, height))
    elif found.null_count():
        missing = found.is_null()
        work.flag(values.flagged(missing, Flag.TIME_MISSING))
        work.out["time_source"] = found.fill_null(moment)


def _nameless(work: Work) -> None:
    """Rows that say nothing about anybody."""
    names = set(IDENTITY)
    if any("src_ip" in step.targets for step in work.plan.steps):
        names.discard("src_asn")  # the number of an address that is missing is nobody's
    there = [work.out[name] for name in sorted(names) if name in work.out]
    if any(not column.null_count() for column in there):
        return
    nameless = pl.Series([True]).new_from_index(0, work.frame.height)
    for column in there:
        nameless &= column.is_null()
    if nameless.any():
        first = next((s.column for s in work.plan.steps if set(s.targets) & set(IDENTITY)), "")
        work.bad.append((nameless, first, "no_address"))


def _finished(work: Work) -> Normalised:
    height = work.frame.height
    rows = work.frame[ROW].cast(pl.UInt32)
    events = pl.DataFrame(
        [_column(name, dtype, work, height) for name, dtype in schema.PARSED.items()]
    )
    if not work.bad:
        return Normalised(events, _held([], rows))
    kept = pl.Series([True]).new_from_index(0, height)
    held = []
    for mask, name, reason in work.bad:
        held.append((mask & kept, name, reason))
        kept &= ~mask
    return Normalised(events.filter(kept), _held(held, rows))


def _column(name: str, dtype: pl.DataType, work: Work, height: int) -> pl.Series:
    match name:
        case "feed_row":
            return work.frame[ROW].cast(dtype).alias(name)
        case "flags":
            return _flags(work, height)
        case "extra":
            found = extras.texts(work.extra, known_plain=work.plain)
        case "time_received":
            return pl.Series(name, [work.now], dtype=dtype).new_from_index(0, height)
        case _:
            found = work.out.get(name)
    constant = work.plan.constants.get(name)
    value = pl.Series(name, [constant]).cast(dtype) if constant else None
    if found is None:
        if value is None:
            value = pl.Series(name, [None], dtype=dtype)
        return value.new_from_index(0, height)
    if value is not None and found.null_count():
        found = found.fill_null(value[0])
    return found.cast(dtype).alias(name)


def _flags(work: Work, height: int) -> pl.Series:
    """The sum of what is odd. Bits, so that two columns with one oddity count it once."""
    given = list(work.flags)
    if FLAGS in work.frame.columns:
        given.append(work.frame[FLAGS])
    if not given:
        return pl.Series("flags", [0], dtype=pl.UInt32).new_from_index(0, height)
    total = given[0].fill_null(0)
    for odd in given[1:]:
        total = total | odd.fill_null(0)
    return total.cast(pl.UInt32).alias("flags")


def _held(held: list[tuple[pl.Series, str, str]], rows: pl.Series) -> pl.DataFrame:
    parts = [schema.no_rejects()]
    for mask, name, reason in held:
        some = rows.filter(mask)
        parts.append(
            pl.DataFrame(
                {"row": some, "line": None, "field": name, "reason": reason, "raw": None},
                schema=schema.REJECTED,
            )
        )
    return pl.concat(parts).sort("row")
