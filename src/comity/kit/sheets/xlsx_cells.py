"""What a cell says in words: dates as precise as they are shown, numbers as they were typed.

Excel keeps a date as a number of days and knows no time zone; the number format decides what
a person saw. So a date shown as a year is a year, and one shown without a year is told.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # ECMA-376, 22.9.2.19
# Of brackets only elapsed time ([h], [mm], [s]) says something about a date.
_LITERALS = re.compile(r'"[^"]*"|\[(?!(?:h+|m+|s+)\])[^\]]*\]|\\.|_.|\*.', re.IGNORECASE)
_MARCH_1900 = dt.date(1900, 3, 1)  # before it Excel counts a 29 February that never was
_DIGITS = 10**15  # a spreadsheet keeps 15

Words = tuple[str, str, dict[str, str]]  # the words, the code of a fault or nothing, its facts


def words(cell: Any, epoch: dt.datetime) -> Words:
    """The words of a cell of openpyxl's, and what is doubtful about them."""
    value = cell.value
    if value is None:
        return "", "", {}
    kind = cell.data_type
    if kind == "s":
        text = unescape(str(value)) if "_x" in value else str(value)
        return text, "", {}
    if kind == "e":
        return str(value), "error-value", {"text": str(value)}
    if isinstance(value, bool):
        return ("true" if value else "false"), "", {}
    if isinstance(value, (int, float)):
        return _number(value, cell)
    return _date(value, str(cell.number_format or ""), epoch)


def unescape(text: str) -> str:
    """XML cannot hold some characters; workbooks write them as _x000D_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _number(value: int | float, cell: Any) -> Words:
    if isinstance(value, float):
        if abs(value) >= _DIGITS or value != value:
            return repr(value), "long-number", {"text": repr(value)}
        if not value.is_integer():
            return repr(value), "", {}
        value = int(value)
    if abs(value) >= _DIGITS:
        return str(value), "long-number", {"text": str(value)}
    zeros = str(cell.number_format or "")
    if value >= 0 and len(zeros) > 1 and zeros.strip("0") == "":
        return str(value).zfill(len(zeros)), "", {}  # a code such as 004 shown by the format 000
    return str(value), "", {}


def _date(value: object, number_format: str, epoch: dt.datetime) -> Words:
    if number_format in ("", "General"):  # a cell of the type date, which needs no format
        return (value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)), "", {}
    shown = _LITERALS.sub("", number_format.split(";")[0]).lower()
    year, day = "y" in shown or "e" in shown, "d" in shown
    time = "h" in shown or "s" in shown
    if isinstance(value, dt.timedelta):
        return _duration(value), "", {}
    if isinstance(value, dt.time):
        text = value.isoformat()
        return (text, "", {}) if time and not (year or day) else _no_date(text)
    if not isinstance(value, dt.date):
        return _no_date(str(value))
    moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    date = moment.date()
    if epoch.year == 1899 and date < _MARCH_1900:
        return _no_date(date.isoformat())
    serial = (moment - epoch).total_seconds() / 86_400
    if serial.is_integer() and 1900 <= serial <= 2100:
        facts = {"text": date.isoformat(), "year": str(int(serial))}
        return date.isoformat(), "year-as-date", facts
    if year and not day and not time:
        return (date.isoformat()[:7] if "m" in shown else date.isoformat()[:4]), "", {}
    text = moment.isoformat() if time else date.isoformat()
    if not year:
        return text, "year-not-shown", {"text": text}
    return text, "", {}


def _no_date(text: str) -> Words:
    return text, "date-range", {"text": text}


def _duration(value: dt.timedelta) -> str:
    """Hours may pass 24, as the format [h]:mm:ss shows them."""
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
