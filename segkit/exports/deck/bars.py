"""Bars as a chart that PowerPoint can edit, with the workbook behind it.

The workbook holds label, value and the ends of the interval of each row, as texts and numbers and nothing
else: no formula, no link, and an empty cell where a value is not shown. Interval lines and labels hang on
those cells, so that they follow when somebody changes a number; the label of a bar stands beyond its
interval.
"""

import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isnan, nan
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.oxml.ns import nsdecls

from segkit.charts.palette import BASE_GREY, mark_colour
from segkit.exports.deck.letters import Letters
from segkit.exports.deck.shapes import QUIET, TEXT, emu, fill
from segkit.insights.story.blocks import Bar, Bars, seen
from segkit.labels import MINUS, NARROW_SPACE

EVERYONE = "Everyone"
UNDATED = datetime(2000, 1, 1)  # a workbook that is the same whenever it is written
LABEL_GAP = 5.0  # points between the end of an interval and the label of its bar
CLEAR = 2.0  # points more than renderers leave
GAP = 55  # between bars, in percent of their width
WORKBOOK_SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
SPAN = 0.02  # of the axis beyond the last end, so that a line does not touch the edge

_WRITTEN = re.compile(rf"([^\d{MINUS}]*)({MINUS}?)(\d{{1,3}}(?:,\d{{3}})+|\d+)(\.\d+)?(.*)", re.DOTALL)


def with_everyone(block: Bars) -> tuple[Bar, ...]:
    """The rows, and everyone as the last one where there is a value to compare with."""
    if isnan(block.everyone):
        return block.rows
    return (*block.rows, Bar(EVERYONE, block.everyone, text=block.everyone_text))


def number_format(row: Bar) -> str:
    """The number format that writes the value of a row as its text does; empty where none can.

    Examples
    --------
    >>> number_format(Bar("NPS", -23.9, text="−24")), number_format(Bar("Age", 0.7, text="42.8, of 39"))
    ('#,##0;"−"#,##0', '')
    """
    found = _WRITTEN.fullmatch(row.text)
    if isnan(row.value) or not found:
        return ""
    before, minus, whole, decimals, after = found.groups("")
    is_percent = after.startswith(f"{NARROW_SPACE}%")
    told = float((minus and "-") + whole.replace(",", "") + decimals)
    tolerance = 0.5000001 * 10 ** -max(len(decimals) - 1, 0)
    if abs(told - row.value * (100 if is_percent else 1)) > tolerance:
        return ""
    digits = ("#,##0" if not is_percent else "0") + ("." + "0" * (len(decimals) - 1) if decimals else "")
    end = f"{_quoted(NARROW_SPACE)}%{_quoted(after[2:])}" if is_percent else _quoted(after)
    positive = f"{_quoted(before)}{digits}{end}"
    return f"{positive};{_quoted(before)}{_quoted(MINUS)}{digits}{end}"


def _quoted(text: str) -> str:
    kept = "".join(one for one in text if unicodedata.category(one)[0] != "C" and one not in '"\\')
    return f'"{kept}"' if kept else ""


def labelled(block: Bars) -> bool:
    """Whether bars can have their values as labels: else the text of a row is something else."""
    shown = [row for row in block.rows if not isnan(row.value)]
    return 2 * sum(bool(number_format(row)) for row in shown) > len(shown)


def ends_of(block: Bars) -> tuple[float, float]:
    """Where the axis begins and ends: room for all values and intervals, and for where bars begin."""
    rows = block.rows
    ends = [end for row in rows for end in (row.value, row.low, row.high)] + [block.everyone, block.start]
    known = [end for end in ends if not isnan(end)]
    low, high = min(known), max(known)
    spread = (high - low) or abs(high) or 1.0
    return low - (SPAN * spread if low < block.start else 0.0), high + SPAN * spread


@dataclass(frozen=True)
class Drawn:
    """A chart in its place.

    Attributes
    ----------
    rows : tuple of Bar
        From top to bottom.
    shown : str
        What the values are.
    start, low, high : float
        Where bars begin, and where the axis begins and ends.
    width : float
        Of the whole chart, in points.
    names : tuple of str
        The labels as they fit, of seen letters and line breaks; the workbook has them whole.
    names_width : float
        Room for them, at the left.
    size : float
        Of the type.
    labels : bool
        Values stand at the bars.
    letters : Letters
    """

    rows: tuple[Bar, ...]
    shown: str
    start: float
    low: float
    high: float
    width: float
    names: tuple[str, ...]
    names_width: float
    size: float
    labels: bool
    letters: Letters

    @property
    def margins(self) -> tuple[float, float]:
        """Room for labels at the left and the right end of the bars, in points."""
        if not self.labels:
            return 0.0, 0.0
        left = [_room(row, self) for row in self.rows if row.value < self.start]
        right = [_room(row, self) for row in self.rows if not row.value < self.start]
        return max(left, default=0.0), max(right, default=0.0)

    @property
    def reach(self) -> float:
        """How wide the part with the bars is, in points; it begins where the names end."""
        return max(self.width - self.names_width - self.margins[1], 1.0)

    @property
    def scale(self) -> float:
        """Points for a unit of the value."""
        return max(self.reach - self.margins[0], 1.0) / ((self.high - self.low) or 1.0)

    @property
    def axis(self) -> tuple[float, float]:
        """Where the axis begins and ends: labels at the left of bars have room on it, beside the names."""
        return self.low - self.margins[0] / self.scale, self.high


