"""Decks where people write: in notebooks, in documentation, and asked for by programs.

Each module is for one program, which an extra installs, and imports it: `jupyter`, `sphinx`, `mkdocs` and `mcp`.
What all but the notebook need is the command line in a process of its own (`command`): a deck may print, end Python or
set what it likes without touching the program that asks.
"""
