"""All URLs of the house: machine doors at the root, pages under a language."""

from __future__ import annotations

from django.urls import include, path

from comity.site import admin, faults, metrics, pages, probes, rooms
from comity.site.api import api
from comity.site.languages import in_six_languages

urlpatterns = [
    path("health", probes.health, name="probe-health"),
    path("ready", probes.ready, name="probe-ready"),
    path("metrics", metrics.metrics, name="probe-metrics"),
    path("robots.txt", probes.robots_txt, name="robots"),
    path("security.txt", probes.security_txt, name="security-short"),
    path(".well-known/security.txt", probes.security_txt, name="security"),
    path("problems/<slug:slug>", faults.kind_of_problem, name="problem"),
    path("api/v1/", api.urls),
    path("admin", admin.bare, name="admin-bare"),
    path("admin/", admin.site.urls),
    path("", include("comity.mandate.pages.lasting")),
    path("", pages.to_language, name="root"),
    *in_six_languages(
        path("", pages.home, name="home"),
        path("about", pages.about, name="about"),
        path("account/", include("comity.people.account_pages")),
        *(
            path(f"{room.name}/", include(f"comity.{room.name}.pages"))
            for room in rooms.with_door("pages")
        ),
    ),
]

handler400 = "comity.site.faults.bad_request"
handler403 = "comity.site.faults.forbidden"
handler404 = "comity.site.faults.not_found"
handler500 = "comity.site.faults.failed"
