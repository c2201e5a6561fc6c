"""A company's own file: checked, opened, and without its slides.

Whoever has a template has its master, layouts, size, fonts and colours on every slide. The file comes from
outside, so it is looked at before anything reads it: what it is, how much it unpacks to, whether it runs
code. What cannot be used is refused with the reason; nothing else is taken in its place.
"""

import io
import zipfile
from typing import Any

from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.package import Package
from pptx.parts.presentation import PresentationPart
from pptx.presentation import Presentation as Opened

from segkit.errors import SegkitError

MEGABYTE = 1 << 20
LARGEST = 100 * MEGABYTE  # pictures of a master take some; PowerPoint itself gets slow above that
MOST_PARTS = 5_000
MOST_UNPACKED = 400 * MEGABYTE
LARGEST_XML = 30 * MEGABYTE  # a part of a document; parsed it takes ten times as much
MOST_RATIO = 200  # XML packs to a twentieth, a bomb to a thousandth
LARGEST_TYPES = 2 * MEGABYTE  # of the list of what is in a file
SMALL = MEGABYTE  # no matter how well it packs

LOCKED_MAGIC = b"\xd0\xcf\x11\xe0"  # OLE: what a password wraps a document in; and formats until 2003
TYPES = "[Content_Types].xml"
MACROS = (b"macroEnabled", b"vbaProject")
OTHERS = {b"wordprocessingml": "a Word document", b"spreadsheetml": "an Excel workbook"}

# What tells of the file's past: who made it, what was on its slides, which printer it went to.
FORGOTTEN = (
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.VIEW_PROPS,
    RELATIONSHIP_TYPE.PRINTER_SETTINGS,
    RELATIONSHIP_TYPE.COMMENT_AUTHORS,
    "http://schemas.microsoft.com/office/2018/10/relationships/authors",
)
SECTIONS = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"  # of an extension: slides in sections, by id

HOW = "Save it in PowerPoint as a template (.potx) or presentation (.pptx) and upload that."


class UnusableTemplate(SegkitError):
    """A file cannot serve as the template of slides; the message says why and what to do."""


def opened_template(data: bytes) -> Opened:
    """Open a company's template, without its slides.

    Parameters
    ----------
    data : bytes
        A .pptx, .potx or .ppsx file.

    Returns
    -------
    pptx.presentation.Presentation
        With its masters, layouts, theme and size, and no slide.

    Raises
    ------
    UnusableTemplate
        It is no such file, damaged, locked with a password, runs macros, is too large, or has no layout with
        a title and room below it.
    """
    from segkit.exports.deck.canvas import canvas  # which in turn raises what is defined here

    _check(data)
    try:
        opened = _opened(data)
        _emptied(opened)
    except UnusableTemplate:
        raise
    except Exception as problem:  # whatever a damaged file makes the parser do
        raise UnusableTemplate(f"The template is damaged: its parts do not fit together. {HOW}") from problem
    canvas(opened)
    return opened


# --- what it is -------------------------------------------------------------------------------------


def _check(data: bytes) -> None:
    """Refuse what must not be parsed."""
    if data[:4] == LOCKED_MAGIC:
        raise UnusableTemplate(
            "The template is locked with a password, or saved in PowerPoint's format of before 2007. "
            f"Take the password off. {HOW}"
        )
    if len(data) > LARGEST:
        raise UnusableTemplate(
            f"The template has {len(data) / MEGABYTE:.0f} MB; {LARGEST // MEGABYTE} MB is the most. "
            "Remove slides and compress its pictures."
        )
    parts, types = _listed(data)
    _check_parts(parts)
    _check_kind(types)


def _listed(data: bytes) -> tuple[list[zipfile.ZipInfo], bytes]:
    """The parts of a file and what it says they are."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if TYPES not in archive.namelist():
                raise UnusableTemplate(f"The template is no PowerPoint file but some other archive. {HOW}")
            with archive.open(TYPES) as file:
                return parts, file.read(LARGEST_TYPES)
    except UnusableTemplate:
        raise
    except Exception as problem:  # what zipfile and zlib raise has no common base
        raise UnusableTemplate(f"The template is no PowerPoint file, or damaged. {HOW}") from problem


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    whole = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or whole > MOST_UNPACKED:
        raise UnusableTemplate(
            f"The template unpacks to {len(parts):,} parts of {whole / MEGABYTE:,.0f} MB; "
            f"{MOST_PARTS:,} parts and {MOST_UNPACKED // MEGABYTE} MB are the most. Remove its slides first."
        )
    for part in parts:
        if part.flag_bits & 1:
            raise UnusableTemplate(f"The template is locked with a password. Take the password off. {HOW}")
        packed_far = part.file_size > SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1)
        long_xml = part.filename.lower().endswith((".xml", ".rels")) and part.file_size > LARGEST_XML
        if packed_far or long_xml:
            raise UnusableTemplate(
                "The template unpacks to far more than a template holds, as files do that are made to "
                f"overload a machine. {HOW}"
            )
        if part.filename.lower().endswith("vbaproject.bin"):
            raise _with_macros()


def _check_kind(types: bytes) -> None:
    if any(mark in types for mark in MACROS):
        raise _with_macros()
    if b"presentationml" not in types:
        other = next((name for mark, name in OTHERS.items() if mark in types), "some other archive")
        raise UnusableTemplate(f"The template is no PowerPoint file but {other}. {HOW}")


def _with_macros() -> UnusableTemplate:
    return UnusableTemplate(f"The template has macros, and files that run code are not taken. {HOW}")


# --- opening and emptying ---------------------------------------------------------------------------


def _opened(data: bytes) -> Opened:
    """Open a file; a template and a show become a presentation."""
    part: Any = Package.open(io.BytesIO(data)).main_document_part
    if not isinstance(part, PresentationPart):
        raise UnusableTemplate(f"The template is no PowerPoint file. {HOW}")
    part._content_type = CONTENT_TYPE.PML_PRESENTATION_MAIN
    return part.presentation


def _emptied(opened: Opened) -> None:
    """Remove all slides and whatever points at them, and what tells of the file's past."""
    part: Any = opened.part
    root = part._element
    for slide in list(root.findall(f"{qn('p:sldIdLst')}/{qn('p:sldId')}")):
        slide.getparent().remove(slide)
        part.rels.pop(slide.get(qn("r:id")))
    for shows in root.findall(qn("p:custShowLst")):
        root.remove(shows)
    for extension in root.findall(f"{qn('p:extLst')}/{qn('p:ext')}"):
        if extension.get("uri", "").upper() == SECTIONS:
            extension.getparent().remove(extension)
    for owner in [part.package, part]:
        _forget(owner, FORGOTTEN)
    for master in opened.slide_masters:
        for page in [master, *master.slide_layouts]:
            _unlink_slides(page.part)


def _forget(owner: Any, kinds: tuple[str, ...]) -> None:
    rels = owner._rels
    for key in [key for key, one in rels.items() if one.reltype in kinds]:
        rels.pop(key)


def _unlink_slides(page: Any) -> None:
    """Take jumps to slides that are gone off a layout."""
    for key in [key for key, one in page.rels.items() if one.reltype == RELATIONSHIP_TYPE.SLIDE]:
        for element in page._element.xpath(f".//*[@r:id='{key}']"):
            element.getparent().remove(element)
        page.rels.pop(key)
