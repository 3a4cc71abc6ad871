"""The JSON API at /api/v1/: one shape of success a room, one shape of failure for all."""

from __future__ import annotations

from importlib import import_module

from django.http import HttpRequest
from ninja import NinjaAPI

from comity.site import rooms

api = NinjaAPI(
    title="Comity",
    version="1.0.0",
    urls_namespace="api",
    docs_url=None,  # ninja's page of documentation loads from another host
    openapi_url="/openapi.json",
)


@api.get("/", summary="Which rooms answer here", operation_id="rooms")
def index(request: HttpRequest) -> dict[str, list[str]]:
    return {"rooms": [room.name for room in rooms.with_door("api")]}


for room in rooms.with_door("api"):
    api.add_router(f"/{room.name}", import_module(f"comity.{room.name}.api").router)
