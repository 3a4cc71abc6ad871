"""The room's pages, under /<language>/directory/. Most are read without an account."""

from django.urls import path

from comity.directory.pages import around, asking, importing, keys, own, teams

app_name = "directory"
urlpatterns = [
    path("", teams.teams, name="teams"),
    path("call", asking.responsible, name="responsible"),
    path("countries", around.countries, name="countries"),
    path("communities", around.communities, name="communities"),
    path("communities/<slug:code>", around.community, name="community"),
    path("bodies", around.bodies, name="bodies"),
    path("reviews", around.reviews, name="reviews"),
    path("import", importing.import_, name="import"),
    path("answer/<str:token>", asking.answer, name="answer"),
    path("teams/<slug:code>", teams.team, name="team"),
    path("teams/<slug:code>/edit", own.edit, name="edit"),
    path("teams/<slug:code>/reviewed", own.reviewed, name="reviewed"),
    path("teams/<slug:code>/test", own.test, name="test"),
    path("teams/<slug:code>/keys", keys.add, name="keys"),
    path("teams/<slug:code>/keys/<int:number>", keys.key, name="key"),
]
