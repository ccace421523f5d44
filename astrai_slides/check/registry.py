"""The rules, in the order in which they are documented and looked for."""

from astrai_slides.check.finding import Severity
from astrai_slides.check.rule import Rule
from astrai_slides.check.rules import (
    crossing_texts,
    flashing,
    heavy,
    low_contrast,
    missing_glyph,
    motion,
    network,
    off_frame,
    sight,
    text_hidden,
    text_over_text,
    too_many_words,
    too_small,
    typed_number,
    unsaid,
)

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        too_small.RULE,
        low_contrast.RULE,
        off_frame.RULE,
        text_over_text.RULE,
        text_hidden.RULE,
        crossing_texts.RULE,
        missing_glyph.RULE,
        flashing.RULE,
        sight.RULE,
        motion.LONG,
        motion.STILL,
        too_many_words.RULE,
        unsaid.RULE,
        typed_number.RULE,
        heavy.RULE,
        network.RULE,
    )
}
"""By name."""

GRAVE = tuple(name for name, rule in RULES.items() if Severity.ERROR in rule.severities)
"""Names of those that may find an error."""
