"""How schedules remember when they last ran, and the house what was decided for it."""

from __future__ import annotations

from django.db import models


class ScheduleRun(models.Model):
    """One row a schedule: when it is next due, and how the last run went."""

    name = models.CharField(max_length=80, primary_key=True)
    due = models.DateTimeField()
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    ok = models.BooleanField(null=True)
    result = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class Mark(models.Model):
    """Something the operator decided once for this house: "no-sample" keeps sample data away."""

    name = models.CharField(max_length=80, primary_key=True)
    made = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
