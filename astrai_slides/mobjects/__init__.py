"""What decks are drawn with: stages, requests, slot grid, loop clock, bars."""
