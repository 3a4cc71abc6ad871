"""The adopted text as the JSON of a WordPress page (`content.rendered` holds the HTML).

Such a page is a stranger's: it may carry scripts, be cut off, or be something else altogether.
Here only words leave, each with its place in the file.

Three steps, a file each: `envelope` finds the HTML in the JSON and keeps positions, `markup`
cuts the HTML into words, tags and what must not survive, `tree` reads the nested list.
"""

from comity.mandate.formats.page.tree import parse_page

__all__ = ["parse_page"]
