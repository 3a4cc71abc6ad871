"""Acts of the room. Doors of this room and of the house import them from here."""

from comity.events.actions.receiving import receive
from comity.events.actions.routing import current_routes, inform
from comity.events.actions.running import resume, run
from comity.events.actions.tables import age, current_addresses, update_tables

__all__ = [
    "age",
    "current_addresses",
    "current_routes",
    "inform",
    "receive",
    "resume",
    "run",
    "update_tables",
]
