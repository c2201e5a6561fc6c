"""Missing markers: texts that stand for "no answer", and which of them may be taken so.

Sure markers ("", "N/A", "-", "?", "#N/A", "Select") are no values anywhere but in free text, ids and codes.
Possible ones ("NA", "None", "Unknown") can be nothing else in a column of numbers or dates, but a level of
a category: "NA" is Namibia and "None" can be an offer. There they are only proposed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segkit.customers.columns.texts import LONGEST, Texts, shape_of
from segkit.customers.notes import Note, Option
from segkit.labels import listing, number, plural

MOST_SHOWN = 5


@dataclass(frozen=True)
class Marker:
    """A text that stands for "no answer": as it is written in the column, and its rows."""

    text: str
    rows: int


def marked(texts: Texts, words: Iterable[str]) -> np.ndarray:
    """Say which of the texts are one of some words, in small or capital letters.

    Parameters
    ----------
    texts : Texts
    words : iterable of str
        Stripped; capitals do not matter.

    Returns
    -------
    bool array
        One a text.
    """
    wanted = _wanted(frozenset(words))
    if not wanted.texts or not len(texts.strings):
        return np.zeros(len(texts.strings), bool)
    if wanted.long:
        return _equal(texts.strings, wanted)
    hit = np.asarray(pc.is_in(texts.shapes.written, pa.array(wanted.shapes, texts.strings.type)))
    found = hit[texts.shapes.codes] if hit.any() else np.zeros(len(texts.strings), bool)
    if wanted.digits and found.any():
        found[found] = _equal(texts.strings.filter(pa.array(found)), wanted)
    return found


@dataclass(frozen=True)
class _Wanted:
    texts: tuple[str, ...]
    shapes: tuple[str, ...]
    digits: bool  # shapes alone do not tell them
    long: bool  # ... nor has a cell of that length a shape of its own


@lru_cache(maxsize=256)
def _wanted(words: frozenset[str]) -> _Wanted:
    texts = tuple(sorted({word.strip().lower() for word in words} - {""}))
    digits = any(character in "0123456789" for text in texts for character in text)
    return _Wanted(
        texts,
        tuple({shape_of(text) for text in texts}),
        digits,
        any(len(text.encode()) > LONGEST for text in texts),
    )


def _equal(strings: pa.Array, wanted: _Wanted) -> np.ndarray:
    return np.asarray(pc.is_in(pc.utf8_lower(strings), pa.array(wanted.texts, strings.type)))


def markers_of(texts: Texts, which: np.ndarray) -> tuple[Marker, ...]:
    """Count the rows of each marker of a mask; spellings that differ in capitals are one."""
    if not which.any():
        return ()
    merged: dict[str, Marker] = {}
    for text, rows in texts.tally(which):
        first = merged.get(text.lower(), Marker(text, 0))
        merged[text.lower()] = Marker(first.text, first.rows + rows)
    return tuple(merged.values())


# --- notes ----------------------------------------------------------------------------------------


def applied_note(name: str, found: tuple[Marker, ...], chosen: bool) -> list[Note]:
    """Say which texts were read as missing, and offer to keep them as values."""
    if not found:
        return []
    said = f"{_counted(found)} in “{name}” read as missing{', as you chose' if chosen else ''}."
    options = [
        Option(
            "Keep them as values" if len(found) > 1 else f"Keep “{found[0].text}” as a value",
            {"missing": {name: ()}},
        )
    ]
    if 1 < len(found) <= MOST_SHOWN:
        for one in found:
            others = tuple(other.text for other in found if other is not one)
            options.append(Option(f"Keep only “{one.text}” as a value", {"missing": {name: others}}))
    return [Note(said, not chosen, "missing", name, options=tuple(options))]


def proposed_note(name: str, found: tuple[Marker, ...], applied: tuple[Marker, ...]) -> list[Note]:
    """Offer to read levels of a category as missing."""
    if not found:
        return []
    one = len(found) == 1
    kept = "it was kept as a value, because it" if one else "they were kept as values, because they"
    said = f"{_counted(found)} in “{name}” may mean no answer; {kept} can be {'one' if one else 'some'}."
    already = tuple(marker.text for marker in applied)
    options = [Option("Read as missing", {"missing": {name: already + tuple(one.text for one in found)}})]
    if 1 < len(found) <= MOST_SHOWN:
        options += [
            Option(f"Read only “{marker.text}” as missing", {"missing": {name: (*already, marker.text)}})
            for marker in found
        ]
    return [Note(said, True, "missing-proposed", name, options=tuple(options))]


def sentinel_note(name: str, found: tuple[Marker, ...], applied: tuple[Marker, ...], rest: str) -> list[Note]:
    """Offer to read values that stand far off and repeat, such as 999, as missing.

    Parameters
    ----------
    name : str
        The column.
    found : tuple of Marker
        The texts of those values.
    applied : tuple of Marker
        Texts that are read as missing already.
    rest : str
        The range of all other values, in words.
    """
    if not found:
        return []
    one = len(found) == 1
    said = (
        f"{_counted(found)} in “{name}” may stand for “no answer”: all other values run from {rest}. "
        f"{'It was' if one else 'They were'} kept as {'a value' if one else 'values'}."
    )
    already = tuple(marker.text for marker in applied)
    change = {"missing": {name: already + tuple(marker.text for marker in found)}}
    return [Note(said, True, "sentinel", name, ask=True, options=(Option("Read as missing", change),))]


def _counted(found: tuple[Marker, ...]) -> str:
    shown = [f"“{one.text[:40]}” ({plural(one.rows, 'row')})" for one in found[:MOST_SHOWN]]
    more = len(found) - MOST_SHOWN
    return listing([*shown, f"{number(more)} more"] if more > 0 else shown, MOST_SHOWN + 1)


# --- the markers ----------------------------------------------------------------------------------


def _listed(texts: str) -> frozenset[str]:
    return frozenset(text.strip() for text in texts.replace("\n", " ").split(";"))


_ERRORS = """
#n/a #value! #ref! #div/0! #name? #null! #num! #spill! #calc! #getting_data #field! #blocked! #busy!
#nv #wert! #bezug! #zahl! #überlauf! #leer! #valeur! #nom? #nombre! #nul! #n/d #¡valor! #¡ref! #¡div/0!
#¿nombre? #¡num! #¡nulo! #valor! #nome? #núm! #nulo! #valore! #rif! #nullo! #n/b #waarde! #verw! #naam?
#getal! #leeg!
""".split()  # what spreadsheets write where a formula has no result, in seven languages

_SIGNS = (
    "? ?? ??? ？ - -- --- ---- ----- – –– — —— − . .. ... … _ __ / // \\ \\n n/a n.a. n/a. n.a nan null nul "
    "#null <na> <n/a> <nan> <null> [null] (null)"
).split()

_BLANKS = _listed("""
(blank); (blanks); (empty); <blank>; <empty>; (leer); (vide); (vides); (vacío); (vacio); (en blanco);
(em branco); (vazio); (leeg); (vuoto); (vuote)
""")

_PICK = _listed("""
select; select one; select an option; select option; please select; please choose; choose; choose one;
pick one; auswählen; bitte auswählen; bitte wählen; bitte wählen sie; wählen; sélectionner;
sélectionnez; veuillez sélectionner; veuillez choisir; choisir; choisissez; seleccionar; seleccione;
seleccione una opción; elegir; elija; elija una opción; selecionar; selecione; selecione uma opção;
escolha; escolher; selecteer; selecteren; kies; kies een optie; maak een keuze; seleziona; selezionare;
scegli; scegliere
""")
_DRESSES = (
    "{}|-{}-|- {} -|--{}--|-- {} --|---{}---|--- {} ---|– {} –|<{}>|({})|[{}]|{}...|{}…|{} ...|{}:|-{}|"
    "- {}|-- {}"
).split("|")

SURE = frozenset([*_ERRORS, *_SIGNS, *_BLANKS]) | {dress.format(word) for word in _PICK for dress in _DRESSES}

UNANSWERED = frozenset({"na", "n.v.t.", "k.a."}) | SURE  # no third state beside yes and no

POSSIBLE = _listed("""
na; none; -none-; (none); nil; missing; (missing); unknown; (unknown); undefined; unspecified; not
specified; not provided; not available; not applicable; not given; not known; not set; not stated; not
answered; no answer; no data; no response; no information; no value; (no value); don't know; don’t
know; do not
know; dont know; dk; prefer not to say; prefer not to answer; refused; n/d; n.d.; n/k; n/r; n/s; tbd;
tbc; void; empty; blank; keine angabe; keine angaben; keine antwort; ohne angabe; k.a.; k. a.; k.a; k/a;
o.a.; o. a.; nicht angegeben; nicht bekannt; nicht verfügbar; nicht vorhanden; nicht zutreffend;
unbekannt; unbek.; weiß nicht; weiss nicht; fehlt; fehlend; leer; entfällt; s/o; s.o.; nc; n.c.; n/c;
nr; n.r.; nsp; ne sait pas; non communiqué; non renseigné; non renseignée; non précisé; non spécifié;
non disponible; non applicable; sans objet; sans réponse; pas de réponse; aucune réponse; ne souhaite pas
répondre; inconnu;
inconnue; vide; manquant; manquante; aucun; desconocido; desconocida; no aplica; no disponible; no
especificado; no especificada; no contesta; no sabe; no responde; ns/nc; ns/nr; sin datos; sin dato; sin
especificar; sin información; sin respuesta; s/d; s/i; ninguno; ninguna; vacío; falta; desconhecido;
desconhecida; não aplicável; não disponível; não especificado; não informado; não informada; não
respondeu; não sabe; sem dados; sem informação; sem resposta; n/i; ignorado; nenhum; vazio; onbekend;
niet bekend; niet beschikbaar; niet ingevuld; niet opgegeven; niet van toepassing; n.v.t.; n.v.t; nvt;
geen; geen antwoord; geen opgave; geen gegevens; weet niet; leeg; sconosciuto; sconosciuta; ignoto; non
applicabile; non indicato; non specificato; non pervenuto; nessuna risposta; nessun dato; nessuno;
mancante; vuoto; brak; brak danych; nieznany; nieznane; okänd; okänt; saknas; ukendt; ukjent;
tuntematon; neznámý; neuvedeno; неизвестно; нет данных; bilinmiyor; belirtilmemiş; 未知; 不明; 未填; 未回答;
無回答; なし; 不詳
""")
