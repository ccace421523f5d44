"""Outputs: each takes a recording and writes one file atomically. Never imports a deck."""
