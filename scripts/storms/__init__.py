"""What may happen to a build, a file or a deck: a module for each family of storms, `case.py` for what they share."""
