"""How well colours stand out, by WCAG 2.1."""

from astrai_slides.look.theme import Palette

TEXT_CONTRAST = 4.5
"""Least contrast of a text with what is behind it (WCAG 2.1, 1.4.3 AA)."""


def contrast(one: str, two: str) -> float:
    """The contrast ratio of two colours as #RRGGBB, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(two)))
    return (light + 0.05) / (dark + 0.05)


def unreadable(palette: Palette) -> list[str]:
    """Which texts of `palette` do not stand out enough from what they are set on, a sentence each."""
    pairs = [("ink", "background"), ("muted", "background"), ("ink", "faint"), ("muted", "faint")]
    pairs += [(name, "background") for name in ("neutral", "primary", "accent", "success", "headline")]
    pairs += [("on_fill", name) for name in palette.named() if name.startswith("categories") or name == "headline"]
    colours, told = palette.named(), []
    for text, ground in pairs:
        ratio = contrast(colours[text], colours[ground])
        if ratio < TEXT_CONTRAST:
            told.append(
                f"{text} {colours[text]} on {ground} {colours[ground]} has a contrast of {ratio:.1f}, and a text needs"
                f" {TEXT_CONTRAST}"
            )
    return told


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
