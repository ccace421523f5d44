"""How decks look: themes, layout, fonts. No manim."""
