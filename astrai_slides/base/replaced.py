"""Put something in the place of another library's function for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_NOTHING = object()


@contextmanager
def replaced(owner: Any, name: str, value: object) -> Iterator[None]:
    """Let a module or class have `value` as its attribute `name` inside the block, and then what it had before.

    What it only inherited, or did not have at all, is not its own afterwards either. `unittest.mock` does this too, but
    imports asyncio for it.
    """
    own = vars(owner).get(name, _NOTHING)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if own is _NOTHING:
            delattr(owner, name)
        else:
            setattr(owner, name, own)
