"""From a place on the earth to a point of the world map, and back along one row.

Equal Earth (Savric, Patterson, Jenny, 2018): areas are true, so no region is shown larger than it
is. The cut lies at 169 degrees west, in the Bering Strait, so that no State on the mainland is
split. The map ends at 57 degrees south: Antarctica is not on it.
"""

from __future__ import annotations

import math

WIDTH, HEIGHT = 600, 264
STEP = 6  # from dot to dot
CENTRE = 11.0  # degrees east

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2
_SCALE = WIDTH / 2 / (math.pi / (_M * _A1))
_TOP = 84.0  # degrees north


def _height(theta: float) -> float:
    t2 = theta * theta
    return theta * (_A1 + _A2 * t2 + t2**3 * (_A3 + _A4 * t2))


def _slope(theta: float) -> float:
    t2 = theta * theta
    return _A1 + 3 * _A2 * t2 + t2**3 * (7 * _A3 + 9 * _A4 * t2)


def _theta(lat: float) -> float:
    return math.asin(_M * math.sin(math.radians(lat)))


_Y0 = _SCALE * _height(_theta(_TOP))


def point(lat: float, lon: float) -> tuple[float, float]:
    """Where a place lies on the map, from its upper left corner."""
    theta = _theta(lat)
    turned = math.radians((lon - CENTRE + 180) % 360 - 180)
    x = turned * math.cos(theta) / (_M * _slope(theta))
    return WIDTH / 2 + _SCALE * x, _Y0 - _SCALE * _height(theta)


def row(y: float) -> tuple[float, float]:
    """Of the row at a height: its latitude, and how many units of width a degree takes there."""
    theta, wanted = 0.0, (_Y0 - y) / _SCALE
    for _ in range(12):  # Newton; five steps are enough to the last digit
        theta -= (_height(theta) - wanted) / _slope(theta)
    lat = math.degrees(math.asin(max(-1.0, min(1.0, math.sin(theta) / _M))))
    return lat, _SCALE * math.radians(1) * math.cos(theta) / (_M * _slope(theta))
