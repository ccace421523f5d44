"""Writing Open XML: packages, drawings, timing and text."""
