"""The room's pages, under /<language>/mandate/. All of them read without a script or an account."""

from django.urls import path

from comity.mandate.pages import lists, settle, texts

app_name = "mandate"
urlpatterns = [
    path("", texts.instruments, name="instruments"),
    path("terms", lists.terms, name="terms"),
    path("cited/<slug:issuer>/<slug:name>", lists.cited, name="cited"),
    path("<slug:issuer>/<slug:name>/", texts.newest, name="instrument"),
    path("<slug:issuer>/<slug:name>/compare", lists.compare, name="compare"),
    path(
        "<slug:issuer>/<slug:name>/compare/<slug:old>/<slug:new>",
        lists.comparison,
        name="comparison",
    ),
    path(
        "<slug:issuer>/<slug:name>/compare/<slug:old>/<slug:new>/settle/<str:subject>",
        settle.change,
        name="settle_change",
    ),
    path("<slug:issuer>/<slug:name>/<slug:label>/", texts.text, name="text"),
    path("<slug:issuer>/<slug:name>/<slug:label>/source", texts.source, name="source"),
    path("<slug:issuer>/<slug:name>/<slug:label>/p/<path:unit>", texts.paragraph, name="paragraph"),
    path("<slug:issuer>/<slug:name>/<slug:label>/proposals", lists.proposals, name="proposals"),
    path(
        "<slug:issuer>/<slug:name>/<slug:label>/proposals/<str:passage>",
        settle.proposal,
        name="proposal",
    ),
    path("<slug:issuer>/<slug:name>/<slug:label>/duties", lists.duties, name="duties"),
    path("<slug:issuer>/<slug:name>/<slug:label>/duties/<path:unit>", settle.duty, name="duty"),
    path("<slug:issuer>/<slug:name>/<slug:label>/citations", lists.citations, name="citations"),
]
