"""Who must act: claims of the directory to a table, and a frame of events to route sets."""

from comity.events.rules.route.building import build, route_sets
from comity.events.rules.route.deciding import route
from comity.events.rules.route.explaining import changes, explain
from comity.events.rules.route.table import RouteTable, pack, unpack

__all__ = ["RouteTable", "build", "changes", "explain", "pack", "route", "route_sets", "unpack"]
