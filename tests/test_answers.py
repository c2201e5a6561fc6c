"""Survey answers and flags are read from numbers, signs and words; what is doubtful is asked, not guessed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segkit.customers.meanings.answers import CSAT_SCALES, asks_for, csat_answers, flag_answers, nps_answers
from segkit.customers.notes import Note
from segkit.errors import UnusableColumn


def known(values: tuple[float, ...]) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values]


def csat(*texts: str, name: str = "csat", **choices):
    return csat_answers(name, texts, [1] * len(texts), **choices)


def note(notes: tuple[Note, ...], key: str) -> Note:
    return next(one for one in notes if one.key == key)


def keys(notes: tuple[Note, ...]) -> list[str]:
    return [one.key for one in notes]


# --- CSAT: forms ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "values", "scale"),
    [
        (["1", "5", "3.5"], [1, 5, 3.5], (1, 5)),
        (["1", "3,5", "5"], [1, 3.5, 5], (1, 5)),
        (["1", "6", "7"], [1, 6, 7], (1, 7)),
        (["0", "10", "7"], [0, 10, 7], (0, 10)),
        (["55", "100", "20"], [55, 100, 20], (0, 100)),
        (["4/5", "2/5", "5 / 5"], [4, 2, 5], (1, 5)),
        (["4 of 5", "2 out of 5"], [4, 2], (1, 5)),
        (["4 von 5", "5 von 5 Sternen"], [4, 5], (1, 5)),
        (["8 sur 10", "3 sur 10"], [8, 3], (0, 10)),
        (["6 de 7", "2 de 7"], [6, 2], (1, 7)),
        (["15/20", "10/20"], [75, 50], (0, 100)),
        (["80 %", "20%"], [80, 20], (0, 100)),
        (["4 stars", "1 star", "5 stars"], [4, 1, 5], (1, 5)),
        (
            ["4 Sterne", "3 étoiles", "2 estrellas", "5 estrelas", "1 ster", "4 stelle"],
            [4, 3, 2, 5, 1, 4],
            (1, 5),
        ),
        (["★★★★☆", "★☆☆☆☆", "★★★★★"], [4, 1, 5], (1, 5)),
        (["⭐⭐⭐", "⭐️⭐️⭐️⭐️⭐️", "⭐"], [3, 5, 1], (1, 5)),
        (["***", "*****"], [3, 5], (1, 5)),
        (["😀", "🙂", "😐", "🙁", "😡"], [5, 4, 3, 2, 1], (1, 5)),
        ([":-)", ":-|", ":-(", "☹️"], [4, 3, 2, 2], (1, 5)),
        (["🟢", "🟡", "🔴"], [5, 3, 1], (1, 5)),
        (["👍", "👎"], [5, 1], (1, 5)),
        (["5 - Very satisfied", "4", "1 - Very dissatisfied"], [5, 4, 1], (1, 5)),
        (["Very satisfied (5)", "Satisfied (4)", "Neutral (3)"], [5, 4, 3], (1, 5)),
        (["5: sehr zufrieden", "2 = unzufrieden"], [5, 2], (1, 5)),
        (["0.8", "0.25", "1"], [80, 25, 100], (0, 100)),
    ],
)
def test_numbers_and_signs_are_read_on_their_scale(texts, values, scale):
    found = csat(*texts)
    assert (known(found.values), found.scale) == (values, scale)


@pytest.mark.parametrize(
    "texts",
    [
        "Very satisfied, Satisfied, Neither satisfied nor dissatisfied, Dissatisfied, Very dissatisfied",
        "extremely satisfied, somewhat satisfied, neutral, somewhat dissatisfied, extremely dissatisfied",
        "very happy, happy, neutral, unhappy, very unhappy",
        "extremely satisfied, very satisfied, somewhat satisfied, not so satisfied, not at all satisfied",
        "strongly agree, agree, neither agree nor disagree, disagree, strongly disagree",
        "excellent, very good, good, fair, poor",
        "excellent, good, average, poor, terrible",
        "love it, like it, indifferent, dislike it, hate it",
        "sehr zufrieden, eher zufrieden, teils/teils, eher unzufrieden, sehr unzufrieden",
        "äußerst zufrieden, zufrieden, weder noch, unzufrieden, äusserst unzufrieden",
        "Sehr gut, Gut, Befriedigend, Ausreichend, Mangelhaft",
        "stimme voll zu, stimme eher zu, teils teils, stimme eher nicht zu, stimme gar nicht zu",
        "Très satisfait, Plutôt satisfait, Neutre, Plutôt insatisfait, Très insatisfait",
        "très satisfaite, satisfaite, ni satisfait ni insatisfait, insatisfaite, pas du tout satisfaite",
        "tout à fait d'accord, d'accord, neutre, pas d'accord, pas du tout d'accord",
        "Muy satisfecho, Satisfecho, Neutral, Insatisfecho, Muy insatisfecho",
        "muy satisfecha, algo satisfecha, indiferente, poco satisfecha, nada satisfecha",
        "excelente, bueno, regular, malo, muy malo",
        "Muito satisfeito, Satisfeito, Indiferente, Insatisfeito, Muito insatisfeito",
        "ótimo, bom, regular, ruim, péssimo",
        "Zeer tevreden, Tevreden, Neutraal, Ontevreden, Zeer ontevreden",
        "helemaal mee eens, mee eens, neutraal, mee oneens, helemaal mee oneens",
        "Molto soddisfatto, Soddisfatto, Neutrale, Insoddisfatto, Molto insoddisfatto",
        "molto soddisfatta, abbastanza soddisfatta, indifferente, poco soddisfatta, per niente soddisfatta",
    ],
)
def test_five_steps_of_words_go_from_five_to_one(texts):
    found = csat(*[text.strip() for text in texts.split(",")])
    assert (known(found.values), found.scale) == ([5, 4, 3, 2, 1], (1, 5))
    assert found.detail.startswith("words of ")
    assert found.notes == ()


@pytest.mark.parametrize(
    "texts",
    [
        "very satisfied, satisfied, somewhat satisfied, neutral, somewhat dissatisfied, dissatisfied, "
        "very dissatisfied",
        "strongly agree, agree, somewhat agree, neutral, somewhat disagree, disagree, strongly disagree",
        "sehr zufrieden, zufrieden, eher zufrieden, neutral, eher unzufrieden, unzufrieden, sehr unzufrieden",
        "très satisfait, satisfait, plutôt satisfait, neutre, plutôt insatisfait, insatisfait, "
        "très insatisfait",
        "muy satisfecho, satisfecho, algo satisfecho, neutro, algo insatisfecho, insatisfecho, "
        "muy insatisfecho",
        "muito satisfeito, satisfeito, um pouco satisfeito, neutro, um pouco insatisfeito, insatisfeito, "
        "muito insatisfeito",
        "zeer tevreden, tevreden, enigszins tevreden, neutraal, enigszins ontevreden, ontevreden, "
        "zeer ontevreden",
        "molto soddisfatto, soddisfatto, abbastanza soddisfatto, neutro, abbastanza insoddisfatto, "
        "insoddisfatto, molto insoddisfatto",
    ],
)
def test_seven_steps_of_words_go_from_seven_to_one(texts):
    found = csat(*[text.strip() for text in texts.split(",")])
    assert (known(found.values), found.scale) == ([7, 6, 5, 4, 3, 2, 1], (1, 7))


def test_four_words_of_quality_have_no_middle():
    found = csat("Excellent", "Good", "Fair", "Poor")
    assert (known(found.values), found.scale) == ([5, 4, 2, 1], (1, 5))
    assert found.detail == "words of quality as 1 to 5: “poor” 1, “fair” 2, “good” 4 and “excellent” 5"


def test_a_word_keeps_its_place_when_nobody_gave_the_ends():
    assert known(csat("satisfied", "neutral", "dissatisfied").values) == [4, 3, 2]


def test_words_and_numbers_in_one_column_share_the_scale_of_the_more_frequent():
    found = csat_answers("csat", ["5", "3", "very dissatisfied", "😀"], [10, 10, 2, 1])
    assert (known(found.values), found.scale) == ([5, 3, 1, 5], (1, 5))
    to_ten = csat_answers("csat", ["9", "0", "very satisfied"], [10, 10, 2])
    assert (known(to_ten.values), to_ten.scale) == ([9, 0, 10], (0, 10))


def test_love_and_hate_from_minus_five_to_plus_five_moves_to_zero_to_ten():
    found = csat("I love it!+5", "+4", "0", "-3", "I hate it!-5", name="Like")
    assert (known(found.values), found.scale) == ([10, 9, 5, 2, 0], (0, 10))
    assert found.detail == "−5 to +5 moved to 0 to 10"
    assert note(found.notes, "csat-scale").text == "Answers in “Like”: −5 to +5 moved to 0 to 10."


@pytest.mark.parametrize(
    ("texts", "values", "scale"),
    [(["-2", "-1", "0", "2"], [1, 2, 3, 5], (1, 5)), (["-3", "-1", "3"], [1, 3, 7], (1, 7))],
)
def test_scales_around_zero_move_to_the_usual_ones(texts, values, scale):
    assert (known(csat(*texts).values), csat(*texts).scale) == (values, scale)


# --- CSAT: what is no answer ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "texts",
    [
        ["basic", "premium"],
        ["1500", "20"],
        ["yes", "no"],
        ["2024-01-01", "2024-02-01", "5"],
        ["", "n/a"],
        [],
        ["-1", "250"],
    ],
)
def test_other_texts_are_no_answers(texts):
    assert csat(*texts) is None


def test_fewer_than_half_of_the_rows_are_not_enough():
    assert csat_answers("csat", ["5", "call me"], [49, 51]) is None
    assert csat_answers("csat", ["5", "call me"], [50, 50]) is not None


def test_what_is_off_the_scale_or_no_answer_is_set_aside_and_counted():
    found = csat_answers("csat", ["1", "5", "999", "call me", "don't know", ""], [50, 50, 2, 3, 4, 5])
    assert (known(found.values), found.scale) == ([1, 5, None, None, None, None], (1, 5))
    assert found.set_aside == 5
    assert note(found.notes, "out-of-range").text == "2 answers in “csat” outside 1 to 5 are set aside."
    assert (
        note(found.notes, "not-converted").text
        == "3 cells in “csat” are no answer and set aside (“call me”)."
    )


def test_a_scale_that_is_set_counts_what_is_outside_it():
    found = csat("1", "10", "3", scale=(1, 5))
    assert (known(found.values), found.scale, found.set_aside) == ([1, None, 3], (1, 5), 1)
    assert note(found.notes, "out-of-range").text == "1 answer in “csat” outside 1 to 5 is set aside."
    with pytest.raises(UnusableColumn, match="1–9 is no CSAT scale; choose 1–5, 1–7, 0–10 or 0–100"):
        csat("1", "9", scale=(1, 9))


# --- CSAT: which scale ----------------------------------------------------------------------------


def test_other_scales_that_fit_are_offered_and_asked_only_where_the_top_is_missing():
    full = note(csat("1", "3", "5").notes, "csat-scale")
    assert (full.ask, full.text) == (False, "Answers in “csat” are read on 1 to 5.")
    assert [option.change for option in full.options] == [
        {"scales": {"csat": (1, 7)}},
        {"scales": {"csat": (0, 10)}},
        {"scales": {"csat": (0, 100)}},
    ]
    open_end = note(csat("1", "3", "4").notes, "csat-scale")
    assert (open_end.ask, open_end.check) == (True, True)
    assert open_end.text == (
        "Answers in “csat” are read on 1 to 5. The highest is 4, so the scale may be another."
    )


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        ("csat (0-10)", (0, 10)),
        ("How satisfied are you on a scale from 1 to 7?", (1, 7)),
        ("Zufriedenheit 0 bis 10", (0, 10)),
        ("csat_1_5", (1, 5)),
    ],
)
def test_a_scale_in_the_name_is_taken_without_asking(name, scale):
    found = csat("1", "3", "5", name=name)
    assert (found.scale, found.notes) == (scale, ())


def test_answers_from_one_to_ten_at_their_low_end_ask_which_end_is_best():
    asked = note(csat(*"1233221234", "10").notes, "csat-reversed")
    assert asked.text.startswith("Most answers in “csat” are at the low end of 0–10.")


@pytest.mark.parametrize("stray", ["0", "99"])
def test_a_few_codes_that_widen_the_scale_are_asked_about(stray):
    found = csat_answers("csat", ["1", "5", stray], [50, 50, 2])
    asked = note(found.notes, "csat-scale")
    assert asked.ask
    assert asked.options[0].change == {"scales": {"csat": (1, 5)}}
    assert "But for 2 answers they would fit 1 to 5." in asked.text


# --- CSAT: which end is best ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("Satisfaction (1 = very satisfied, 5 = very dissatisfied)", ["1", "3", "5", "4"]),
        ("Schulnote", ["1", "2", "6"]),
        ("Gesamtnote (Schulnoten)", ["1", "5", "4"]),
        ("csat", ["1 - very satisfied", "5 - very dissatisfied", "3"]),
        ("Zufriedenheit", ["1 = sehr zufrieden", "4", "5"]),
    ],
)
def test_signs_that_one_is_best_are_asked_about_and_turn_nothing(name, texts):
    found = csat(*texts, name=name)
    asked = note(found.notes, "csat-reversed")
    assert asked.ask
    assert [option.change for option in asked.options] == [
        {"reversed": {name: True}},
        {"reversed": {name: False}},
    ]
    assert found.values[0] == 1


def test_answers_at_the_low_end_are_asked_about():
    found = csat_answers("csat", ["1", "2", "5"], [7, 2, 1])
    assert note(found.notes, "csat-reversed").text.startswith(
        "Most answers in “csat” are at the low end of 1–5"
    )
    assert "csat-reversed" not in keys(csat_answers("csat", ["1", "4", "5"], [1, 2, 7]).notes)


def test_answers_are_turned_when_the_user_says_so():
    found = csat("1", "2", "5", "", name="Schulnote", reversed=True)
    assert (known(found.values), found.scale) == ([6, 5, 2, None], (1, 6))
    assert found.detail == "answers on 1 to 6, as the name says, turned so that 1 is best"
    assert not note(found.notes, "csat-reversed").ask
    assert "csat-reversed" not in keys(csat("1", "2", "5", name="Schulnote", reversed=False).notes)


# --- questions as headers -------------------------------------------------------------------------


QUESTIONS = """
nps  | How likely are you to recommend us to a friend?; Würden Sie uns weiterempfehlen?; Rate us from 0 to 10
nps  | Recommanderiez-vous notre marque ?; Conseilleriez-vous notre marque ?; ¿Nos recomendaría?
nps  | Você nos recomendaria?; Zou u ons aanbevelen?; Ci consiglierebbe a un amico?
csat | How satisfied are you overall?; How happy are you with our products?; Rate the food you had (1-5)
csat | Wie zufrieden sind Sie?; Wie bewerten Sie unseren Service insgesamt?; Êtes-vous satisfait ?
csat | Comment évaluez-vous notre service ?; ¿Cómo valora nuestro servicio en general?
csat | How would you rate our new shop?; ¿Está satisfecho con su compra?
csat | Como avalia o nosso atendimento?; Hoe beoordeelt u onze dienst?; Come valuta il nostro servizio?
     | recommended_products; number of recommendations; valor_total_gasto_en_tienda_online; rate plan
     | exchange rate of the day in euro; reasons for dissatisfaction; average order value; Umsatz
