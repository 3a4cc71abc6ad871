"""Negotiation drafts: a redline flattened to text, read without losing a character."""

from comity.mandate.formats.redline.parse import parse_redline

__all__ = ["parse_redline"]
