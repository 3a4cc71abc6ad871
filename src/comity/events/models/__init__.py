"""What the database knows of events: the manifest. The events themselves are columns in files."""

from comity.events.models.intake import Intake, Part, RawFile
from comity.events.models.keeping import DataFile, Hold, KeyRun, Snapshot
from comity.events.models.routing import Informed, RouteMember, RouteSetRow, TableFile

__all__ = [
    "DataFile",
    "Hold",
    "Informed",
    "Intake",
    "KeyRun",
    "Part",
    "RawFile",
    "RouteMember",
    "RouteSetRow",
    "Snapshot",
    "TableFile",
]
