"""Events as files: what is rendered by whole columns says what a plain walk over the rows says."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import uuid
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from comity.events.formats import csv_out, exported, stix_out
from comity.events.types import schema
from comity.kit import tlp
from comity.kit.sheets.guard import guard, runs

NOON = dt.datetime(2026, 11, 20, 12, 0, 0, 1_999, tzinfo=dt.UTC)
COLUMNS = {"event_id": pl.String(), **schema.schema()}
COLUMNS |= {"network": pl.Boolean(), "repeats": pl.UInt32()}
HOSTILE = ['a"b', "\\", "/</script>", "\x00\x01\x0b\x1f\x7f", "\t\r\n", "é漢😀\u2028", "{},:", "'"]
SAID = (
    {"src_ip": "198.51.100.7", "dst_ip": "2001:db8::7", "transport": "tcp", "src_port": 4711},
    {"src_ip": "198.51.100.7", "dst_ip": "198.51.100.7", "transport": "udp", "dst_port": 53},
    {"src_ip": "198.51.100.7", "transport": "tcp", "dst_ip": "2001:db8::7", "src_port": 4711},
    {"src_prefix": "203.0.113.0/24", "network": True, "class_type": "", "class_id": None},
    {"src_prefix": "203.0.113.0/24", "transport": "tcp"},  # a routed prefix is no address
    {"url": "https://example.org/?q=1", "fqdn": "example.org", "tlp": "CLEAR", "repeats": 41},
    {"account": "hashed:0"},  # nothing that STIX would call observed
    {"src_ip": "192.0.2.1", "transport": "", "fqdn": "", "src_port": 1, "tlp": "AMBER+STRICT"},
)


def event(number: int, said: dict[str, Any]) -> dict[str, Any]:
    held = {
        "event_id": str(uuid.uuid5(uuid.NAMESPACE_OID, str(number))),
        "time_source": NOON + dt.timedelta(seconds=number),
        "time_received": NOON,
        "tlp": "GREEN",
        "class_type": "infected-system",
        "class_id": HOSTILE[number % len(HOSTILE)],
        "network": False,
    }
    return dict.fromkeys(COLUMNS) | held | said


def frame(*said: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([event(n, one) for n, one in enumerate(said)], schema=COLUMNS)


def every() -> pl.DataFrame:
    ends = {"src_ip": "192.0.2.9"}
    return frame(*SAID, *(ends | dict.fromkeys(("fqdn", "url", "transport"), t) for t in HOSTILE))


WHO = stix_out.identity('A "gateway"', NOON)


def plain(events: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """The same object by object, ids by `uuid.uuid5` over canonical JSON."""
    found: dict[str, dict[str, Any]] = {}

    def observable(kind: str, **said: Any) -> str:
        text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        name = f"{kind}--{uuid.uuid5(stix_out.SCO, text)}"
        found[name] = {"type": kind, "spec_version": "2.1", "id": name, **said}
        return name

    for row in events.iter_rows(named=True):
        refs, ends = [], {}
        src = row["src_ip"] or (row["src_prefix"] if row["network"] else None)
        for name, text in (("src_ref", src), ("dst_ref", row["dst_ip"])):
            if text:
                ends[name] = observable("ipv6-addr" if ":" in text else "ipv4-addr", value=text)
        refs += ends.values()
        for kind, text in (("domain-name", row["fqdn"]), ("url", row["url"])):
            if text:
                refs.append(observable(kind, value=text))
        if ends and row["transport"]:
            ports = {name: row[name] for name in ("src_port", "dst_port") if row[name] is not None}
            said = {**ends, **ports, "protocols": [row["transport"]]}
            refs.append(observable("network-traffic", **said))
        if not refs:
            continue
        time = f"{row['time_source']:%Y-%m-%dT%H:%M:%S}.001Z"
        given = uuid.UUID(row["event_id"])
        name = f"observed-data--{uuid.UUID(int=given.int, version=4)}"
        found[name] = {
            "type": "observed-data",
            "spec_version": "2.1",
            "id": name,
            "created_by_ref": WHO["id"],
            "created": "2026-11-20T12:00:00.001Z",
            "modified": "2026-11-20T12:00:00.001Z",
            "first_observed": time,
            "last_observed": time,
            "number_observed": 1 + (row["repeats"] or 0),
            "object_refs": refs,
            "object_marking_refs": [tlp.to_stix(tlp.parse(row["tlp"]))],
            "labels": [text for text in (row["class_type"], row["class_id"]) if text],
        }
        if not found[name]["labels"]:
            del found[name]["labels"]
    return found


def test_columns_rendered_are_the_objects_of_a_plain_walk() -> None:
    events = every()
    first, *made = [json.loads(text) for text in stix_out.objects(events, WHO)]
    assert first == WHO
    assert {one["id"]: one for one in made} == plain(events)
    assert len(made) == len(plain(events))


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_an_id_is_made_of_canonical_json_whatever_the_text(texts: list[str]) -> None:
    texts = [text.encode(errors="replace").decode() for text in texts]
    events = frame(*({"url": text} for text in texts))
    held = {one["id"] for one in map(json.loads, stix_out.objects(events, WHO))}
    assert set(plain(events)) == held - {WHO["id"]}


def test_objects_of_all_kinds_pass_the_reference_validator() -> None:
    from stix2validator import ValidationOptions, validate_instance

    bundle = json.loads(exported.as_stix(frame(*SAID), "A gateway", NOON))
    assert {one["type"] for one in bundle["objects"]} >= {
        *("identity", "ipv4-addr", "ipv6-addr", "domain-name", "url", "network-traffic"),
        "observed-data",
    }
    result = validate_instance(bundle, ValidationOptions(version="2.1"))
    assert result.is_valid, result.errors


def test_the_namespace_of_observables_names_nothing_else() -> None:
    """STIX 2.1, 2.9: other objects must not use it; of version 4 or in a space of one's own."""
    made = [json.loads(text)["id"] for text in stix_out.objects(frame(SAID[0]), WHO)]
    [observed] = [name for name in made if name.startswith("observed-data")]
    assert uuid.UUID(observed.partition("--")[2]).version == 4
    assert WHO["id"] != f"identity--{uuid.uuid5(stix_out.SCO, WHO['name'])}"


