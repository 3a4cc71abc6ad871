"""The room's pages, under /<language>/directory/. Most are read without an account."""

from django.urls import path

from comity.directory.pages import (
    asking,
    bodies,
    communities,
    countries,
    importing,
    keys,
    own,
    reviews,
    teams,
)

app_name = "directory"
urlpatterns = [
    path("", teams.teams, name="teams"),
    path("call", asking.responsible, name="responsible"),
    path("countries", countries.countries, name="countries"),
    path("countries/<str:code>", countries.country, name="country"),
    path("countries/<str:code>/coverage", countries.coverage, name="coverage"),
    path("communities", communities.communities, name="communities"),
    path("communities/new", communities.keep, name="new_community"),
    path("communities/<slug:code>", communities.community, name="community"),
    path("communities/<slug:code>/edit", communities.keep, name="edit_community"),
    path("bodies", bodies.bodies, name="bodies"),
    path("bodies/<uuid:key>", bodies.body, name="body"),
    path("bodies/<uuid:key>/describe", bodies.describe, name="describe"),
    path("reviews", reviews.reviews, name="reviews"),
    path("import", importing.import_, name="import"),
    path("answer/<str:token>", asking.answer, name="answer"),
    path("teams/<slug:code>", teams.team, name="team"),
    path("teams/<slug:code>/edit", own.edit, name="edit"),
    path("teams/<slug:code>/reviewed", own.reviewed, name="reviewed"),
    path("teams/<slug:code>/test", own.test, name="test"),
    path("teams/<slug:code>/keys", keys.add, name="keys"),
    path("teams/<slug:code>/keys/<int:number>", keys.key, name="key"),
]
