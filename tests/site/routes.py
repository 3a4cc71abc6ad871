"""The doors of the house itself, for the walk (tests/walk.py)."""

from tests.site import routes_admin
from tests.walk import Row

ROWS = [
    Row("root", anonymous=302, html=False),
    Row("home"),
    Row("about"),
    Row("problem", kwargs={"slug": "not-found"}),
    Row("probe-health", html=False),
    Row("probe-ready", anonymous=503, html=False),  # no workers in a test
    Row("probe-metrics", html=False),
    Row("robots", html=False),
    Row("security", anonymous=404, browser=False),  # COMITY_CONTACT is not set
    Row("security-short", anonymous=404, browser=False),
    Row("api:api-root", html=False),
    Row("api:openapi-json", html=False),
    Row("api:index", html=False),
    *routes_admin.ROWS,
]
