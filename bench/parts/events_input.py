"""Made-up reports and tables for the benchmarks of `events`: the shape of a daily sinkhole report
of 39 columns, addresses all over IPv4, half of them drawn by Zipf as infections are. None is real.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import numpy as np
import polars as pl

HEADER = (
    "timestamp protocol src_ip src_port src_asn src_geo src_region src_city src_hostname src_naics "
    "src_sector device_vendor device_type device_model severity dst_ip dst_port dst_asn dst_geo "
    "dst_region dst_city dst_hostname dst_naics dst_sector public_source infection family tag "
    "application version event_id http_url http_host http_agent forwarded_by ssl_cipher "
    "http_referer ssl_servername machine_name"
).split()
SECTOR = "Communications, Service Provider, and Hosting Service"
COUNTRIES = "KE FR US DE NA BR CN IN GB NG ZA EG AR MX CA JP KR ID VN TH TR PL ES IT SE".split()
DAY = 1_795_132_800  # 2026-11-20, UTC


def report(rows: int, seed: int, day: int = DAY) -> pl.DataFrame:
    """Rows as text, in the order of `HEADER`."""
    chance = np.random.default_rng(seed)
    often = chance.zipf(1.3, rows).astype(np.uint64) * np.uint64(2654435761) % np.uint64(1 << 32)
    source = np.where(
        chance.random(rows) < 0.5, often, chance.integers(0, 1 << 32, rows, np.uint64)
    )
    target = chance.integers(0, 4_000, rows, dtype=np.uint64) * np.uint64(1_048_573)
    numbers = pl.DataFrame(
        {
            "src": _routed(source),
            "dst": _routed(target),
            "port": chance.integers(1024, 65535, rows, dtype=np.uint32),
            "asn": (source >> np.uint64(14)).astype(np.uint32) % 60_000 + 1,
            "country": chance.integers(0, len(COUNTRIES), rows, dtype=np.uint32),
            "second": day + chance.integers(0, 86_400, rows),
            "family": chance.integers(0, 40, rows, dtype=np.uint32),
        }
    )
    country = pl.Series(COUNTRIES).gather(numbers["country"])
    src, dst = _dotted("src"), _dotted("dst")
    family = pl.format("family-{}", "family")
    said = {
        "timestamp": pl.from_epoch("second").dt.strftime("%Y-%m-%d %H:%M:%S"),
        "protocol": pl.lit("tcp"),
        "src_ip": src,
        "src_port": pl.col("port").cast(pl.String),
        "src_asn": pl.col("asn").cast(pl.String),
        "src_geo": country,
        "src_region": pl.format("REGION {}", pl.col("asn") % 50),
        "src_city": pl.format("CITY {}", pl.col("asn") % 700),
        "src_hostname": pl.format(
            "host-{}.example.net", src.str.replace_all(".", "-", literal=True)
        ),
        "src_naics": pl.lit("517311"),
        "src_sector": pl.lit(SECTOR),
        "severity": pl.lit("medium"),
        "dst_ip": dst,
        "dst_port": pl.lit("80"),
        "dst_asn": pl.lit("53503"),
        "dst_geo": pl.lit("US"),
        "dst_region": pl.lit("CALIFORNIA"),
        "dst_city": pl.lit("FREMONT"),
        "dst_hostname": pl.format(
            "host-{}.example.net", dst.str.replace_all(".", "-", literal=True)
        ),
        "dst_naics": pl.lit("518210"),
        "dst_sector": pl.lit(SECTOR),
        "infection": family,
        "family": pl.format("avalanche-{}", family),
        "http_host": pl.format("c{}.example.org", "family"),
    }
    return numbers.select(said.get(name, pl.lit("")).alias(name) for name in HEADER)


def _routed(numbers: np.ndarray) -> np.ndarray:
    """Into 11.0.0.0 to 222.255.255.255: what is routed, more or less."""
    low, high = 11 << 24, 223 << 24
    return (numbers % np.uint64(high - low) + np.uint64(low)).astype(np.uint32)


def _dotted(name: str) -> pl.Expr:
    column = pl.col(name)
    return pl.format(
        "{}.{}.{}.{}", column // (1 << 24), *((column // (1 << s)) % 256 for s in (16, 8, 0))
    )


def files(folder: Path, rows: int, each: int = 500_000) -> Iterator[Path]:
    """Reports of `each` rows in a folder."""
    for number in range(-(-rows // each)):
        count = min(each, rows - number * each)
        path = folder / f"2026-11-20-event4_sinkhole_http-part{number}-geo.csv"
        report(count, number).write_csv(path, quote_style="always")
        yield path


def daily(folder: Path, rows: int, days: int) -> Iterator[Path]:
    """As many reports as days, one of each, ending with the day of `files`."""
    for number in range(days):
        second = DAY - (days - 1 - number) * 86_400
        day = dt.datetime.fromtimestamp(second, dt.UTC).date()
        path = folder / f"{day}-event4_sinkhole_http-geo.csv"
        report(rows // days, number, second).write_csv(path, quote_style="always")
        yield path


def tables(countries: int = 334_000, asns: int = 412_000) -> list[tuple[str, bytes]]:
    """Range tables with as many ranges as the real ones have."""
    return [("country.csv", _ranges(countries, 1, False)), ("asn.csv", _ranges(asns, 2, True))]


def _ranges(count: int, seed: int, numbered: bool) -> bytes:
    chance = np.random.default_rng(seed)
    edges = np.unique(chance.integers(11 << 16, 223 << 16, count)) << 8
    first, last = edges[:-1], edges[1:] - 1
    frame = pl.DataFrame({"first": first, "last": last}).with_row_index("n")
    names = pl.format("Network {}", "n") if numbered else None
    said = (pl.col("n") * 7919 % 399_000 + 1).cast(pl.String) if numbered else None
    columns = [_dotted("first").alias("a"), _dotted("last").alias("b")]
    if numbered:
        columns += [said.alias("c"), names.alias("d")]
    else:
        places = pl.Series(chance.integers(0, len(COUNTRIES), len(frame)))
        columns.append(pl.Series("c", pl.Series(COUNTRIES).gather(places)))
    return frame.select(columns).write_csv(include_header=False).encode()


def claims(
    prefixes: int = 50_000, others: int = 30_000, teams: int = 3_000
) -> list[tuple[str, str, UUID]]:
    """Claims of made-up teams: networks; of the others two in three AS numbers, then domains."""
    chance = np.random.default_rng(9)
    found = []
    for n in range(prefixes):
        length = int(chance.choice([16, 19, 20, 22, 24], p=[0.05, 0.1, 0.2, 0.25, 0.4]))
        low = int(chance.integers(11 << 24, 223 << 24)) >> (32 - length) << (32 - length)
        found.append(("prefix", str(ipaddress.IPv4Network((low, length))), UUID(int=n % teams + 1)))
    for n in range(others * 2 // 3):
        found.append(("asn", f"AS{int(chance.integers(1, 399_000))}", UUID(int=n % teams + 1)))
    for n in range(others // 3):
        found.append(("domain", f"d{n}.org{n % 100}.example", UUID(int=n % teams + 1)))
    found += [("country", code, UUID(int=teams + n)) for n, code in enumerate(COUNTRIES, 1)]
    return found
