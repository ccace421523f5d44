"""The font without ink of PDFs, `no_ink.ttf`; `scripts/no_ink_font.py` writes it."""

NAME = "AstraiNoInk"

EM = 1000
"""Units of an em in a PDF's font metrics."""

ADVANCE = 500
"""Units that its one blank glyph is wide."""
