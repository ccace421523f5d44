"""The rules, in the order in which they are documented and looked for."""

from astrai_slides.check.rule import Rule
from astrai_slides.check.rules import (
    low_contrast,
    missing_glyph,
    off_frame,
    text_hidden,
    text_over_text,
    too_small,
)

RULES: dict[str, Rule] = {
    module.RULE.name: module.RULE
    for module in (too_small, low_contrast, off_frame, text_over_text, text_hidden, missing_glyph)
}
"""By name."""
