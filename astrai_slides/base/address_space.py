"""How much memory a process may take, where somebody has limited that."""

from astrai_slides.errors import AstraiSlidesError

LEAST = 400 * 2**20
"""Bytes that loading manim takes; with less, scipy's OpenBLAS tries for ever to get some."""


def require_address_space() -> None:
    """Raise AstraiSlidesError where this process may take too little memory to record a deck."""
    try:
        import resource
    except ImportError:  # a system without such limits
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < LEAST:
        raise AstraiSlidesError(
            f"this process may take {limit >> 20} MiB of memory, and loading manim takes more than {LEAST >> 20}; raise"
            " the limit (ulimit -v)"
        )
