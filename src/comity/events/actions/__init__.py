"""Acts of the room. Doors of this room and of the house import them from here."""

from comity.events.actions.coming import ahead
from comity.events.actions.compacting import compact
from comity.events.actions.holding import lift, place
from comity.events.actions.informing import inform
from comity.events.actions.receiving import receive
from comity.events.actions.replaying import replay, replay_all
from comity.events.actions.retaining import retain
from comity.events.actions.routing import current_routes
from comity.events.actions.running import resume, run, through
from comity.events.actions.tables import age, current_addresses, update_tables

__all__ = [
    "age",
    "ahead",
    "compact",
    "current_addresses",
    "current_routes",
    "inform",
    "lift",
    "place",
    "receive",
    "replay",
    "replay_all",
    "resume",
    "retain",
    "run",
    "through",
    "update_tables",
]
