"""All figures of a report: named queries, run over facts that were loaded once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from comity.report.rules.figures import activities, cooperation, council, held
from comity.report.rules.figures.query import Found, Ground, Many, Query, run
from comity.report.types.figures import (
    Chapter,
    Count,
    Figure,
    FigureType,
    Share,
    Total,
    Value,
)

QUERIES: tuple[Query, ...] = (
    *activities.QUERIES,
    *held.QUERIES,
    *cooperation.QUERIES,
    *council.QUERIES,
)
FAMILIES: tuple[Many, ...] = (held.reported_totals, cooperation.money, council.indicators)


def figures(
    ground: Ground, queries: Iterable[Query] = QUERIES, families: Iterable[Many] = FAMILIES
) -> tuple[Figure, ...]:
    """Every figure, in the order of its chapters' queries. None is left out for being empty."""
    return tuple(run(query, ground) for query in (*queries, *_made(ground, families)))


def _made(ground: Ground, families: Iterable[Many]) -> Iterator[Query]:
    """The queries of families. A family that fails becomes one query that fails, by its name."""
    for family in families:
        try:
            yield from list(family(ground))
        except Exception as error:  # named as failing, like any query
            yield _failing(family.__name__, error)


def _failing(name: str, error: Exception) -> Query:
    def find(_ground: Ground) -> Found:
        raise error

    words = name.replace("_", " ").capitalize()
    return Query(name, words, "", FigureType.COUNT, Chapter.DOUBTS, "", find)


def plain(value: Value) -> int | float | None:
    """A value as one number: the percent of a share; None is "not reported"."""
    if isinstance(value, Share):
        return value.percent
    if isinstance(value, Count | Total):
        return int(value.n) if value.n == int(value.n) else float(value.n)
    return None


def as_data(figure: Figure) -> dict[str, object]:
    """A figure for machines; the door adds label, unit and filter in a language."""
    data: dict[str, object] = {
        "id": figure.id,
        "label": figure.label,
        "value": plain(figure.value),
        "unit": figure.unit,
        "type": figure.type.value,
        "as_of": figure.as_of,
        "paragraphs": list(figure.paragraphs),
        "records": list(figure.records),
        "filter": figure.filter,
        "chapter": figure.chapter.value,
    }
    if isinstance(figure.value, Share):
        data |= {"numerator": figure.value.numerator, "denominator": figure.value.denominator}
    if figure.failed:
        data["failed"] = figure.failed
    if figure.few:
        data["fewer_than"] = 5
    return data


__all__ = ["FAMILIES", "QUERIES", "Ground", "Query", "as_data", "figures", "plain", "run"]
