"""What any deck may be drawn with."""
