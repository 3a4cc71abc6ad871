"""The columns of an event: name, storage type, stage that fills it, meaning. Everything else in
the room (readers, routing, store, exports, pages) takes its columns from here.

Storage types are plain: no Enum, no Categorical. Those do not survive Parquet readers of others
(Spark, Delta), and a dictionary on disk does the same work. Unsigned integers are kept for ports,
AS numbers and addresses: an exporter that has none widens them.

**Addresses** stand twice. As text, canonical (`203.0.113.7`, `2001:db8::7`; `::ffff:` folded to
IPv4), for people and exports; as numbers for look-ups: `*_ip4` for IPv4, `*_ip6_hi` with
`*_ip6_lo` for IPv6, exactly one of the two kinds filled. Where a row is about a network, not an
address (DROP lists), `src_ip` is null, `src_prefix` is the network, `src_prefix_len` its length,
and the numbers are those of its first address.

**Missing is null.** Never "", 0, "unknown" or "NA" (the country Namibia is "NA", and stays).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag, StrEnum
from typing import Final

import polars as pl

TIME: Final = pl.Datetime("us", "UTC")
TEXT: Final = pl.String()
TEXTS: Final = pl.List(pl.String())


class Stage(StrEnum):
    """Which step of the chain fills a column."""

    PARSE = "parse"  # said by the source, or following from its mapping
    ENRICH = "enrich"  # looked up in tables of addresses
    ROUTE = "route"  # decided over the directory's constituencies
    KEY = "key"  # computed for de-duplication


class Flag(IntFlag):
    """What normalising did to a row or noticed in it; the column `flags` is their sum."""

    TIME_MISSING = 1  # no time in the row: noon UTC of the report's date stands in
    TIME_UNLIKELY = 2  # later than the clock allows, or before 1995; kept as said
    TIME_ASSUMED_UTC = 4  # the source states no zone and its contract does not either
    PORT_DROPPED = 8  # 0, above 65535 or no number: null
    ASN_DROPPED = 16  # no number of 32 bits: null
    COUNTRY_DROPPED = 32  # no two letters (or a name): null, the text is in `extra`
    COUNTRY_UNREAL = 64  # EU, AP, ZZ, XX…: names no country; kept in `cc_feed`, never routed by
    ADDRESS_FOLDED = 128  # written as ::ffff:a.b.c.d
    ADDRESS_SPECIAL = 256  # private, loopback, documentation, multicast…: nobody's to answer for
    TEXT_REPAIRED = 512  # the file was not UTF-8 or held NULs: decoded otherwise
    TEXT_CUT = 1024  # a cell longer than CELL_LIMIT was cut; the raw row has all of it
    DST_DROPPED = 2048  # the other end's address was no address: null, the text is in `extra`
    CELLS_MISSING = 8192  # all rows are shorter than the header by the same few last columns
    ASN_TRANS = 4096  # AS 23456: stands for any 32-bit number; null


CELL_LIMIT: Final = 65_536
"""Characters kept of one cell. Certificates and banners fit; a 10 MB cell is an accident."""

EARLIEST: Final = dt.datetime(1995, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an event. `intelmq` is the name of the same thing there, for import."""

    name: str
    dtype: pl.DataType
    stage: Stage
    meaning: str
    intelmq: str = ""
    personal: bool = False  # may name a person: hashed by choice, left out of totals


def _columns(
    stage: Stage, dtype: pl.DataType, rows: str, personal: bool = False
) -> Iterable[Column]:
    """Columns of one type, one a line: `name | meaning | name in IntelMQ`."""
    for row in rows.strip().splitlines():
        name, meaning, *other = (cell.strip() for cell in row.split("|"))
        yield Column(name, dtype, stage, meaning, other[0] if other else "", personal)


