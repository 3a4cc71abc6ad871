"""The room's readers: bytes of one outside format to frames of text, and mappings to data."""
