"""The HTML deck."""
