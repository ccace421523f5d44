"""Where lines may end within words, against cases of the Unicode line breaking algorithm (UAX #14)."""

import pytest

from astrai_slides.look.line_breaks import pieces


@pytest.mark.parametrize(
    "wanted",
    [
        "word",
        "caf\u00e9",
        "https://example.org/a?b=1&c=2",
        "\u05e9\u05dc\u05d5\u05dd",
        "\u8bf7 \u6c42",
        "\u8bf7 \u6c42\u3002",
        "\u201c\u8bf7 \u6c42\u201d",
        "\uff08\u8bf7 \u6c42\uff09\uff0c \u6392",
        "\u7528 GPU \u7b97",
        "\u7b2c 10 \u4e2a",
        "\u3061 \u3087".replace(" ", ""),
        "\u30ad\u30fc \u30d0",
        "\u6c42 \u2026".replace(" ", ""),
        "\uc694 \uccad",
        "\uffe510 \u5143",
        "\U0001f469\u200d\U0001f680 \U0001f44d\U0001f3fd",
        "\u304b\u3099 \u304f",
    ],
)
def test_a_line_may_end_between_wide_characters_but_not_before_what_closes(wanted: str) -> None:
    assert pieces(wanted.replace(" ", "")) == wanted.split()
