"""The errors that the command line turns into a message."""


class AstraiSlidesError(Exception):
    """Something a user can mend. The message names what (file, key or line), why and the remedy."""


class DeckError(AstraiSlidesError):
    """A fault of a deck's own code, to whose message whoever runs the deck adds file, scene and line."""
