"""How to read this: the last slides, with what marks mean, what numbers are, and what they are about."""

from segkit.insights.story.blocks import Bars, Grid, Lines
from segkit.insights.story.pages import INTERVALS, Page
from segkit.insights.story.telling import Story
from segkit.measures.definitions import KpiDefinition
from segkit.measures.suppression import SMALLEST_RANKED, SMALLEST_SHOWN

MARKS = (
    "▲ ▼: reliably above or below all other customers; of all comparisons told so, 5 in 100 may be chance",
    "≈: can’t tell from these answers",
    "↻: the segments were made from it, so nothing is compared",
    INTERVALS,
    f"Fewer than {SMALLEST_RANKED} answers: indicative, never ranked, drawn hollow",
    f"Fewer than {SMALLEST_SHOWN} answers: not shown, so that no number points to a person",
)


def reading_pages(story: Story) -> tuple[Page, ...]:
    """The pages that stand behind a story: marks and edition, then what the KPIs on it mean."""
    facts = tuple(f"{label}: {text}" for label, text in story.edition.facts)
    marks = Lines("", (*MARKS, f"About: {story.edition.title}", *facts))
    about = "Marks, and what everything is about"
    pages = [Page("reading", "How to read this", "How to read this", about, (marks,))]
    told = [one for one in story.kpis.definitions if _is_told(one, story)]
    if told:
        rows = tuple((one.label, one.help, one.formula, one.source) for one in told)
        grid = Grid(("Number", "What it is", "Computed as", "Interval and test"), rows)
        pages.append(Page("definitions", "What the numbers mean", "What the numbers mean", "", (grid,)))
    return tuple(pages)


def _is_told(definition: KpiDefinition, story: Story) -> bool:
    """Whether a KPI stands on a page."""
    for page in story.pages:
        for block in page.blocks:
            if isinstance(block, Bars) and block.shown == definition.label:
                return True
            if isinstance(block, Grid) and definition.label in block.head:
                return True
            if isinstance(block, Lines) and any(
                item.startswith(f"{definition.label}: ") for item in block.items
            ):
                return True
    return False
