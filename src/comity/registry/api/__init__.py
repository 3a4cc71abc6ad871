"""/api/v1/registry: the same entries as the pages, for machines, and the same acts."""

from ninja import Router

from comity.registry.api import reading, working, writing

router = Router(tags=["registry"])
for _part in (reading, writing, working):
    router.add_router("", _part.router)
