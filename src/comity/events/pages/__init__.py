"""The room's pages, under /<language>/events/. What of each may be seen is the reads' to say."""

from django.urls import path

from comity.events.pages import duty, event, files, holds, informed, lists, routing

app_name = "events"
urlpatterns = [
    path("", duty.duty, name="duty"),
    path("list", lists.events, name="list"),
    path("changes", lists.changes, name="changes"),
    path("totals", lists.totals, name="totals"),
    path("event/<uuid:key>", event.event, name="event"),
    path("files", files.files, name="files"),
    path("files/<uuid:key>", files.file, name="file"),
    path("files/<uuid:key>/replay", files.replay, name="replay"),
    path("files/<uuid:key>/rows/<int:row>", files.mend, name="mend"),
    path("rejected", files.rejected, name="rejected"),
    path("feeds", files.feeds, name="feeds"),
    path("holds", holds.holds, name="holds"),
    path("holds/<uuid:key>/lift", holds.lift, name="lift"),
    path("unrouted", routing.unrouted, name="unrouted"),
    path("why", routing.why, name="why"),
    path("informed", informed.informed, name="informed"),
]
