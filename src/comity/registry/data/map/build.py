"""Makes the dots of the world map anew, and the points of countries. Run when its source changes.

    python src/comity/registry/data/map/build.py land countries-50m.json > land.txt
    python src/comity/registry/data/map/build.py points countries-50m.json

Reads the TopoJSON of world-atlas (SOURCE.md beside this file). `land` writes the grid of dots;
`points` writes one line a feature: its M49 number, latitude and longitude.
"""

from __future__ import annotations

import itertools
import json
import math
import sys
from pathlib import Path
from typing import Any

from comity.registry.formats.projection import CENTRE, HEIGHT, STEP, WIDTH, row

Ring = list[tuple[float, float]]
FINE = 4  # samples a cell, each way
SHARE = 0.3  # of the samples on land make a dot: less fills straits, more drowns islands
NORTH, SOUTH = 84.0, -57.0


def arcs_of(topology: dict[str, Any]) -> list[Ring]:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            ring.append((x * sx + tx, y * sy + ty))
        arcs.append(ring)
    return arcs


def polygons(geometry: dict[str, Any], arcs: list[Ring]) -> list[list[Ring]]:
    def ring(numbers: list[int]) -> Ring:
        points: Ring = []
        for n in numbers:
            arc = arcs[n] if n >= 0 else arcs[~n][::-1]
            points += arc[1:] if points else arc
        return points

    kind = geometry["type"]
    if kind == "GeometryCollection":
        return [p for g in geometry["geometries"] for p in polygons(g, arcs)]
    many = geometry["arcs"] if kind == "MultiPolygon" else [geometry["arcs"]]
    return [[ring(numbers) for numbers in polygon] for polygon in many]


def spans(rings: list[Ring], lat: float) -> list[tuple[float, float]]:
    """The pieces of a parallel that lie inside, as pairs of longitudes."""
    cuts = sorted(
        x1 + (lat - y1) * (x2 - x1) / (y2 - y1)
        for ring in rings
        for (x1, y1), (x2, y2) in itertools.pairwise(ring)
        if (y1 <= lat) != (y2 <= lat)
    )
    return list(zip(cuts[::2], cuts[1::2], strict=False))


def land(topology: dict[str, Any]) -> list[str]:
    rings = [r for p in polygons(topology["objects"]["land"], arcs_of(topology)) for r in p]
    lines = []
    for top in range(0, HEIGHT, STEP):
        hits = [0] * (WIDTH // STEP)
        for part in range(FINE):
            lat, unit = row(top + (part + 0.5) * STEP / FINE)
            if not SOUTH < lat < NORTH:
                continue
            inside = spans(rings, lat)
            for sample in range(WIDTH // STEP * FINE):
                lon = CENTRE + ((sample + 0.5) * STEP / FINE - WIDTH / 2) / unit
                if abs(lon - CENTRE) > 180:
                    continue
                lon = (lon + 180) % 360 - 180
                hits[sample // FINE] += any(a <= lon <= b for a, b in inside)
        lines.append("".join("#" if h >= SHARE * FINE * FINE else "." for h in hits))
    return lines


def unwrapped(ring: Ring) -> Ring:
    """The ring without its jump from 180 degrees east to 180 west (Fiji, Russia)."""
    turned = [ring[0]]
    for lon, lat in ring[1:]:
        turned.append((lon - 360 * round((lon - turned[-1][0]) / 360), lat))
    return turned


def centre(polygon: list[Ring]) -> tuple[float, float, float]:
    """Area (weighted by latitude), latitude and longitude of the centroid of the outer ring."""
    area = cx = cy = 0.0
    for (x1, y1), (x2, y2) in zip(polygon[0], polygon[0][1:], strict=False):
        cross = x1 * y2 - x2 * y1
        area += cross
        cx += (x1 + x2) * cross
        cy += (y1 + y2) * cross
    if not area:
        return 0.0, polygon[0][0][1], polygon[0][0][0]
    lon, lat = cx / (3 * area), cy / (3 * area)
    return abs(area) * math.cos(math.radians(lat)), lat, lon


def points(topology: dict[str, Any]) -> list[str]:
    """For each number the centroid of its largest piece, moved inside where it lies outside."""
    arcs = arcs_of(topology)
    pieces: dict[str, list[list[Ring]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        if "id" in geometry:  # the features without one are no ISO codes
            found = [[unwrapped(r) for r in p] for p in polygons(geometry, arcs)]
            pieces.setdefault(geometry["id"], []).extend(found)
    lines = []
    for number, found in sorted(pieces.items()):
        largest = max(found, key=lambda p: centre(p)[0])
        _, lat, lon = centre(largest)
        inside = spans(largest, lat)
        if inside and not any(a <= lon <= b for a, b in inside):
            west, east = max(inside, key=lambda span: span[1] - span[0])
            lon = (west + east) / 2
        lines.append(f"{number} {lat:.2f} {(lon + 180) % 360 - 180:.2f}")
    return lines


if __name__ == "__main__":
    what, file = sys.argv[1:]
    made = {"land": land, "points": points}[what](json.loads(Path(file).read_text("utf-8")))
    sys.stdout.write("\n".join(made) + "\n")
