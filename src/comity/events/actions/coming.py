"""Several files: while one is worked on, the next is read and laid into the spool."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from comity.events.formats import naming, packing
from comity.events.reads.house import feeds, places
from comity.events.store import spool


@dataclass(frozen=True, slots=True)
class Coming:
    """What a file holds and, where it is one plain file of a known feed, what the spool calls it:
    its SHA-256 and its size there."""

    data: bytes
    kept: tuple[str, int] | None


def ahead(
    names: Sequence[str], contents: Callable[[str], bytes], *, feed: str = ""
) -> Iterator[tuple[str, Callable[[], Coming]]]:
    """Each name with what gives its contents, or raises what `contents` raised."""
    house, known = places(), list(feeds().values())

    def fetched(name: str) -> Coming:
        data = contents(name)
        said = feed or naming.arrival(Path(name).name, known).feed
        return Coming(data, spool.put(house, data) if said and packing.is_plain(data) else None)

    with ThreadPoolExecutor(1, "coming") as one:
        waiting: Future[Coming] | None = one.submit(fetched, names[0]) if names else None
        for name, after in zip(names, [*names[1:], None], strict=True):
            assert waiting is not None  # noqa: S101 - there is one more name
            wait([waiting])  # two large files in memory, never three
            now, waiting = waiting, one.submit(fetched, after) if after is not None else None
            yield name, now.result
            del now
