"""Who may drive a deck from another machine: whoever brought a secret that nobody had brought before."""

import secrets
import threading
from secrets import compare_digest

_BYTES = 16
"""Of a secret: 128 bits, which nobody guesses, in a code that is small enough for a phone to read across a table."""
MOST_SESSIONS = 8
"""Of those that were let in; the first leaves for one more."""


class Admission:
    """Hands out secrets, of which one is good at a time, and takes each once, for a session."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secret: str | None = None
        self._sessions: list[str] = []

    def secret(self) -> str:
        """The secret that lets one more in: the last, if nobody has brought it yet."""
        with self._lock:
            if self._secret is None:
                self._secret = secrets.token_urlsafe(_BYTES)
            return self._secret

    def admit(self, secret: str) -> str | None:
        """The token of a new session, for the secret that is good; None for another."""
        with self._lock:
            if self._secret is None or not _are_same(secret, self._secret):
                return None
            self._secret = None
            token = secrets.token_urlsafe(_BYTES)
            self._sessions = [*self._sessions, token][-MOST_SESSIONS:]
            return token

    def knows(self, token: str) -> bool:
        """Whether that is the token of a session."""
        with self._lock:
            return any(_are_same(token, each) for each in self._sessions)


def _are_same(told: str, known: str) -> bool:
    """Compare them in a time that tells nothing of where they differ."""
    return compare_digest(told.encode("utf-8", "replace"), known.encode())