def test_no_event_is_a_bundle_of_the_identity_alone() -> None:
    bundle = json.loads(exported.as_stix(frame(), "A gateway", NOON))
    assert [one["type"] for one in bundle["objects"]] == ["identity"]


def test_a_bundle_is_the_same_for_the_same_events() -> None:
    one, two = (exported.as_stix(every(), "A gateway", NOON) for _ in range(2))
    other = exported.as_stix(frame(SAID[0]), "A gateway", NOON)
    assert one == two and json.loads(one)["id"] != json.loads(other)["id"]


def test_a_file_for_each_recipient_is_the_file_of_their_rows() -> None:
    hard = ['a "quoted" word', "two\nlines", 'a "\n" in quotes', "=cmd()", "", None, "x,y", "\n\n"]
    countries = ("KE", "FR", "US")
    said = ({"description": hard[n % 8], "cc_used": countries[n % 3]} for n in range(40))
    events = frame(*said)
    each = dict(exported.csv_each(events, "cc_used"))
    assert list(each) == ["FR", "KE", "US"]
    for country, data in each.items():
        assert data == exported.as_csv(events.filter(pl.col("cc_used") == country))
    rows = [len(list(csv.reader(io.StringIO(data.decode())))) - 1 for data in each.values()]
    assert sum(rows) == 40


CELLS = st.one_of(
    st.none(),
    st.sampled_from(["", '"', ",", "\n", "\r", "=1", "-1", "a", " a", "'"]),
    st.text(max_size=4),
)


@given(st.lists(st.tuples(CELLS, CELLS, st.sampled_from([None, 1, 2])), min_size=1, max_size=6))
def test_the_bytes_are_those_of_the_plain_writer_over_guarded_cells(
    rows: list[tuple[str | None, str | None, int | None]],
) -> None:
    said = ({"description": a, "account": b, "src_port": c} for a, b, c in rows)
    events = exported.outside(frame(*said))
    texts = [name for name, kind in events.schema.items() if kind == pl.String()]
    lists = [name for name, kind in events.schema.items() if isinstance(kind, pl.List)]
    plain = events.with_columns(
        *(
            pl.Series(name, [cell and guard(cell) for cell in events[name]], pl.String)
            for name in texts
        ),
        *(pl.col(name).list.join(";") for name in lists),
    )
    assert exported.as_csv(events) == plain.write_csv().encode()


def test_nobodys_rows_are_no_file() -> None:
    assert list(exported.csv_each(frame(), "cc_used")) == []


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=6))
def test_what_a_spreadsheet_would_run_is_found_by_its_first_character(text: str) -> None:
    column = pl.Series("description", [text, None, "fine"])
    assert csv_out._guarded(column).to_list() == [guard(text), None, "fine"]


def test_no_character_starts_a_formula_unseen() -> None:
    first = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    text = [one + end for one in first for end in ("", "=1") if runs(one + end)]
    assert csv_out._guarded(pl.Series(text)).to_list() == [guard(one) for one in text]
