"""The one error that the command line turns into a message."""


class AstraiSlidesError(Exception):
    """Something a user can mend. The message names what (file, key or line), why and the remedy."""
