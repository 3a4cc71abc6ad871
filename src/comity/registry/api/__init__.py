"""/api/v1/registry: the same entries as the pages, for machines, and the same acts."""

from ninja import Router

from comity.registry.api import overviews, reading, saying, working, writing

router = Router(tags=["registry"])
for _part in (reading, overviews, writing, saying, working):
    router.add_router("", _part.router)
