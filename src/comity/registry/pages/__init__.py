"""The pages of the registry. Fixed words come first: no kind may be called like one of them."""

from __future__ import annotations

from comity.registry.pages import access, applying, countries, desk, entry, home, lists, needs

app_name = "registry"

urlpatterns: list[object] = [
    *home.urls,
    # *exports.urls,
    # *submissions.urls,
    *access.urls,
    *desk.urls,
    *needs.urls,
    *countries.urls,
    *lists.urls,
    *applying.urls,
    *lists.last,
    *entry.urls,
]
