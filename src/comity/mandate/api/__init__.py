"""/api/v1/mandate: the same data as the pages, for machines, and the same acts."""

from ninja import Router

from comity.mandate.api import acting, reading

router = Router(tags=["mandate"])
router.add_router("", acting.router)
router.add_router("", reading.router)
