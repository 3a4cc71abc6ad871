"""The house's own pages: home, health, ready."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers too."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "no answer"}, status=503)
    return JsonResponse({"ready": True, "database": "answers"})


@require_safe
def to_language(request: HttpRequest) -> HttpResponse:
    """Send the visitor to the language their browser asks for."""
    return redirect("home")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")