def _room(row: Bar, drawn: Drawn) -> float:
    return drawn.letters.width(row.text, drawn.size, bold=True) + 2 * LABEL_GAP if not isnan(row.value) else 0


class BarData(CategoryChartData):  # type: ignore[misc, unused-ignore]
    """What python-pptx asks for a chart: its XML and its workbook, both our own."""

    def __init__(self, drawn: Drawn) -> None:
        super().__init__()
        self._drawn = drawn

    def xml_bytes(self, chart_type: Any) -> bytes:
        """The chart as XML."""
        return chart_xml(self._drawn).encode()

    @property
    def xlsx_blob(self) -> bytes:
        """The workbook behind it."""
        return workbook(self._drawn.rows, self._drawn.shown)


# --- the workbook -----------------------------------------------------------------------------------


def workbook(rows: Sequence[Bar], shown: str) -> bytes:
    """Write the numbers behind a chart: label, value, and the ends of its interval where there are any."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, WORKBOOK_SAFE) as book:
        book.set_properties({"created": UNDATED})
        sheet = book.add_worksheet("Sheet1")
        sheet.set_column(0, 0, 40)
        heads = ["", shown]
        if has_intervals(rows):
            heads += ["95 % from", "95 % to", "down to it", "up to it"]
        for column, head in enumerate(heads):
            sheet.write_string(0, column, seen(head))
        for place, row in enumerate(rows, start=1):
            sheet.write_string(place, 0, seen(row.label))
            for column, value in enumerate(_numbers(row)[: len(heads) - 1], start=1):
                if not isnan(value):
                    sheet.write_number(place, column, value)
    return stream.getvalue()


def has_intervals(rows: Sequence[Bar]) -> bool:
    """Whether any row has an interval."""
    return any(not isnan(row.value) and not isnan(row.low) and not isnan(row.high) for row in rows)


def _numbers(row: Bar) -> list[float]:
    """Value, interval, and how far its ends are from the value; nothing of what is not shown."""
    if isnan(row.value) or isnan(row.low) or isnan(row.high):
        return [row.value, *[nan] * 4]
    return [row.value, row.low, row.high, max(row.value - row.low, 0.0), max(row.high - row.value, 0.0)]


# --- the chart --------------------------------------------------------------------------------------

_AXES = '<c:axId val="111111111"/><c:axId val="222222222"/>'


def chart_xml(drawn: Drawn) -> str:
    """Draw bars as the XML of a chart; elements stand in the order of the schema."""
    inner = (drawn.names_width / drawn.width, 0, drawn.reach / drawn.width, 1)
    layout = "".join(f'<c:{tag} val="{value:.5f}"/>' for tag, value in zip("xywh", inner, strict=True))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {nsdecls("c", "a", "r")}>'
        '<c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea>'
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f"{layout}</c:manualLayout></c:layout>"
        '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'{_series(drawn)}<c:gapWidth val="{GAP}"/>{_AXES}</c:barChart>{_axes(drawn)}'
        "<c:spPr><a:noFill/></c:spPr></c:plotArea>"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_type(drawn.size)}</c:chartSpace>"
    )


def _series(drawn: Drawn) -> str:
    rows, count = drawn.rows, len(drawn.rows)
    names = "".join(
        f'<c:pt idx="{place}"><c:v>{escape(name)}</c:v></c:pt>' for place, name in enumerate(drawn.names)
    )
    head = f'<c:pt idx="0"><c:v>{escape(seen(drawn.shown))}</c:v></c:pt>'
    cache = f'<c:strCache><c:ptCount val="1"/>{head}</c:strCache>'
    return (
        '<c:ser><c:idx val="0"/><c:order val="0"/>'
        f"<c:tx><c:strRef><c:f>Sheet1!$B$1</c:f>{cache}</c:strRef></c:tx>"
        f'<c:spPr>{fill(BASE_GREY)}</c:spPr><c:invertIfNegative val="0"/>'
        f"{''.join(_point(place, row) for place, row in enumerate(rows))}{_labels(drawn)}{_intervals(rows)}"
        f'<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${count + 1}</c:f><c:strCache><c:ptCount val="{count}"/>{names}'
        f"</c:strCache></c:strRef></c:cat>"
        f"<c:val>{_cells('B', [row.value for row in rows])}</c:val></c:ser>"
    )


def _cells(column: str, values: Sequence[float]) -> str:
    """Numbers of the workbook as a chart keeps them; what is not shown is a gap."""
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{value!r}</c:v></c:pt>'
        for place, value in enumerate(map(float, values))
        if not isnan(value)
    )
    cache = f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}'
    return (
        f"<c:numRef><c:f>Sheet1!${column}$2:${column}${len(values) + 1}</c:f>"
        f"<c:numCache>{cache}</c:numCache></c:numRef>"
    )


def _point(place: int, row: Bar) -> str:
    """The colour of a bar; one that rests on few answers is hollow."""
    colour = fill(mark_colour(row.colour))
    inside = fill("bg1") if row.few else colour
    return (
        f'<c:dPt><c:idx val="{place}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
        f'<c:spPr>{inside}<a:ln w="{emu(2)}">{colour}</a:ln></c:spPr></c:dPt>'
    )


def _labels(drawn: Drawn) -> str:
    shown = '<c:showLegendKey val="0"/><c:showVal val="{}"/><c:showCatName val="0"/><c:showSerName val="0"/>'
    shown += '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    if not drawn.labels:
        return f"<c:dLbls>{shown.format(0)}</c:dLbls>"
    each = "".join(_label(place, row, drawn, shown.format(1)) for place, row in enumerate(drawn.rows))
    return (
        f"<c:dLbls>{each}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f'{_type(drawn.size, bold=True)}<c:dLblPos val="outEnd"/>{shown.format(1)}</c:dLbls>'
    )


def _label(place: int, row: Bar, drawn: Drawn, shown: str) -> str:
    """The label of a bar, beyond the end of its interval."""
    if isnan(row.value):
        return ""
    away = _beyond(row, drawn.start) * drawn.scale + (-CLEAR if row.value < drawn.start else CLEAR)
    beyond = away / drawn.width
    code = number_format(row) or f"{_quoted(row.text)};{_quoted(row.text)}"
    return (
        f'<c:dLbl><c:idx val="{place}"/><c:layout><c:manualLayout><c:x val="{beyond:.5f}"/><c:y val="0"/>'
        f'</c:manualLayout></c:layout><c:numFmt formatCode={quoteattr(code)} sourceLinked="0"/>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_type(drawn.size, bold=True)}"
        f'<c:dLblPos val="outEnd"/>{shown}</c:dLbl>'
    )


def _beyond(row: Bar, start: float) -> float:
    """How far the end of an interval lies beyond the bar, in units of the value."""
    if isnan(row.low) or isnan(row.high):
        return 0.0
    return min(row.low - row.value, 0.0) if row.value < start else max(row.high - row.value, 0.0)


def _intervals(rows: Sequence[Bar]) -> str:
    if not has_intervals(rows):
        return ""
    ends = [_numbers(row) for row in rows]
    down, up = _cells("E", [one[3] for one in ends]), _cells("F", [one[4] for one in ends])
    return (
        '<c:errBars><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="1"/>'
        f"<c:plus>{up}</c:plus><c:minus>{down}</c:minus>"
        f'<c:spPr><a:ln w="{emu(2)}">{fill(TEXT)}</a:ln></c:spPr></c:errBars>'
    )


def _axes(drawn: Drawn) -> str:
    """Names at the left, from top to bottom; the values' own axis is not drawn, labels tell them."""
    line, (low, high) = fill(QUIET), drawn.axis
    return (
        '<c:catAx><c:axId val="111111111"/><c:scaling><c:orientation val="maxMin"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'<c:spPr><a:ln w="{emu(1)}">{line}</a:ln></c:spPr>{_type(drawn.size)}'
        '<c:crossAx val="222222222"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        '<c:valAx><c:axId val="222222222"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{float(high)!r}"/><c:min val="{float(low)!r}"/></c:scaling>'
        '<c:delete val="1"/><c:axPos val="t"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        '<c:crossAx val="111111111"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>'
    )


def _type(size: float, bold: bool = False) -> str:
    """The type of words in a chart; labels keep to one line."""
    frame = '<a:bodyPr wrap="none"/>' if bold else "<a:bodyPr/>"
    return (
        f'<c:txPr>{frame}<a:lstStyle/><a:p><a:pPr><a:defRPr sz="{round(size * 100)}" b="{int(bold)}">'
        f'{fill(TEXT)}</a:defRPr></a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr>'
    )
