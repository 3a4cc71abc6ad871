"""The pages of the registry. Fixed words come first: no kind may be called like one of them."""

from __future__ import annotations

from comity.registry.pages import countries, entry, home, lists

app_name = "registry"

urlpatterns: list[object] = [
    *home.urls,
    # *exports.urls,
    # *submissions.urls,
    # *desk.urls,
    *countries.urls,
    *lists.urls,
    *lists.last,
    *entry.urls,
]
