"""Decks to begin with, all built by the tests: a module with one class on `Deck`, and a talk file beside it."""
