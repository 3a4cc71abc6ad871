"""Akoma Ntoso 3.0 (OASIS, 2018), the XML of legislatures: texts out and in.

`write` makes the document, `body` its provisions, `remarks` what is said about them, `read`
takes a document, ours or another's. `names` holds the words they share.
"""

from comity.mandate.formats.akn.read import read_akn
from comity.mandate.formats.akn.write import write_akn

__all__ = ["read_akn", "write_akn"]
