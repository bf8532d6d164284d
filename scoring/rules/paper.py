"""The code of a printed score sheet: seven random characters and a check character, read from paper by a person.

The alphabet leaves out what looks alike on paper (0 O, 1 I L). It has 31 characters, a prime, and the places weigh 1 to
8, so every single wrong character and every swap of two is noticed (a weighted sum modulo 31, as ISBN-10 has it).
"""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_ADDRESS = re.compile(r"/([^/]+)/?$")


def with_check(body: str) -> str:
    """The whole code of seven characters of the alphabet: the check character makes the weighted sum 0."""
    if len(body) != LENGTH - 1 or not set(body) <= set(ALPHABET):
        raise ValueError("a code's body is seven characters of the alphabet")
    rest = sum(place * _VALUE[character] for place, character in enumerate(body, start=1)) % len(ALPHABET)
    inverse = pow(LENGTH, -1, len(ALPHABET))
    return body + ALPHABET[-rest * inverse % len(ALPHABET)]


def normal(typed: str) -> str:
    """What was typed or scanned, as it is stored: from full width or small letters, with dashes, or a whole address."""
    text = unicodedata.normalize("NFKC", typed).strip()
    address = _ADDRESS.search(text)
    return re.sub(r"[\s\-–—－_.]", "", address.group(1) if address else text).upper()


def fault(code: str) -> str:
    """Why this normalised text cannot be a code, as a Chinese sentence; "" when it can."""
    if not code:
        return "请输入或扫描纸质评分表右上角的表码。"
    if strange := [character for character in code if character not in _VALUE]:
        return f"表码里没有“{strange[0]}”这个字符（不用 0、1、I、L、O），请对照纸面重新输入。"
    if len(code) != LENGTH:
        return f"表码是 {LENGTH} 位，现在输入了 {len(code)} 位，请对照纸面重新输入。"
    if sum(place * _VALUE[character] for place, character in enumerate(code, start=1)) % len(ALPHABET):
        return f"表码 {shown(code)} 的校验位不对，有一位输错了，请对照纸面重新输入。"
    return ""


def shown(code: str) -> str:
    """As it is printed: two groups of four."""
    return f"{code[:4]}-{code[4:]}"
