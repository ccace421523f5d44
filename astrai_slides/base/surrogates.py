"""Text that no file can hold: halves of characters that were cut in two."""


def whole(text: str) -> str:
    """Return `text` with halves of characters joined where both are there, and U+FFFD in place of any other half."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
