"""Route sets by number, tables by version, who wants to be told."""

from __future__ import annotations

from django.db import models


class RouteSetRow(models.Model):
    """`types.routing.RouteSet` by number. A number is given once and never changes its meaning."""

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the set's key
    kind = models.CharField(max_length=8)
    value = models.CharField(max_length=253)
    owners = models.JSONField()  # ids of teams
    informed = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class RouteMember(models.Model):
    """A team of a set, so that a team's own sets are found by one index."""

    route_set = models.ForeignKey(RouteSetRow, on_delete=models.CASCADE, related_name="members")
    team = models.UUIDField()
    told = models.BooleanField(default=False)  # around it, and chose to hear; else it must act

    class Meta:
        indexes = (models.Index(fields=["team"], name="events_member_team"),)

    def __str__(self) -> str:
        return f"{self.team} {self.route_set_id}"  # type: ignore[attr-defined]


class TableFile(models.Model):
    """A table in COMITY_HOME/events/tables. The newest of its kind is in use."""

    ADDRESSES, ROUTES = "addresses", "routes"

    version = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=9)
    loaded = models.DateTimeField()
    made = models.DateField()  # of the newest source: an old table says so
    size = models.BigIntegerField()
    about = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=["kind", "loaded"], name="events_table_newest"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.version[:12]}"


class Informed(models.Model):
    """A team that chose to be told of what others, nearer, answer for. Its id, no key: the
    directory's rows are the directory's."""

    team = models.UUIDField(primary_key=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.team)
