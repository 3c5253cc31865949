"""One paragraph of a Word file as runs: which words count where changes are tracked, what is no text at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from consult.drafts.sources.archive import attribute, child, local
from consult.drafts.sources.inline import Run
from consult.drafts.sources.report import Report
from consult.drafts.sources.word_numbering import Numbering, roman
from consult.drafts.sources.word_styles import Look, on
from consult.errors import N_

DELETED = N_("A tracked deletion: these words were left out, as if the change were accepted.")
INSERTED = N_("A tracked insertion: these words were taken, as if the change were accepted.")
COMMENTED = N_("A comment of the file was left out.")
PICTURE = N_("A picture was left out. Attach it to the draft if it belongs to the text.")
OBJECT = N_("An embedded object was left out. Attach it to the draft if it belongs to the text.")
FORMULA = N_("A formula was taken as plain words; check it.")
BOX = N_("A text box stood here: its words follow as a paragraph of their own.")
HIDDEN = N_("Hidden words were left out.")
STRUCK = N_("These words are struck out in the file; they were taken as ordinary words.")
COLOURED = N_("Underlining, colours and highlighting are not carried over.")
SYMBOL = N_("A sign of a symbol font was left out.")
IMPORTED = N_("A whole other file is embedded here; it was left out.")
_SYMBOLS = {"F0B7": "•", "F0A7": "▪", "F0FC": "✓", "F0B0": "°", "F0B1": "±", "F0A3": "≤", "F0B3": "≥", "F0D7": "·",
            "F02D": "–", "F0D8": "➢", "F0A8": "☐", "F0FE": "☒"}  # fmt: skip
_THROUGH = {"smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo", "Choice", "ruby", "rubyBase"}
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_STRICT_MATHS = "http://purl.oclc.org/ooxml/officeDocument/math"


@dataclass(slots=True)
class Package:
    """What the paragraphs of one file need to know. marks: the mark of each footnote by its id, in order of use."""

    styles: Mapping[str, Look]
    numbering: Numbering
    links: Mapping[str, str]
    comments: Mapping[str, str]
    report: Report
    marks: dict[str, str] = field(default_factory=dict)

    def mark(self, kind: str, note_id: str) -> str:
        key = f"{kind}{note_id}"
        if key not in self.marks:
            place = sum(1 for known in self.marks if known[0] == kind) + 1
            self.marks[key] = str(place) if kind == "f" else roman(place).lower()
        return self.marks[key]


def chosen(element: Element) -> Element:
    """Word says drawings twice, for new and old programs: the new way, or whatever there is."""
    choice = child(element, "Choice")
    return element if choice is None else choice


@dataclass(slots=True)
class Reading:
    """The runs of one paragraph, line by line; boxes are the text boxes that hang on it."""

    package: Package
    number: int
    lines: list[list[Run]] = field(default_factory=lambda: [[]])
    boxes: list[Element] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    in_instruction: list[bool] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    inserted: list[str] = field(default_factory=list)

    def lose(self, what: str, why: str) -> None:
        self.package.report.add(self.number, what, why)

    def walk(self, element: Element, link: str = "") -> None:
        for one in element:
            name = local(one)
            if one.tag.startswith((f"{{{_OFFICE}}}", f"{{{_STRICT_MATHS}}}")):
                self.formula(one)
            elif name == "r":
                self.run(one, link)
            elif name == "hyperlink":
                self.walk(one, self.package.links.get(attribute(one, "id"), ""))
            elif name in ("ins", "moveTo"):
                before = len(self.lines[-1])
                self.walk(one, link)
                self.inserted.append("".join(run.text for run in self.lines[-1][before:]))
            elif name in ("del", "moveFrom"):
                self.deleted.append("".join(word.text or "" for word in one.iter() if local(word) in ("delText", "t")))
            elif name == "AlternateContent":
                self.walk(chosen(one), link)
            elif name in _THROUGH:
                self.walk(one, link)

    def formula(self, element: Element) -> None:
        words = "".join(one.text or "" for one in element.iter() if local(one) == "t")
        if words:
            self.lines[-1].append(Run(words))
            self.lose(words, FORMULA)

    def run(self, element: Element, link: str) -> None:
        look = self.look(child(element, "rPr"))
        if look is None:
            hidden = "".join(one.text or "" for one in element if local(one) == "t").strip()
            if hidden:
                self.lose(hidden, HIDDEN)
            return
        for one in element:
            self.piece(one, replace(look, link=link))

    def look(self, properties: Element | None) -> Run | None:
        """The look of a run, None if it is hidden."""
        if properties is None:
            return Run("")
        style = self.package.styles.get(attribute(child(properties, "rStyle"), "val"), Look())
        if on(child(properties, "vanish")):
            return None
        if on(child(properties, "u")) or child(properties, "highlight") is not None:
            self.package.report.once(self.number, "", COLOURED)
        bold, italic = on(child(properties, "b")), on(child(properties, "i"))
        script = {"superscript": "sup", "subscript": "sub"}.get(attribute(child(properties, "vertAlign"), "val"), "")
        return Run(
            "",
            bold=bool(style.bold if bold is None else bold),
            italic=bool(style.italic if italic is None else italic),
            script=script,
        )

    def piece(self, one: Element, look: Run) -> None:
        name = local(one)
        if name == "fldChar":
            self.field_mark(attribute(one, "fldCharType"))
        elif any(self.in_instruction):
            return
        elif name == "t":
            self.lines[-1].append(replace(look, text=one.text or ""))
        elif name in ("tab", "ptab"):
            self.lines[-1].append(replace(look, text=" "))
        elif name in ("br", "cr"):
            if attribute(one, "type") not in ("page", "column"):
                self.lines.append([])
        elif name == "noBreakHyphen":
            self.lines[-1].append(replace(look, text="-"))
        elif name == "sym":
            self.symbol(one, look)
        elif name in ("footnoteReference", "endnoteReference"):
            mark = self.package.mark(name[0], attribute(one, "id"))
            self.notes.append(mark)
            self.lines[-1].append(Run("", note=mark))
        elif name == "commentReference":
            self.lose(self.package.comments.get(attribute(one, "id"), ""), COMMENTED)
        elif name in ("drawing", "pict", "object", "AlternateContent"):
            self.drawing(chosen(one) if name == "AlternateContent" else one)
        elif name == "checkBox":
            self.lines[-1].append(replace(look, text="☐"))

    def field_mark(self, kind: str) -> None:
        """A field has an instruction, which is no text, and then what it gives, which is."""
        if kind == "begin":
            self.in_instruction.append(True)
        elif kind == "separate" and self.in_instruction:
            self.in_instruction[-1] = False
        elif kind == "end" and self.in_instruction:
            self.in_instruction.pop()

    def symbol(self, one: Element, look: Run) -> None:
        code = attribute(one, "char").upper()
        sign = _SYMBOLS.get(code, "")
        if not sign and len(code) == 4 and not code.startswith(("F0", "E", "D")) and code.isalnum():
            sign = chr(int(code, 16)) if all(digit in "0123456789ABCDEF" for digit in code) else ""
        if sign:
            self.lines[-1].append(replace(look, text=sign))
        else:
            self.lose(attribute(one, "font"), SYMBOL)

    def drawing(self, element: Element) -> None:
        boxes = [one for one in element.iter() if local(one) == "txbxContent"]
        if boxes:
            self.boxes += boxes
            return
        described = next((one for one in element.iter() if local(one) == "docPr"), None)
        words = attribute(described, "descr") or attribute(described, "title")
        self.lose(words, OBJECT if local(element) == "object" else PICTURE)

    def finish(self) -> None:
        if words := "".join(self.deleted).strip():
            self.lose(words, DELETED)
        if words := "".join(self.inserted).strip():
            self.lose(words, INSERTED)
