"""Words: what the status, the channel or the question of a log says, in seven languages."""

import re
from collections.abc import Sequence

import numpy as np

from segkit.customers.meanings.aliases import plain

Vocabulary = tuple[str, ...]


def said(texts: Sequence[str], vocabulary: Vocabulary) -> np.ndarray:
    """Tell which texts have a word that starts like one of the vocabulary, and no word that denies it.

    Examples
    --------
    >>> said(["Storniert", "not cancelled", "Delivered", "Annulée par le client"], CANCELLED).tolist()
    [True, False, False, True]
    """
    pattern = re.compile(r"\b(" + "|".join(one.replace("$", r"\b") for one in vocabulary) + ")")
    found = [plain(text) for text in texts]
    return np.array([bool(pattern.search(text)) and not _DENIED.search(text) for text in found], dtype=bool)


_DENIED = re.compile(
    r"\b(not?|nicht|nie|kein\w*|pas|non|nao|sin|sem|senza|niet|geen|never|partial\w*cancel\w*)\b"
)


def _stems(listed: str) -> Vocabulary:
    return tuple(listed.split())


CANCELLED = _stems("cancel storn annul anulad anulac geannul void$ voided abgebrochen afgebroken")
RETURNED = _stems(
    "return refund chargeback retour zuruck zurueck erstatt rembours renvoy devuelt devol reembols reso$ "
    "resi$ restitu rimbors geretour teruggestuurd terugbetaald"
)
YES = _stems("yes$ y$ true$ ja$ j$ wahr$ oui$ o$ vrai$ si$ s$ verdadero$ sim$ verdadeiro$ vero$ waar$ 1$")
CLOSED = _stems(
    "closed close$ solved resolved done$ completed finished geschlossen gelost geloest erledigt "
    "abgeschlossen beendet ferme clos$ close$ clotur resolu termin cerrad resuelt solucionad finaliz "
    "fechad encerrad resolvid concluid chius risolt conclus gesloten opgelost afgehandeld afgesloten "
    "afgerond"
)
PHONE = _stems(
    "phone telephon telefon tel$ call calls voice hotline anruf angerufen appel llamad ligac chiamat "
    "telefoon gebeld bellen"
)
SATISFIED = _stems("satisf csat zufrieden soddisf tevreden satisfec")
RECOMMEND = _stems(
    "recommend recommand recomend raccomand consigli nps promoter weiterempf empfehl aanbevel aanraden"
)
