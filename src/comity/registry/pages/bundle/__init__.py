"""All of the public gateway as files that work from a disk: no server, no script, no network.

`writing` plans and finishes, `piece` makes one page of a list with its entries (in a process of
its own), `render` turns data into pages.
"""

from comity.registry.pages.bundle.writing import BundleError, Written, write_bundle

__all__ = ["BundleError", "Written", "write_bundle"]
