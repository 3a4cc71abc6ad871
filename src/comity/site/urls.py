"""All URLs of the house: machine doors at the root, pages under a language."""

from __future__ import annotations

from django.urls import path

from comity.site import pages
from comity.site.languages import in_six_languages

urlpatterns = [
    path("health", pages.health, name="health"),
    path("ready", pages.ready, name="ready"),
    path("", pages.to_language, name="root"),
    *in_six_languages(path("", pages.home, name="home")),
]
