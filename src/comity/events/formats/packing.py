"""gzip, zip or plain: the members of a file, unpacked within limits.

A member is bytes in memory: what it unpacks to is measured while it unpacks, never believed from a
header. Names with "..", a root or a drive are refused, though nothing here writes to disk: a name
that lies once lies elsewhere too.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from comity.events.types.sources import BadFile
from comity.kit.errors import shown

UNPACKED_LIMIT = 4 << 30
"""Bytes one upload may unpack to. The largest daily reports of a large nation are about 1 GB."""
RATIO_LIMIT = 250
"""CSV reports reach 45 to 1 (scan_ssl); a bomb is 1,000 to 1."""
RATIO_FREE = 16 << 20  # below this the ratio says nothing
MEMBERS_LIMIT = 1_000
_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside, by its own name."""

    name: str
    data: bytes


_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")


def is_plain(data: bytes, *, limit: int = UNPACKED_LIMIT) -> bool:
    """Whether a file is not packed, and not too large either."""
    return not data.startswith((_GZIP, *_ZIP)) and len(data) <= limit


def unpack(data: bytes, name: str, *, limit: int = UNPACKED_LIMIT) -> Iterator[Member]:
    """The files inside, one when it is not packed. Raises `BadFile`."""
    if data.startswith(_GZIP):
        yield Member(_bare(name), _gunzip(data, name, limit))
    elif data.startswith(_ZIP):
        yield from _unzip(data, name, limit)
    else:
        if len(data) > limit:
            raise _too_large(name, limit)
        yield Member(name, data)


def _bare(name: str) -> str:
    return name[:-3] if name.lower().endswith(".gz") else name


def _too_large(name: str, limit: int) -> BadFile:
    return BadFile(
        f"the file unpacks to more than {limit} bytes, or too far for its size",
        shown(name, 120),
        "If it is honest, split it and hand the parts in.",
    )


def _gunzip(data: bytes, name: str, limit: int) -> bytes:
    """All members of a gzip file, as `gunzip` gives them."""
    out = io.BytesIO()
    rest = data
    while rest:
        inflate = zlib.decompressobj(wbits=31)
        try:
            piece = inflate.decompress(rest, _STEP)
            while True:
                out.write(piece)
                _check(out.tell(), len(data), name, limit)
                if inflate.eof or not (piece or inflate.unconsumed_tail):
                    break
                piece = inflate.decompress(inflate.unconsumed_tail, _STEP)
        except zlib.error as error:
            raise BadFile(
                f"the gzip file is damaged ({error})", shown(name, 120), "Fetch it again."
            ) from None
        if not inflate.eof:
            raise BadFile("the gzip file ends too early", shown(name, 120), "Fetch it again.")
        rest = inflate.unused_data.lstrip(b"\0")  # tar pads with NULs
        if rest and rest[:2] != b"\x1f\x8b":
            raise BadFile(
                "something that is no gzip follows the file", shown(name, 120), "Fetch it again."
            )
    return out.getvalue()


def _check(size: int, packed: int, name: str, limit: int) -> None:
    if size > limit or (size > RATIO_FREE and size > packed * RATIO_LIMIT):
        raise _too_large(name, limit)


def _unzip(data: bytes, name: str, limit: int) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise BadFile(
            f"the zip file is damaged ({error})", shown(name, 120), "Fetch it again."
        ) from None
    if len(infos) > MEMBERS_LIMIT:
        raise BadFile(
            f"the zip file holds {len(infos)} files, more than {MEMBERS_LIMIT}",
            shown(name, 120),
            "Split it.",
        )
    for info in infos:  # all names before any byte
        _check_name(info.filename, name)
    if not infos:
        raise BadFile("the zip file holds no file", shown(name, 120), "Ask the sender for it.")
    total = 0
    for info in infos:
        member = _member(archive, info, name, limit - total, len(data))
        total += len(member)
        yield Member(info.filename.rpartition("/")[2], member)


def _check_name(inside: str, name: str) -> None:
    parts = inside.replace("\\", "/").split("/")
    if ".." in parts or not parts[0] or ":" in parts[0] or "\0" in inside:
        raise BadFile(
            f"the zip file holds {shown(inside, 80)}, a name that leaves its folder",
            shown(name, 120),
            "Do not use it; tell the sender.",
        )


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limit: int, packed: int
) -> bytes:
    out = io.BytesIO()
    place = f"{shown(name, 120)}, {shown(info.filename, 80)}"
    try:
        with archive.open(info) as stream:
            while piece := stream.read(_STEP):
                out.write(piece)
                _check(out.tell(), packed, name, limit)
    except (RuntimeError, NotImplementedError):
        raise BadFile("the file inside is encrypted or packed in a way unknown here", place,
                      "Ask for a plain zip file.") from None  # fmt: skip
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise BadFile(f"the file inside is damaged ({error})", place, "Fetch it again.") from None
    return out.getvalue()
