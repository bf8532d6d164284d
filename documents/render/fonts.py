"""Where the fonts of the papers come from."""

from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent.parent / "static"

# Put there by scripts/fonts.py at set-up; without them the next font of css/paper.css is taken.
OWN = {"Wuxiao FangSong": "fonts/wuxiao-fangsong.otf", "Wuxiao Kai": "fonts/wuxiao-kai.otf"}

# The installed families of css/paper.css that we count on; those that an owner may add only widen the choice.
INSTALLED = ("Noto Serif CJK SC", "Noto Sans CJK SC", "DejaVu Sans")


def own_files() -> dict[str, str]:
    """Our fonts that are there: family and path under static/."""
    return {family: path for family, path in OWN.items() if (STATIC / path).is_file()}
