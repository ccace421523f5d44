"""Decks of Manim and manim-slides, recorded once and exported so that they survive a stage."""

__version__: str


def __getattr__(name: str) -> str:
    """Look up the version when it is asked for, so that nothing takes time before the command line heeds Ctrl-C."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return version("astrai-slides")


def load_ipython_extension(shell: object) -> None:
    """Bring the magic `%%astrai_slides`; what `%load_ext astrai_slides` calls in a notebook."""
    from importlib import import_module

    import_module("astrai_slides.embed.jupyter").load_ipython_extension(shell)