COLUMNS: Final[tuple[Column, ...]] = (
    # --- said by the source -------------------------------------------------------------
    *_columns(
        Stage.PARSE,
        TIME,
        """
        time_source   | when it was seen, by the source | time.source
        time_received | when this house received the file | time.observation
        first_seen    | first time, if the source counts | extra.first_seen
        last_seen     | last time, if the source counts | extra.last_seen
        """,
    ),
    *_columns(
        Stage.PARSE,
        TEXT,
        """
        feed_provider   | who made the feed | feed.provider
        feed_name       | name of the feed in the catalogue | feed.name
        feed_file       | SHA-256 of the raw file in the spool, hexadecimal |
        mapping_version | which mapping gave the columns their meaning |
        report_type     | type of the report within the feed | feed.code
        class_taxonomy  | RSIT class: malicious-code, vulnerable… | classification.taxonomy
        class_type      | RSIT type: infected-system, c2-server… | classification.type
        class_id        | the source's own name of the problem | classification.identifier
        severity        | critical, high, medium, low, info | severity
        tlp             | TLP 2.0 label without prefix: CLEAR, AMBER+STRICT | tlp
        src_ip          | the address this is about | source.ip
        dst_ip          | the other end | destination.ip
        src_prefix      | the network this is about, or the routed prefix | source.network
        transport       | tcp, udp, icmp | protocol.transport
        app_proto       | http, ssh, rdp | protocol.application
        cc_feed         | country of src_ip as the source says | source.geolocation.cc
        geo_region      | region of src_ip as the source says | source.geolocation.region
        geo_city        | city of src_ip as the source says | source.geolocation.city
        dst_cc_feed     | country of dst_ip as the source says | destination.geolocation.cc
        fqdn            | the domain name this is about | source.fqdn
        reverse_dns     | PTR name of src_ip | source.reverse_dns
        url             | the URL this is about | source.url
        url_path        | its path, where only that is known | source.urlpath
        dst_fqdn        | the other end's domain name | destination.fqdn
        dst_reverse_dns | PTR name of dst_ip | destination.reverse_dns
        dst_url         | the URL that was asked for | destination.url
        malware_name    | malware, by the source's name | malware.name
        malware_family  | its family, where the source has both | extra.family
        hash_md5        | hexadecimal, lower case | malware.hash.md5
        hash_sha1       | hexadecimal, lower case | malware.hash.sha1
        hash_sha256     | hexadecimal, lower case | malware.hash.sha256
        product_vendor  | maker of the device or program | product.vendor
        product_name    | the device or program | product.name
        product_version | its version | product.version
        status          | state, by the source: online, offline | status
        description     | a sentence of the source | event_description.text
        source_ref      | the source's own id of the row | extra.event_id
        extra           | JSON object of the columns that have no place of their own | extra
        """,
    ),
    *_columns(
        Stage.PARSE,
        TEXT,
        """
        account         | user name or mail address | source.account
        """,
        personal=True,
    ),
    *_columns(
        Stage.PARSE,
        TEXTS,
        """
        src_addrs | all addresses, where the row has several | source.ip
        cves      | CVE ids, upper case | product.vulnerabilities
        tags      | words of the source, one each | extra.tag
        """,
    ),
    *_columns(Stage.PARSE, pl.UInt8(), "confidence | 0 to 100 | feed.accuracy"),
    *_columns(Stage.PARSE, pl.UInt8(), "src_prefix_len | of src_prefix; null: one address"),
    *_columns(
        Stage.PARSE,
        pl.UInt16(),
        """
        src_port | port at src_ip, 1 to 65535 | source.port
        dst_port | port at dst_ip, 1 to 65535 | destination.port
        """,
    ),
    *_columns(
        Stage.PARSE,
        pl.UInt32(),
        """
        src_asn      | AS number of src_ip: the source's, then the tables' | source.asn
        dst_asn      | AS number of dst_ip: the source's, then the tables' | destination.asn
        count        | how many times, if the source counts | extra.count
        feed_row     | number of the data row in the raw file, from 1 |
        flags        | sum of Flag |
        src_ip4      | src_ip as a number, if IPv4 |
        dst_ip4      | dst_ip as a number, if IPv4 |
        """,
    ),
    *_columns(
        Stage.PARSE,
        pl.UInt64(),
        """
        src_ip6_hi | upper 64 bits of src_ip, if IPv6 |
        src_ip6_lo | lower 64 bits of src_ip, if IPv6 |
        dst_ip6_hi | upper 64 bits of dst_ip, if IPv6 |
        dst_ip6_lo | lower 64 bits of dst_ip, if IPv6 |
        """,
    ),
    # --- looked up ----------------------------------------------------------------------
    *_columns(
        Stage.ENRICH,
        TEXT,
        """
        src_as_name   | name of the AS | source.as_name
        cc_registered | country of registration of src_ip | source.geolocation.cymru_cc
        cc_geo        | country of src_ip by geolocation | source.geolocation.geoip_cc
        cc_used       | the country routing used |
        dst_cc        | country of dst_ip by the tables |
        """,
    ),
    *_columns(
        Stage.ENRICH,
        pl.UInt32(),
        """
        src_asn_feed | what the source said, where the tables say another |
        dst_asn_feed | what the source said, where the tables say another |
        """,
    ),
    # --- decided ------------------------------------------------------------------------
    *_columns(
        Stage.ROUTE,
        TEXTS,
        """
        owner_org    | codes of the teams that answer for it; several where several do |
        owner_reason | why each of them: prefix 203.0.113.0/24, AS 64500, country XX |
        owner_cirt   | codes of the national teams of cc_used, the last resort, as they are today |
        """,
    ),
    # --- computed -----------------------------------------------------------------------
    *_columns(
        Stage.KEY,
        pl.UInt64(),
        """
        row_key     | 64 bits of the row: the same row twice has the same |
        row_check   | 64 more, to confirm a hit |
        finding_key | 64 bits of the problem on the asset |
        """,
    ),
)

