"""The one source of chance: whatever is drawn depends on the words it is drawn for, and on nothing else."""

import random


def dice(*parts: object) -> random.Random:
    """A generator for these parts; their text is the seed, so it is the same on every machine."""
    return random.Random("/".join(map(str, parts)))  # noqa: S311 - invented data, no secret
