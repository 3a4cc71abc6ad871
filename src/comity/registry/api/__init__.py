"""/api/v1/registry: the same entries as the pages, for machines, and the same acts."""

from ninja import Router

from comity.registry.api import reading

router = Router(tags=["registry"])
router.add_router("", reading.router)
