"""Rules that look at a recording and say what an audience could not read."""
