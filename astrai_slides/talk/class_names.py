"""What a deck is called after its class. Nothing else is imported here: a deck without a talk file needs no more."""

import re


def in_words(name: str) -> str:
    """ContinuousBatching as Continuous Batching."""
    return " ".join(part[0].upper() + part[1:] for part in _parts(name) if part)


def kebab_case(name: str) -> str:
    """ContinuousBatching as continuous-batching."""
    return "-".join(_parts(name)).lower()


def _parts(name: str) -> list[str]:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).split("_")