BY_NAME: Final[dict[str, Column]] = {column.name: column for column in COLUMNS}


def schema(*stages: Stage) -> dict[str, pl.DataType]:
    """Columns and types of the stages named, in the order of `COLUMNS`; of all when none is."""
    return {c.name: c.dtype for c in COLUMNS if not stages or c.stage in stages}


PARSED: Final[dict[str, pl.DataType]] = schema(Stage.PARSE)
"""What `rules.normalise` gives: these columns, in this order, these types."""


def empty(*stages: Stage) -> pl.DataFrame:
    """A frame of no events."""
    return pl.DataFrame(schema=schema(*stages))


REJECTED: Final[dict[str, pl.DataType]] = {
    "row": pl.UInt32(),  # data row in the raw file, from 1
    "line": pl.UInt32(),  # line in the raw file, from 1; 0 where the format has no lines
    "field": TEXT,  # column at fault, by its name in the file; "" is the row as a whole
    "reason": TEXT,  # a key of `REASONS`
    "raw": TEXT,  # the text of the row, cut at RAW_LIMIT
}
"""Columns of rows held back, from readers and from normalising alike."""

RAW_LIMIT: Final = 8_192

REASONS: Final[dict[str, str]] = {
    "too_few_cells": "the row has fewer cells than the header",
    "too_many_cells": "the row has more cells than the header",
    "truncated": "the file ends in the middle of the row",
    "bad_quotes": "a quotation mark is never closed",
    "not_json": "the line is no JSON object",
    "too_long": "the row is longer than a row may be",
    "no_address": "the row names neither address, network, domain, URL nor account",
    "bad_address": "the address is no address",
    "bad_network": "the network is no network",
    "bad_time": "the time is no time",
    "bad_row": "the row does not have the shape of this feed",
    "bad_report": "the report lacks a field its format demands",
}
"""Why a row is held back: code as stored, sentence in English (a catalogue translates it)."""


def no_rejects() -> pl.DataFrame:
    """A frame of no rows held back."""
    return pl.DataFrame(schema=REJECTED)
