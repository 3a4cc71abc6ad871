"""The room's pages: reports by year, each figure, the files."""

from __future__ import annotations

from django.urls import path

from comity.report.pages import figures, files, home, years

app_name = "report"
urlpatterns = [
    path("", home.home, name="home"),
    path("<int:year>/", years.year, name="year"),
    path("<int:year>/file/<slug:form>", files.draft, name="file"),
    path("<int:year>/edition/<int:edition>/<slug:form>", files.kept, name="kept"),
    path("<int:year>/figures/", figures.figures, name="figures"),
    path("<int:year>/figures/<str:figure>", figures.figure, name="figure"),
]
