"""What an exception says, whatever it is."""

from astrai_slides.base.surrogates import whole

_NAME = vars(type)["__name__"].__get__
LONGEST = 2000
"""Characters: an exception may hold a whole file."""


def reason(error: BaseException) -> str:
    """`ValueError: what it says`; its kind alone where it says nothing, or nothing that can be made."""
    return named(kind(error), said(error))


def kind(error: BaseException) -> str:
    """What the class of `error` is called, whatever that class, or the class of classes that it is of, says itself."""
    return str(_NAME(type(error)))


def said(error: BaseException) -> str:
    """The text of `error`, which its own code makes and so may fail: then a sentence about that."""
    try:
        text = whole(str(error))
    except KeyboardInterrupt:
        raise
    except BaseException as fault:
        return f"(its text cannot be made: {type(fault).__name__})"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def named(kind: str, text: str) -> str:
    """`kind: text`, or `kind` where there is no text."""
    return f"{kind}: {text}" if text else kind
