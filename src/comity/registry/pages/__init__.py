"""The pages of the registry. Fixed words come first: no kind may be called like one of them."""

from __future__ import annotations

app_name = "registry"

urlpatterns: list[object] = [
    # *exports.urls,
    # *submissions.urls,
    # *desk.urls,
    # *countries.urls,
    # *lists.urls, and last: <kind>/, <kind>/<key>/
]