"""


@pytest.mark.parametrize("line", QUESTIONS.strip("\n").splitlines())
def test_questions_tell_what_they_ask_for(line):
    key, questions = line.split("|")
    told = {question.strip(): asks_for(question) for question in questions.split(";")}
    found = {question: one.key if one else "" for question, one in told.items()}
    assert found == dict.fromkeys(told, key.strip())


# --- NPS ------------------------------------------------------------------------------------------


def nps(*texts: str, **choices):
    return nps_answers("nps", texts, [1] * len(texts), **choices)


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["0", "10", "7.0"], [0, 10, 7]),
        (["9/10", "0/10"], [9, 0]),
        (["9 out of 10", "3 von 10"], [9, 3]),
        (["10 - very likely", "0 - not at all likely", "5"], [10, 0, 5]),
        (["Promoter", "Passive", "Detractor"], [10, 8, 3]),
        (["promoters (9-10)", "detractors (0-6)"], [10, 3]),
        (["Promotor", "Indifferente", "Kritiker"], [10, 8, 3]),
        (["promoteur", "passif", "détracteur"], [10, 8, 3]),
        (["promotores", "pasivos", "detractores"], [10, 8, 3]),
        (["promotor", "neutro", "detrator"], [10, 8, 3]),
        (["promotor", "passief", "criticaster"], [10, 8, 3]),
        (["promotore", "passivo", "detrattore"], [10, 8, 3]),
    ],
)
def test_nps_answers_are_read(texts, values):
    found = nps(*texts)
    assert (known(found.values), found.scale, found.set_aside) == (values, (0, 10), 0)


def test_nps_words_tell_what_they_stand_for():
    assert nps("Promoter", "Detractor").detail == (
        "words as a value inside their band: promoter 10, passive 8, detractor 3"
    )


def test_nps_answers_outside_or_not_whole_are_set_aside_and_counted():
    found = nps_answers("nps", ["9", "0", "11", "2.5", "later"], [5, 5, 2, 1, 1])
    assert known(found.values) == [9, 0, None, None, None]
    assert found.set_aside == 4
    assert note(found.notes, "out-of-range").text == (
        "3 answers in “nps” outside 0 to 10 or not whole are set aside."
    )


@pytest.mark.parametrize(
    "texts",
    [["-100", "0", "100"], ["50", "70"], ["yes", "no"], ["neutral", "good"], ["4/5", "3/5"], ["", "n/a"]],
)
def test_the_score_and_other_texts_are_no_nps_answers(texts):
    assert nps(*texts) is None


def test_answers_from_one_to_eleven_are_asked_about_and_moved_on_demand():
    texts = [str(answer) for answer in range(1, 12)]
    asked = nps(*texts)
    assert known(asked.values) == [*range(1, 11), None]
    question = note(asked.notes, "nps-shift")
    assert question.ask
    assert question.options[0].change == {"shifted": {"nps": True}}
    moved = nps(*texts, shifted=True)
    assert known(moved.values) == list(range(0, 11))
    assert (moved.set_aside, note(moved.notes, "nps-shift").ask) == (0, False)
    assert "nps-shift" not in keys(nps(*texts, shifted=False).notes)
    assert "nps-shift" not in keys(nps("0", *texts).notes)


# --- flags ----------------------------------------------------------------------------------------


def flags(role: str, *texts: str, name: str = "status"):
    return flag_answers(role, name, texts, [1] * len(texts))


@pytest.mark.parametrize(
    "texts",
    [
        "Existing Customer, Attrited Customer",
        "active, inactive",
        "Active, Cancelled",
        "stayed, left",
        "current, former",
        "retained, churned",
        "active, lapsed",
        "Yes, No",
        "1, 0",
        "aktiv, gekündigt",
        "Aktiv, inaktiv",
        "Ja, Nein",
        "actif, résilié",
        "oui, non",
        "activo, baja",
        "activo, cancelado",
        "Sí, No",
        "ativo, inativo",
        "Sim, Não",
        "actief, opgezegd",
        "Ja, Nee",
        "attivo, disdetto",
        "sì, no",
        "active subscription, cancelled subscription",
        "Kunde, ehemaliger Kunde",
    ],
)
def test_stayed_and_left_are_told_apart_in_both_roles(texts):
    stayed, left = [text.strip() for text in texts.split(",")]
    assert known(flags("retained", stayed, left).values) == [1, 0]
    if stayed.lower() not in ("yes", "1", "ja", "oui", "sí", "sim", "sì"):
        assert known(flags("churned", stayed, left).values) == [0, 1]


@pytest.mark.parametrize(
    "texts",
    [
        "won, lost",
        "Closed Won, Closed Lost",
        "purchased, not purchased",
        "subscribed, unsubscribed",
        "accepted, declined",
        "gewonnen, verloren",
        "gekauft, nicht gekauft",
        "gagné, perdu",
        "comprado, no comprado",
        "ganho, perdido",
        "gekocht, niet gekocht",
        "acquistato, non acquistato",
    ],
)
def test_won_and_lost_are_told_apart(texts):
    assert known(flags("converted", *[text.strip() for text in texts.split(",")]).values) == [1, 0]


def test_a_third_state_is_neither_and_is_asked_about():
    found = flag_answers("retained", "status", ["active", "cancelled", "paused", "trial"], [60, 20, 8, 2])
    assert (known(found.values), found.set_aside) == ([1, 0, None, None], 10)
    asked = note(found.notes, "third-state")
    assert asked.ask
    assert asked.text == (
        "“paused” and “trial” in “status” are neither retained nor not: 10 customers are set aside."
    )
    assert asked.options[0].change == {"roles": {"status": "descriptor"}}
    assert found.detail == "“active” means retained, “cancelled” not"


@pytest.mark.parametrize(
    ("role", "texts"),
    [
        ("churned", ["Yes", "No", "Maybe", "No way"]),
        ("retained", ["shipped", "delivered", "cancelled"]),
        ("retained", ["alpha", "beta"]),
        ("churned", ["0", "1", "2"]),
        ("converted", ["", ""]),
        ("converted", ["-1", "2"]),
        ("converted", ["0.5", "2"]),
    ],
)
def test_other_states_are_no_flag(role, texts):
    assert flags(role, *texts) is None


def test_a_few_strange_states_are_set_aside_and_named():
    found = flag_answers("churned", "churn", ["Yes", "No", "see note"], [50, 50, 1])
    assert (known(found.values), found.set_aside) == ([1, 0, None], 1)
    assert (
        note(found.notes, "not-converted").text
        == "1 cell in “churn” is not understood and set aside (“see note”)."
    )


def test_a_count_above_zero_is_converted_and_says_so():
    found = flag_answers("converted", "purchases", ["0", "1", "3", ""], [10, 5, 2, 1])
    assert (known(found.values), found.set_aside) == ([0, 1, 1, None], 0)
    assert note(found.notes, "counted").text == (
        "“purchases” counts how often (0 to 3); more than 0 is taken as converted."
    )
    assert flags("converted", "0", "1").notes == ()


# --- laws -----------------------------------------------------------------------------------------

TEXTS = st.sampled_from(
    ["1", "2", "3", "4", "5", "7", "10", "0", "99", "4/5", "★★★", "😀", "very satisfied", "unzufrieden",
     "call me", "", "don't know", "5 - good", "-2", "80%", "2,5"]
)  # fmt: skip
COLUMNS = st.lists(
    st.tuples(TEXTS, st.integers(1, 50)), min_size=1, max_size=12, unique_by=lambda one: one[0]
)


@given(COLUMNS)
def test_every_filled_row_is_an_answer_on_the_scale_or_set_aside(column):
    texts, counts = zip(*column, strict=True)
    found = csat_answers("csat", texts, counts)
    if found is None:
        return
    low, high = found.scale
    assert found.scale in CSAT_SCALES
    assert all(math.isnan(value) or low <= value <= high for value in found.values)
    blank = sum(rows for text, rows in column if text in ("", "don't know"))
    answered = sum(rows for value, rows in zip(found.values, counts, strict=True) if value == value)
    assert answered + found.set_aside + blank == sum(counts)


@given(COLUMNS, st.randoms())
def test_the_order_of_the_texts_changes_nothing(column, random):
    texts, counts = zip(*column, strict=True)
    found = csat_answers("csat", texts, counts)
    shuffled = list(column)
    random.shuffle(shuffled)
    again = csat_answers("csat", *zip(*shuffled, strict=True))
    if found is None or again is None:
        assert found is again
        return
    first = dict(zip(texts, map(str, found.values), strict=True))
    second = dict(zip([text for text, _ in shuffled], map(str, again.values), strict=True))
    assert (first, found.scale) == (second, again.scale)


@given(COLUMNS)
def test_turning_mirrors_every_answer_and_keeps_the_scale(column):
    texts, counts = zip(*column, strict=True)
    found = csat_answers("csat", texts, counts)
    turned = csat_answers("csat", texts, counts, reversed=True)
    if found is not None:
        low, high = found.scale
        assert turned.scale == found.scale
        mirrored = [value if math.isnan(value) else low + high - value for value in found.values]
        assert known(turned.values) == pytest.approx(known(tuple(mirrored)))


@pytest.mark.parametrize(
    "text", ["a (" * 20_000, "5 - " * 20_000, "★" * 50_000, "1" * 50_000, "very " * 20_000]
)
def test_long_texts_are_no_answers_and_take_no_time(text):
    assert csat(text) is None
    assert nps(text) is None
