"""Every sentence of the decks on LLM serving, one module a language."""
