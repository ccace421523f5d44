"""Runs a scene into a recording."""
