"""The last sheet that is read: what every number means, what the columns are, how the table was read."""

from collections.abc import Sequence

from segkit.exports.lists import data_dictionary
from segkit.exports.workbook.content import Content
from segkit.exports.workbook.sheets import HEAD, SECTION, STRONG, WRAPPED, Cell, Page
from segkit.exports.workbook.tables import unit_text
from segkit.labels import plural
from segkit.measures.kpis import SMALLEST_RANKED, SMALLEST_SHOWN, KpiDefinition

WIDTHS = (34, 74, 56, 56, 26, 26, 14)
BETTER = {1: "higher", -1: "lower", 0: ""}
READING = (
    ("▲ ▼", "Reliably above or below all other customers; the difference is told beside it."),
    ("≈", "Cannot be told from all other customers yet: the difference may be chance."),
    ("↻", "The segments were formed from this column, so they differ in it by design: no verdict."),
    ("– or not shown", f"Fewer than {SMALLEST_SHOWN} answers here, or the total would give them away."),
    ("Indicative", f"From {SMALLEST_SHOWN} to {SMALLEST_RANKED - 1} answers: shown, but never ranked."),
    ("Interval", "95 % interval: where the value of customers like these lies, as far as chance goes."),
    (
        "Verdict",
        "Each segment against all others; at most 5 % of all differences told are expected to be chance.",
    ),
    (
        "Difference to the rest",
        "Value of the segment minus that of all other customers; of percent in points.",
    ),
    ("Coverage", "Customers of the segment who have an answer, as a part of all of them."),
    (
        "Effect",
        "Formed: distance from everyone in standard deviations. Describes: Cohen’s h or d against others.",
    ),
    ("Index", "100 × value of the segment / value of everyone, with its 95 % interval."),
    ("Finds them correctly", "Precision of a rule: of those it finds, how many are in the segment."),
    ("Finds of all", "Recall of a rule: of the segment, how many it finds."),
    ("Confidence", "0.5 on the border between two segments, 1 at the heart of one."),
)


def write_definitions(page: Page, content: Content) -> None:
    """Write KPIs, signs, columns and the reading report, one block below the other."""
    page.columns(WIDTHS)
    heads = ("KPI", "What it means", "How it is computed", "Interval and test", "Unit", "Key", "Better when")
    _block(page, "KPIs", heads, [_kpi(content, one) for one in content.kpis.definitions])
    _block(page, "How to read it", ("Sign or word", "What it means"), _reading(content))
    table = data_dictionary(content.customers, content.assignment).to_pylist()
    columns = [(row["column"], row["meaning"], row["role"], row["kind"]) for row in table]
    _block(page, "Columns of the table and its lists", ("Column", "What it means", "Role", "Kind"), columns)
    _block(page, "How the table was read", ("", "What was found or assumed"), _notes(content))


def _block(page: Page, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    page.put(Cell(title, SECTION))
    page.put(*(Cell(head, HEAD) for head in heads))
    for first, *others in rows:
        page.put(Cell(first, STRONG), *(Cell(text, WRAPPED) for text in others))
    page.skip()


def _kpi(content: Content, one: KpiDefinition) -> tuple[str, ...]:
    unit = next(unit_text(row.unit) for row in content.kpis.of(one.key))
    return one.label, one.help, one.formula, one.source, unit, one.key, BETTER[one.better]


def _reading(content: Content) -> list[tuple[str, str]]:
    rows = list(READING)
    if "value" in content.kpis.keys:
        rows.append(("Value of a customer", f"An assumption: {content.kpis.assumptions.text}."))
    return rows


def _notes(content: Content) -> list[tuple[str, str]]:
    """The reading report, without what may quote personal data."""
    hidden = [one.name for one in content.customers.columns if one.hidden and not content.personal]
    kept = [
        note.text
        for note in content.customers.notes
        if not any(name == note.column or f"“{name}”" in note.text for name in hidden)
    ]
    rows = [(str(place + 1), text) for place, text in enumerate(kept)]
    if left := len(content.customers.notes) - len(kept):
        rows.append(("", f"{plural(left, 'note')} about columns with personal data left out."))
    return rows
