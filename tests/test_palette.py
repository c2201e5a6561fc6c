"""Segment colours stay apart for every viewer, and everything is readable on every surface."""

import re
import tomllib
from dataclasses import astuple, fields
from itertools import combinations
from math import atan2, cbrt, cos, degrees, exp, hypot, radians, sin, sqrt
from pathlib import Path

import pytest

from segkit.charts import palette
from segkit.charts.palette import ACCENT, BASE_GREY, DARK, LIGHT, SEGMENT_COLOURS, STATUS, segment_colour

CONFIG = Path(__file__).parents[1] / ".streamlit" / "config.toml"
SURFACES = (LIGHT.background, LIGHT.card, DARK.background, DARK.card)

# Machado, Oliveira, Fernandes (2009), "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", IEEE TVCG 15(6), severity 1.0; the matrices act on linear RGB.
VIEWERS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# IEC 61966-2-1 (sRGB) to XYZ, D65.
TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)


def times(matrix, vector):
    return tuple(sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)


def linear(colour):
    shares = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)


def contrast(one, other):
    darker, lighter = sorted(times(TO_XYZ, linear(colour))[1] for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def lab(colour, viewer="normal"):
    seen = [min(max(c, 0), 1) for c in times(VIEWERS[viewer], linear(colour))]
    whites = [sum(row) for row in TO_XYZ]
    x, y, z = (
        cbrt(t) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29
        for t in (value / white for value, white in zip(times(TO_XYZ, seen), whites, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(one, other):
    """Sharma, Wu, Dalal (2005), "The CIEDE2000 Color-Difference Formula", equations 2 to 22."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = ((hypot(a1, b1) + hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * sqrt(mean / (mean + 25**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = degrees(atan2(b1, a1)) % 360, degrees(atan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0
    hue = h1 + turn / 2 if c1 * c2 else h1 + h2
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    t = 1 + sum(size * cos(radians(times_ * hue + shift)) for size, times_, shift in waves)
    d_light = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2))
    d_chroma = (c2 - c1) / (1 + 0.045 * chroma)
    d_hue = 2 * sqrt(c1 * c2) * sin(radians(turn / 2)) / (1 + 0.015 * chroma * t)
    bend = sin(radians(60 * exp(-(((hue % 360 - 275) / 25) ** 2))))
    rotation = -2 * sqrt(chroma**7 / (chroma**7 + 25**7)) * bend
    return sqrt(d_light**2 + d_chroma**2 + d_hue**2 + rotation * d_chroma * d_hue)


def smallest_difference(pairs, viewer):
    return min(ciede2000(lab(one, viewer), lab(other, viewer)) for one, other in pairs)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ],
)
def test_difference_formula_gives_its_published_values(one, other, expected):
    assert ciede2000(one, other) == pytest.approx(expected, abs=1e-4)


def test_contrast_formula_gives_its_published_bounds():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("first", "normal", "colour_blind"),
    [(2, 50, 40), (4, 28, 16), (6, 22, 12.5), (8, 15, 9.5), (12, 12, 7.5)],
)
@pytest.mark.parametrize("viewer", VIEWERS)
def test_segment_colours_stay_apart(viewer, first, normal, colour_blind):
    expected = normal if viewer == "normal" else colour_blind
    assert smallest_difference(combinations(SEGMENT_COLOURS[:first], 2), viewer) >= expected


@pytest.mark.parametrize("viewer", VIEWERS)
def test_no_segment_looks_like_the_base(viewer):
    assert smallest_difference([(BASE_GREY, colour) for colour in SEGMENT_COLOURS[:6]], viewer) >= 10
    assert smallest_difference([(BASE_GREY, colour) for colour in SEGMENT_COLOURS], viewer) >= 7


def test_status_and_accent_are_no_segment_colours():
    others = (*astuple(STATUS), ACCENT, DARK.accent)
    pairs = [(other, colour) for other in others for colour in (*SEGMENT_COLOURS, BASE_GREY)]
    assert smallest_difference(pairs, "normal") >= 10


@pytest.mark.parametrize("viewer", VIEWERS)
def test_better_and_worse_differ_for_everyone(viewer):
    assert smallest_difference([(STATUS.better, STATUS.worse)], viewer) >= 10


@pytest.mark.parametrize("colour", [*SEGMENT_COLOURS, BASE_GREY, *astuple(STATUS)])
def test_marks_stand_out_on_every_surface(colour):
    assert min(contrast(colour, surface) for surface in SURFACES) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_are_readable_on_page_and_card(theme):
    words = (theme.text, theme.muted, theme.accent, *astuple(theme.status))
    assert min(contrast(word, surface) for word in words for surface in (theme.background, theme.card)) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_primary_button_is_readable_and_stands_out(theme):
    assert contrast("#FFFFFF", theme.button) >= 4.5
    assert min(contrast(theme.button, surface) for surface in (theme.background, theme.card)) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_captions_faded_by_streamlit_stay_readable(theme):
    def faded(surface):
        shares = zip(theme.text[1::2], theme.text[2::2], surface[1::2], surface[2::2], strict=True)
        mixed = (0.6 * int(a + b, 16) + 0.4 * int(c + d, 16) for a, b, c, d in shares)
        return "#" + "".join(f"{round(value):02X}" for value in mixed)

    assert min(contrast(faded(surface), surface) for surface in (theme.background, theme.card)) >= 4.5


def test_colours_are_written_alike_and_never_twice():
    assert len(set(SEGMENT_COLOURS)) == 12
    written = re.findall(r'"(#\w+)"', Path(palette.__file__).read_text(encoding="utf-8"))
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in written)


@pytest.mark.parametrize(("position", "expected"), [(0, 0), (11, 11), (12, 0), (25, 1)])
def test_positions_beyond_the_twelfth_come_round(position, expected):
    assert segment_colour(position) == SEGMENT_COLOURS[expected]


def test_negative_positions_are_refused():
    with pytest.raises(ValueError, match="counted from 0, not -1"):
        segment_colour(-1)


@pytest.mark.parametrize(("name", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_streamlit_wears_the_same_colours(name, theme):
    config = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    worn = {
        "backgroundColor": theme.background,
        "secondaryBackgroundColor": theme.card,
        "textColor": theme.text,
        "borderColor": theme.border,
        "primaryColor": theme.button,
        "linkColor": theme.accent,
    }
    assert {option: config[name][option] for option in worn} == worn
    assert config[name]["sidebar"] == {
        "backgroundColor": theme.card,
        "secondaryBackgroundColor": theme.background,
    }
    assert tuple(config["chartCategoricalColors"]) == SEGMENT_COLOURS


def test_themes_differ_in_every_colour():
    assert all(getattr(LIGHT, field.name) != getattr(DARK, field.name) for field in fields(LIGHT))
