"""What stands on a slide: charts, tables and words in their places, and the sizes of type they may have."""

from dataclasses import dataclass

from segkit.exports.deck.bars import Drawn
from segkit.exports.deck.shapes import Box, Cell, Para

SMALLEST = 12.0  # points: what is smaller can't be read from the back of a room
SIZES = (18.0, 16.0, 15.0, 14.0, 13.0, SMALLEST)
HEAD_SIZE = 12.0


@dataclass(frozen=True)
class Chart:
    """A chart in its place, and what it says in words."""

    box: Box
    drawn: Drawn
    told: str


@dataclass(frozen=True)
class Table:
    """A table in its place; its first row is the head."""

    box: Box
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    told: str


@dataclass(frozen=True)
class Words:
    """Paragraphs in their place; `main` when they are what the slide says, and no caption."""

    box: Box
    paras: tuple[Para, ...]
    main: bool = False


@dataclass(frozen=True)
class Sheetful:
    """What stands on one slide, and the whole of what had to be cut."""

    pieces: tuple[Chart | Table | Words, ...] = ()
    cut: tuple[str, ...] = ()

    def beside(self, other: "Sheetful") -> "Sheetful":
        """Both on one slide."""
        return Sheetful(self.pieces + other.pieces, self.cut + other.cut)


def kept(text: str, fits: str, cut: list[str]) -> str:
    """The part of a text that fits; the whole is remembered where that is not all."""
    if fits != text:
        cut.append(text)
    return fits
