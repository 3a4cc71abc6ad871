"""The pages of the registry. Fixed words come first: no kind may be called like one of them."""

from __future__ import annotations

from comity.registry.pages import batches, forms, mine, replies, submissions

app_name = "registry"

urlpatterns: list[object] = [
    # *exports.urls,
    *forms.urls,
    *submissions.urls,
    *batches.urls,
    *mine.urls,
    *replies.urls,
    # *desk.urls,
    # *countries.urls,
    # *lists.urls, and last: <kind>/, <kind>/<key>/
    *forms.last_urls,
    *replies.last_urls,
]
