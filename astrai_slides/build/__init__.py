"""From talks and decks to files."""
