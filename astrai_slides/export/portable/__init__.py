"""Writing PDF beyond what Cairo draws: text, fonts, outline, structure and properties."""
