"""Draw slides: our deck of 30 slides beside python-pptx used plainly, in one run.

``python benchmarks/deck.py`` draws a story of 30 slides or more, and the same number of slides with the same
charts and tables as its documentation shows how: no notes, no intervals, no labels of their own, nothing that
is made to fit. A second yardstick has a title on every slide and nothing else. Time is the best of a few.
"""

import argparse
import io
import sys
from dataclasses import replace
from math import isnan
from pathlib import Path

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

sys.path.insert(0, str(Path(__file__).parents[1]))

import segkit
from benchmarks.timing import fastest
from segkit.exports.deck import deck
from segkit.insights.edition import edition
from segkit.insights.story.blocks import Bars, Grid
from segkit.insights.story.telling import Story, story

ROOT = Path(__file__).parents[1]
TRIES = 5
TARGET = 2.0  # seconds for 30 slides


def sample_story(segments: int, slides: int) -> Story:
    """The story of the sample, with some of its pages told again until there are enough."""
    customers = segkit.read(ROOT / "data" / "sample" / "customers.csv")
    segmentation = segkit.segment(customers, segkit.Plan(n_segments=segments))
    assignment = segmentation.assign(customers)
    about = edition(customers, segmentation, len(customers), len(customers), "Customers")
    told = story(customers, assignment, segkit.measure(customers, assignment), about)
    pages = told.pages
    while len(pages) < slides:
        pages += told.pages[1 : 1 + slides - len(pages)]
    return replace(told, pages=pages)


def plainly(told: Story, filled: bool) -> bytes:
    """Slides as the documentation of python-pptx makes them."""
    made = Presentation()
    for page in told.pages:
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = page.title
        for block in page.blocks if filled else ():
            place = (Inches(1), Inches(2), Inches(8), Inches(4))
            if isinstance(block, Bars):
                data = CategoryChartData()
                data.categories = [row.label for row in block.rows]
                data.add_series(block.shown, [None if isnan(row.value) else row.value for row in block.rows])
                slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data)
            elif isinstance(block, Grid):
                table = slide.shapes.add_table(1 + len(block.rows), len(block.head), *place).table
                for row, texts in enumerate((block.head, *block.rows)):
                    for column, text in enumerate(texts):
                        table.cell(row, column).text = text
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--segments", type=int, default=8)
    parser.add_argument("--slides", type=int, default=30)
    chosen = parser.parse_args()
    told = sample_story(chosen.segments, chosen.slides)
    bare, _ = fastest(lambda: plainly(told, filled=False), TRIES)
    plain, _ = fastest(lambda: plainly(told, filled=True), TRIES)
    ours, data = fastest(lambda: deck(told), TRIES)
    slides = len(Presentation(io.BytesIO(data)).slides)
    print(f"{chosen.segments} segments, {len(told.pages)} pages, {slides} slides, {len(data) / 1024:.0f} kB")
    print(f"titles only, python-pptx          {bare:6.2f} s")
    print(f"charts and tables, python-pptx    {plain:6.2f} s")
    print(
        f"deck                              {ours:6.2f} s  {ours / plain:5.2f} ×  {ours / bare:5.2f} × titles"
    )
    print(f"a slide                           {1000 * ours / slides:6.1f} ms")
    print(f"30 slides                         {30 * ours / slides:6.2f} s  target {TARGET:.0f} s")


if __name__ == "__main__":
    main()
