"""Comity: the cybersecurity gateway of ITU Plenipotentiary Resolution 130 (Rev. Busan, 2014)."""
