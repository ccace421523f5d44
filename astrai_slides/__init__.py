"""Animated, stepped talks on LLM serving with Manim, exported so that they survive a stage."""

__version__: str


def __getattr__(name: str) -> str:
    """Look up the version when it is asked for, so that nothing takes time before the command line heeds Ctrl-C."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return version("astrai-slides")
