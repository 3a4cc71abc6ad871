"""The pages of the registry. Fixed words come first: no kind may be called like one of them."""

from __future__ import annotations

from comity.registry.pages import (
    access,
    applying,
    batches,
    countries,
    desk,
    entry,
    exports,
    forms,
    home,
    lists,
    mine,
    needs,
    replies,
    submissions,
)

app_name = "registry"

urlpatterns: list[object] = [
    *home.urls,
    *exports.urls,
    *forms.urls,
    *submissions.urls,
    *batches.urls,
    *mine.urls,
    *replies.urls,
    *desk.urls,
    *needs.urls,
    *access.urls,
    *countries.urls,
    *lists.urls,
    *lists.last,  # behind every fixed word: <kind>/ and what stands below an entry
    *applying.urls,
    *forms.last_urls,
    *replies.last_urls,
    *entry.urls,
]
