"""What is due for review."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comity.directory import reads
from comity.directory.pages.frame import trail, viewer
from comity.people.types import Role


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What is due: of every team for the secretariat, of one's own for everybody else."""
    who = viewer(request)
    mine = reads.team_of(who)
    everything = Role.SECRETARIAT in who.roles
    if not everything and mine is None:
        raise PermissionDenied("directory.edit")
    today = timezone.now().date()
    own = [mine] if mine is not None else []
    rows = reads.calendar(who, today=today, teams=None if everything else own)
    context = {"rows": rows, "today": today, "everything": everything, "trail": trail()}
    return render(request, "directory/reviews.html", context)
