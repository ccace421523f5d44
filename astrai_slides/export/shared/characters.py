"""Which characters a text may hold."""

import re

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PICTURES = 0x2400
_DELETE, _DELETE_PICTURE = 0x7F, "\u2421"
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return `text` with every character that XML cannot hold made visible, so that nothing is lost unseen.

    Control characters become their pictures (U+2400 on), half surrogates and non-characters U+FFFD.
    """
    text = _CONTROL.sub(lambda found: _picture(ord(found[0])), text)
    return _NO_CHARACTER.sub("\ufffd", text)


def _picture(code: int) -> str:
    return _DELETE_PICTURE if code == _DELETE else chr(_PICTURES + code)
