"""Codebook and coded material in the formats of other programs: REFI-QDA, CSV and XLSX."""
