"""The room's pages: reports by year, each figure, the files, the guide, progress, the desk."""

from __future__ import annotations

from django.urls import path

from comity.report.pages import beside, desk, document, figures, files, guide, home, progress, years

app_name = "report"
urlpatterns = [
    path("", home.home, name="home"),
    path("progress", progress.whole, name="progress"),
    path("guide", guide.guide, name="guide"),
    path("guide/<slug:form>", guide.file, name="guide_file"),
    path("<int:year>/", years.year, name="year"),
    path("<int:year>/document", document.draft, name="document"),
    path("<int:year>/desk", desk.prepare, name="desk"),
    path("<int:year>/beside", beside.beside, name="beside"),
    path("<int:year>/file/<slug:form>", files.draft, name="file"),
    path("<int:year>/edition/<int:edition>/document", document.kept, name="kept_document"),
    path("<int:year>/edition/<int:edition>/<slug:form>", files.kept, name="kept"),
    path("<int:year>/figures/", figures.figures, name="figures"),
    path("<int:year>/figures/<str:figure>", figures.figure, name="figure"),
]
