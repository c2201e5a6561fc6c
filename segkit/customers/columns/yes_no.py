"""Yes and no in the languages of the customers' tools.

A column is yes/no when all its answers belong to one group of words, both sides occur, and there is no third
state: "Yes", "y" and "no" are of one group, "Yes", "No" and "Maybe" are a category. A column with only one of
the two words stays what it is, unless the user says otherwise; then every word of every group counts.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

MOST_WORDS = 40  # more different texts than this are no yes/no column


@dataclass(frozen=True)
class Words:
    """A group of words for no and for yes; the first of each is its name.

    Attributes
    ----------
    no, yes : tuple of str
        In small letters.
    short : tuple of str
        Those that only count beside a longer one of the group: "a" and "n" alone could be anything.
    """

    no: tuple[str, ...]
    yes: tuple[str, ...]
    short: tuple[str, ...] = ()

    def holds(self, found: Collection[str]) -> bool:
        """Say whether some answers are all of this group, with both sides among them."""
        both = any(word in self.no for word in found) and any(word in self.yes for word in found)
        return (
            both
            and all(word in self.no or word in self.yes for word in found)
            and not set(found) <= set(self.short)
        )


def group_of(found: Collection[str]) -> Words | None:
    """Find the group that all answers of a column are of.

    Parameters
    ----------
    found : collection of str
        The different answers, stripped; capitals do not matter.

    Examples
    --------
    >>> group_of(["Yes", "y", "NO"]).yes[0], group_of(["Ja", "Nein"]).no[0], group_of(["Yes", "No", "Maybe"])
    ('yes', 'nein', None)
    """
    answers = {text.lower() for text in found}
    return next((group for group in GROUPS if group.holds(answers)), None)


def sides(texts: Sequence[str]) -> tuple[list[int], Words]:
    """Tell for each text whether it is yes (1), no (0) or neither (-1), with all words of all groups.

    A word that means yes in one language and no in another one is taken as in the group with the most of the
    texts.

    Examples
    --------
    >>> sides(["Oui", "wahr", "?"])[0]
    [1, 1, -1]
    """
    answers = [text.lower() for text in texts]
    best_first = sorted(GROUPS, key=lambda group: -sum(word in group.no + group.yes for word in answers))
    meaning: dict[str, int] = {}
    for group in best_first:
        for side, words in ((0, group.no), (1, group.yes)):
            for word in words:
                meaning.setdefault(word, side)
    return [meaning.get(word, -1) for word in answers], best_first[0]


# --- the words ------------------------------------------------------------------------------------


def _group(no: str, yes: str, short: str = "") -> Words:
    return Words(tuple(no.split()), tuple(yes.split()), tuple(short.split()))


GROUPS = (
    _group("no n", "yes y"),
    _group("false f", "true t"),
    _group("0 0.0 0,0 0.00", "1 1.0 1,0 1.00"),
    _group("off", "on"),
    _group("unchecked", "checked"),
    _group("✗ ✘ ☒ ❌ ✕ ✖ × ☐", "✓ ✔ ☑ ✅ √ ✔️"),
    # answers
    _group("nein n", "ja j"),
    _group("non n", "oui o"),
    _group("no n", "sí si s"),
    _group("não nao n", "sim s"),
    _group("nee n", "ja j"),
    _group("no n", "sì si s"),
    _group("nie n", "tak t"),
    _group("nej n", "ja j"),
    _group("nei n", "ja j"),
    _group("ei e", "kyllä kylla k", "e k"),
    _group("ne n", "ano a", "a n"),
    _group("нет н", "да д"),
    _group("hayır hayir h", "evet e", "e h"),
    _group("否", "是"),
    _group("无 無", "有"),
    _group("错 錯", "对 對"),
    _group("いいえ", "はい"),
    _group("× ✕ ☓", "○ ◯ 〇"),
    _group("nem n", "igen i", "i n"),
    _group("nu n", "da d", "d n"),
    _group("ne n", "da d", "d n"),
    _group("ні н", "так т", "н т"),
    _group("όχι", "ναι"),
    _group("아니오 아니요", "예 네"),
    # true and false
    _group("falsch f", "wahr w", "f w"),
    _group("faux f", "vrai v", "f v"),
    _group("falso f", "verdadero v", "f v"),
    _group("falso f", "verdadeiro v", "f v"),
    _group("onwaar", "waar"),
    _group("falso f", "vero v", "f v"),
    _group("fałsz", "prawda"),
    _group("falskt", "sant"),
    _group("falsk", "sand"),
    _group("usann", "sann"),
    _group("epätosi", "tosi"),
    _group("nepravda", "pravda"),
    _group("ложь", "истина"),
    _group("yanlış", "doğru"),
    _group("假", "真"),
    _group("偽", "真"),
    # on and off, checked and not
    _group("aus", "an"),
    _group("aus", "ein"),
    _group("uit", "aan"),
    _group("apagado", "encendido"),
    _group("désactivé", "activé"),
    _group("desligado", "ligado"),
    _group("spento", "acceso"),
    _group("av", "på"),
    _group("disabled", "enabled"),
    Words(("not checked", "unchecked"), ("checked",)),
    Words(("nicht angekreuzt",), ("angekreuzt",)),
)
