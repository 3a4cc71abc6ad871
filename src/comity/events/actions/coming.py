"""Several files: while one is worked on, the next is read and laid into the spool."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

from comity.events.actions import receiving
from comity.events.actions.receiving import Coming
from comity.events.formats import naming, packing
from comity.events.formats.cutting import Cutter
from comity.events.reads.house import feeds, places
from comity.events.store import spool
from comity.events.types.sources import Source


def ahead(
    names: Sequence[str], contents: Callable[[str], bytes], *, feed: str = ""
) -> Iterator[tuple[str, Callable[[], Coming]]]:
    """Each name with what gives its contents, or raises what `contents` raised."""
    house, known = places(), feeds()

    def fetched(name: str) -> Coming:
        said = feed or naming.arrival(Path(name).name, known.values()).feed
        if said in known and (large := _poured(name, known[said])):
            return large
        data = contents(name)
        return Coming(data, spool.put(house, data) if said and packing.is_plain(data) else None)

    with ThreadPoolExecutor(1, "coming") as one:
        waiting: Future[Coming] | None = one.submit(fetched, names[0]) if names else None
        for name, after in zip(names, [*names[1:], None], strict=True):
            assert waiting is not None  # noqa: S101 - there is one more name
            wait([waiting])  # of what is read whole two files are in memory, never three
            now, waiting = waiting, one.submit(fetched, after) if after is not None else None
            yield name, now.result
            del now


def _poured(name: str, source: Source) -> Coming | None:
    """A large plain file, through a small buffer into the spool, its parts noted on the way; None
    where it is not one."""
    path = Path(name)
    if not path.is_file() or path.stat().st_size <= receiving.SPAN:
        return None
    with path.open("rb", buffering=0) as file:
        if not packing.is_plain(file.read(4)):
            return None
        file.seek(0)
        total = path.stat().st_size
        cutter = Cutter(source, total, receiving.even_span(total, receiving.SPAN))
        kept = spool.pour(places(), file, cutter.feed)
    if (parts := cutter.spans()) is not None:
        return Coming(b"", kept, parts)
    data = spool.get(places(), kept[0])  # the file itself may be another by now
    return Coming(data, kept) if packing.is_plain(data) else None
