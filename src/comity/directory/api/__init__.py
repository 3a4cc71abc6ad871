"""/api/v1/directory: the same data as the pages, for machines, and the same acts."""

from ninja import Router

from comity.directory.api import acting, around, reading, record

router = Router(tags=["directory"])
router.add_router("", acting.router)
router.add_router("", around.router)
router.add_router("", record.router)
router.add_router("", reading.router)
