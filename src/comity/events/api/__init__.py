"""/api/v1/events: the same data as the pages, for machines, and the same acts."""

from ninja import Router

from comity.events.api import holding, informing, pushing, reading, watching

router = Router(tags=["events"])
router.add_router("", pushing.router)
router.add_router("", watching.router)
router.add_router("", holding.router)
router.add_router("", informing.router)
router.add_router("", reading.router)
