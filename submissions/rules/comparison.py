"""A version of an achievement in the sections of the official forms, with what changed since the version before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from submissions.rules import codes
from submissions.rules.diff import DEL, INS, SAME, Piece, pieces
from submissions.rules.eligibility import Content, value
from submissions.rules.fields import SECTIONS, FieldRule, code_label, in_section

Names = Mapping[str, Mapping[str, str]]
"""The words of the contest's own catalogues: key of the field -> code -> name."""

_LONG = 300
_YEARLY = "benefit_wan"
_PHOTO = "leader.photo"


@dataclass(frozen=True)
class Row:
    """One field as it is read now; `long` is a text of its own rather than a fact in a table."""

    key: str
    label: str
    pieces: list[Piece]
    long: bool = False

    @property
    def changed(self) -> bool:
        return any(piece.kind != SAME for piece in self.pieces)


@dataclass(frozen=True)
class FileRow:
    """One attachment; `state` is same, ins (new in this version) or del (taken out of it)."""

    id: int
    kind: str
    name: str
    state: str = SAME
    is_picture: bool = False


@dataclass(frozen=True)
class Section:
    code: str
    label: str
    facts: list[Row]
    texts: list[Row]
    files: list[FileRow] = field(default_factory=list)

    @property
    def has_photo(self) -> bool:
        return any(row.key == _PHOTO for row in self.facts)

    @property
    def files_changed(self) -> bool:
        return any(file.state != SAME for file in self.files)

    @property
    def changes(self) -> int:
        rows = [row for row in [*self.facts, *self.texts] if row.changed]
        return len(rows) + sum(file.state != SAME for file in self.files)

    def only_changes(self, also: Collection[str] = ()) -> Section:
        """What changed, and besides it the fields of these keys: what was asked for is read even if nothing came."""
        facts, texts = ([r for r in rows if r.changed or r.key in also] for rows in (self.facts, self.texts))
        files = self.files if "attachments" in also else [file for file in self.files if file.state != SAME]
        return Section(self.code, self.label, facts, texts, files)


def sections(content: Content, before: Content | None, names: Names) -> list[Section]:
    """Every section of the forms. Without a version before, nothing counts as changed."""
    return [_section(code, label, content, before, names) for code, label in SECTIONS.items()]


def _section(code: str, label: str, content: Content, before: Content | None, names: Names) -> Section:
    rows = [_row(rule, content, before, names) for rule in in_section(code) if _is_read(rule, content, before)]
    lists = [_listed(key, title, content, before) for at, key, title in _LISTS if at == code]
    rows += [row for row in lists if row.pieces or row.key != "commendations"]
    facts, texts = [r for r in rows if not r.long], [r for r in rows if r.long]
    return Section(code, label, facts, texts, _files(content, before) if code == "proof" else [])


def _is_read(rule: FieldRule, content: Content, before: Content | None) -> bool:
    """What is empty and was not asked for is left out; the photo is always spoken of."""
    asked = rule.key == _PHOTO or (rule.required and rule.only_path in ("", content.get("benefit_path")))
    return asked or any(value(c, rule.key) not in (None, "") for c in (content, before or {}))


def _row(rule: FieldRule, content: Content, before: Content | None, names: Names) -> Row:
    if rule.key == _PHOTO:
        return Row(rule.key, rule.label, _photo(content, content if before is None else before))
    now = text_of(content, rule.key, names)
    was = now if before is None else text_of(before, rule.key, names)
    return Row(rule.key, rule.label, pieces(was, now), (rule.max_length or 0) >= _LONG)


def _photo(content: Content, before: Content) -> list[Piece]:
    """A picture has no words of its own: whether there is one, and whether it is another one now."""
    now, was = value(content, _PHOTO), value(before, _PHOTO)
    if now == was:
        return [Piece(SAME, "已上传")] if now else []
    found = (Piece(DEL, "原相片" if was else ""), Piece(INS, "新相片" if now else ""))
    return [piece for piece in found if piece.text]


def text_of(content: Content, key: str, names: Names) -> str:
    """The words of one field: names instead of codes, 是/否, 2021年3月1日, 86.40 万元/年; "" when empty."""
    found = value(content, key)
    if found is None or found == "":
        return ""
    if isinstance(found, bool):
        return "是" if found else "否"
    if key == _YEARLY:
        return f"{found} 万元/年"
    if key in names:
        return names[key].get(found, found)
    return code_label(key, _day(found))


def _day(text: str) -> str:
    """An ISO date in words; anything else as it is."""
    try:
        day = date.fromisoformat(text) if len(text) == len("2021-03-01") else None
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日" if day else text


def _listed(key: str, label: str, content: Content, before: Content | None) -> Row:
    now = _LINES[key](content)
    return Row(key, label, pieces(now if before is None else _LINES[key](before), now))


def _members(content: Content) -> str:
    people = content.get("members") or []
    return "、".join(p["name"] + (f"（{p['organization_text']}）" if p["organization_text"] else "") for p in people)


def _patents(content: Content) -> str:
    return "；".join(_patent(patent) for patent in content.get("patents") or [])


def _patent(patent: Mapping[str, Any]) -> str:
    kind = dict(codes.PATENT_TYPE).get(patent["kind"], "")
    state = dict(codes.PATENT_STATUS).get(patent["status"], "")
    granted = f"，{_day(patent['granted_on'])}授权公告" if patent.get("granted_on") else ""
    return f"{patent['number']}（{kind}，{state}{granted}）"


def _commendations(content: Content) -> str:
    return "；".join(_commendation(award) for award in content.get("commendations") or [])


def _commendation(award: Mapping[str, Any]) -> str:
    level = dict(codes.COMMENDATION_LEVEL).get(award["level"], "")
    day = _day(award["awarded_on"]) if award.get("awarded_on") else ""
    given = "本平台评出" if award.get("given") else "没有证明材料"
    proof = f"证明：{award['proof']}" if award["proof"] else given
    told = (level, award["awarding_body"], award["rank"], award["document_number"], day, proof)
    return f"{award['name']}（{'，'.join(filter(None, told))}）"


_LISTS = (
    ("leader", "members", "其他完成人"),
    ("proof", "patents", "专利"),
    ("proof", "commendations", "基层表彰"),
)
_LINES = {"members": _members, "patents": _patents, "commendations": _commendations}


def _files(content: Content, before: Content | None) -> list[FileRow]:
    """Kept and new files in their order, then those taken out; the same bytes under the same kind are the same file."""
    now = content.get("attachments") or []
    was = now if before is None else before.get("attachments") or []
    had, has = {_same_file(f) for f in was}, {_same_file(f) for f in now}
    kept = [_file(f, SAME if _same_file(f) in had else INS) for f in now]
    return kept + [_file(f, DEL) for f in was if _same_file(f) not in has]


def _same_file(file: Mapping[str, Any]) -> tuple[str, str]:
    return file["kind"], file["sha256"]


def _file(file: Mapping[str, Any], state: str) -> FileRow:
    kind = codes.ATTACHMENT_KINDS[file["kind"]]
    return FileRow(file["id"], kind.label, file["name"], state, kind.allowed == codes.PICTURES)
