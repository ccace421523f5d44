"""Mobjects that any deck may use."""
