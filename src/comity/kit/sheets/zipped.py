"""The zip around a workbook: its directory is judged before anything is inflated.

A directory can lie, so each entry is inflated by ourselves with a hard end and checked against
what was promised. Overlapping entries (D. Fifield, "A better zip bomb", 2019) and disagreement
between the directory and the entries' own headers are refused: no program writes them.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from comity.kit.errors import shown
from comity.kit.sheets.types import Limits, Unreadable

_DIRECTORY = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s5H3L2H")  # APPNOTE 4.3.7
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000  # traditional, strong, and a masked directory
_NESTED = (
    ".zip",
    ".xlsx",
    ".xlsm",
    ".xlsb",
    ".docx",
    ".pptx",
    ".ods",
    ".jar",
    ".7z",
    ".rar",
    ".gz",
)
_SAVE_AGAIN = "Open it in a spreadsheet program and save it again as .xlsx, or as CSV UTF-8."


@dataclass(frozen=True, slots=True)
class Entry:
    """One file within the zip: where its bytes lie, and what was promised of them."""

    name: str
    deflated: bool
    start: int
    packed: int
    size: int
    crc: int


def refused(code: str, message: str, place: str = "", remedy: str = _SAVE_AGAIN) -> Unreadable:
    """The error of a workbook that is not opened."""
    return Unreadable(message, place, remedy, code)


def directory(data: bytes, limits: Limits) -> dict[str, Entry]:
    """The entries by name, in order of the directory; `Unreadable` if any rule is broken."""
    if data.count(_DIRECTORY) > limits.entries:  # before a single record is parsed
        raise refused("zip-entries", f"the workbook has more than {limits.entries} parts")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos, end = archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, struct.error, NotImplementedError):
        what = "the workbook is damaged or was cut off"
        raise refused("zip-damaged", what, "", "Send it again. " + _SAVE_AGAIN) from None
    entries: dict[str, Entry] = {}
    folded: set[str] = set()
    for info in infos:
        _promises(info, limits)
        if info.filename.casefold() in folded:
            raise refused("zip-names", "two parts have the same name", shown(info.filename))
        folded.add(info.filename.casefold())
        entries[info.filename] = _placed(data, info)
    if sum(entry.size for entry in entries.values()) > limits.inflated:
        what = f"the workbook would unpack to more than {limits.inflated // 2**20} MB"
        raise refused("zip-bomb", what, "", "Send only the table that is meant, or send CSV.")
    _apart(data, sorted(infos, key=lambda info: info.header_offset), entries, end)
    return entries


def inflate(data: bytes, entry: Entry) -> bytes:
    """What one entry holds: exactly as much as was promised, or `Unreadable`."""
    packed = memoryview(data)[entry.start : entry.start + entry.packed]
    whole = True
    if entry.deflated:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            body = stream.decompress(packed, entry.size + 1)
            whole = stream.eof or not stream.decompress(stream.unconsumed_tail, 1)
        except zlib.error:
            raise refused("zip-damaged", "a part is damaged", shown(entry.name)) from None
        whole = whole and stream.eof
    else:
        body = bytes(packed)
    if not whole or len(body) != entry.size:
        what = "a part does not have the size that the directory promises"
        raise refused("zip-lies", what, shown(entry.name))
    if zlib.crc32(body) != entry.crc:
        raise refused("zip-damaged", "a part fails its checksum", shown(entry.name))
    return body


def _promises(info: zipfile.ZipInfo, limits: Limits) -> None:
    """What the directory says of one entry, taken at its word."""
    place = shown(info.filename)
    if info.flag_bits & _ENCRYPTED:
        raise refused("encrypted", "the workbook is encrypted", "", "Save it without a password.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refused("zip-method", "a part is compressed by a method that no workbook uses", place)
    name = info.orig_filename
    steps = name.split("/")
    if (
        not name
        or len(name) > 255
        or not name.isprintable()
        or "\\" in name
        or ":" in name
        or name.startswith("/")
        or ".." in steps
    ):
        raise refused("zip-names", "a part has a name that leads elsewhere", place)
    if name.casefold().endswith(_NESTED):
        remedy = "Take embedded documents out of the workbook. " + _SAVE_AGAIN
        raise refused("zip-nested", "the workbook holds another archive", place, remedy)
    if info.file_size > limits.ratio_above and info.file_size > limits.ratio * info.compress_size:
        what = f"a part would unpack to more than {limits.ratio} times its size"
        raise refused("zip-bomb", what, place, "Send only the table that is meant, or send CSV.")
    if info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size:
        raise refused("zip-lies", "a stored part has two sizes", place)


def _placed(data: bytes, info: zipfile.ZipInfo) -> Entry:
    """The entry with the place of its bytes; its own header must agree with the directory."""
    at = info.header_offset
    header = data[at : at + _LOCAL.size] if at >= 0 else b""
    place = shown(info.filename)
    if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
        raise refused("zip-damaged", "a part is not where the directory says", place)
    _, _, flags, method, *_, name_length, extra_length = _LOCAL.unpack(header)
    name = data[at + _LOCAL.size : at + _LOCAL.size + name_length]
    codec = "utf-8" if info.flag_bits & 0x800 else "cp437"
    same = name.decode(codec, "replace") == info.orig_filename and method == info.compress_type
    if not same or flags & _ENCRYPTED:
        raise refused("zip-lies", "a part and the directory contradict each other", place)
    start = at + _LOCAL.size + name_length + extra_length
    deflated = info.compress_type == zipfile.ZIP_DEFLATED
    return Entry(info.filename, deflated, start, info.compress_size, info.file_size, info.CRC)


def _apart(data: bytes, infos: list[zipfile.ZipInfo], entries: dict[str, Entry], end: int) -> None:
    """No two entries share a byte, and none reaches into the directory."""
    starts = [info.header_offset for info in infos[1:]] + [min(end, len(data))]
    for info, after in zip(infos, starts, strict=True):
        entry = entries[info.filename]
        if entry.start + entry.packed > after:
            raise refused("zip-bomb", "parts of the workbook overlap", shown(entry.name))
        if data[entry.start : entry.start + 4] == b"PK\x03\x04":
            raise refused("zip-nested", "the workbook holds another archive", shown(entry.name))
