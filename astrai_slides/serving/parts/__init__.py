"""Mobjects of decks on LLM serving."""
