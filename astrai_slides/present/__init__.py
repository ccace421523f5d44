"""Showing a deck that is being written or told: what serves it, and the pages around it."""
