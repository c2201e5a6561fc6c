"""The plays: what to do, for which clues, and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from segkit.insights.playbook.clues import Clue, CrowdClue, KpiClue
from segkit.segments.conditions import Test

OWNERS = {"marketing": "Marketing", "service": "Service", "success": "Customer success", "product": "Product"}
EFFORTS = {"small": "Small", "medium": "Medium", "large": "Large"}


@dataclass(frozen=True)
class Play:
    """A row of `PLAYS`.

    Attributes
    ----------
    key : str
    action : str
        What to do, as an order.
    how : str
        In a sentence or two, for who does it.
    owner, effort : str
        Keys of `OWNERS` and `EFFORTS`.
    when : tuple of tuple of clues
        Of each group at least one has to hold.
    reach : tuple of str or Test
        Crowds to which a customer of the segment has to belong, and a test she has to meet, to be reached.
        A crowd whose columns are absent leaves nobody out.
    contact : bool
        It writes to customers of its own accord: who has not agreed to that is not reached.
    kpi : str
        The KPI that should change, for the effect.
    avoid : str
        What to avoid, for the service brief; empty for nothing.
    urgent : bool
        It makes the segment's requests go first.
    """

    key: str
    action: str
    how: str
    owner: str
    effort: str
    when: tuple[tuple[Clue, ...], ...]
    reach: tuple[str | Test, ...] = ()
    contact: bool = False
    kpi: str = "retention"
    avoid: str = ""
    urgent: bool = False


def find_play(key: str, own: Sequence[Play] = ()) -> Play | None:
    """Look a play up by its key; None where there is none any more."""
    return next((one for one in (*PLAYS, *own) if one.key == key), None)


PLAYS = (
    Play(
        "support",
        "Give them faster, premium support whatever their plan",
        "Route their requests to experienced staff, promise a time and keep it.",
        "service",
        "medium",
        ((KpiClue("csat", "lower", "csat_low"),),),
        kpi="csat",
        avoid="Scripts, hand-overs and offers while a request is open. They have been let down before: "
        "acknowledge it first, then solve it.",
        urgent=True,
    ),
    Play(
        "recover",
        "Call unhappy high-value customers in person within three days",
        "Ask what went wrong, say what will change, and come back once it has.",
        "success",
        "small",
        ((CrowdClue("detractors", "detractors", within="valuable"),),),
        ("valuable", "detractors"),
        kpi="nps",
        avoid="Sending a survey or an upgrade offer before somebody has called back.",
        urgent=True,
    ),
    Play(
        "advocate",
        "Ask promoters for reviews and referrals",
        "Ask soon after a good answer, one request at a time; offer the next plan once they have helped you.",
        "marketing",
        "small",
        ((KpiClue("nps", "higher", "nps_high"),),),
        ("promoters",),
        contact=True,
        kpi="conversion",
    ),
    Play(
        "save",
        "Make a save offer before they are gone",
        "Name what they have used and miss, offer help first and a price second.",
        "success",
        "medium",
        ((CrowdClue("quiet", "quiet", within="valuable"),),),
        ("valuable", "quiet"),
        contact=True,
        kpi="retention",
        avoid="Mentioning that you noticed their silence; offer help instead.",
    ),
    Play(
        "buyers",
        "Let those about to buy go first in support",
        "An answer today decides; tell sales what was asked.",
        "service",
        "small",
        ((CrowdClue("buying", "buying"),),),
        ("buying",),
        kpi="conversion",
        urgent=True,
    ),
    Play(
        "keep",
        "Let those who may leave go first in support",
        "Solve what they ask for at the first contact and note why they hesitate.",
        "service",
        "small",
        ((KpiClue("retention", "lower", "retention_low"), CrowdClue("at_risk", "at_risk")),),
        ("leaving",),
        kpi="retention",
        avoid="Making it hard to cancel; ask for the reason instead.",
        urgent=True,
    ),
    Play(
        "callbacks",
        "Explain ahead of time and offer call-back slots",
        "Write to them before what they usually call about, and let them pick a time.",
        "service",
        "medium",
        ((CrowdClue("callers", "callers"),),),
        ("callers",),
        kpi="tickets",
        avoid="Sending them to a help page when they call; solve it, then show where it is written.",
    ),
    Play(
        "onboard",
        "Guide their first weeks",
        "One step a message, a person to ask, and a check after a month.",
        "success",
        "medium",
        ((CrowdClue("new", "new"),),),
        ("new",),
        contact=True,
        kpi="retention",
        avoid="Taking for granted that they know the product: explain the step after the answer as well.",
    ),
    Play(
        "educate",
        "Show content customers what else they could use",
        "A short example that fits what they do already.",
        "marketing",
        "small",
        ((CrowdClue("idle", "idle"),), (CrowdClue("satisfied", "content", within="idle"),)),
        ("idle", "satisfied"),
        contact=True,
        kpi="orders",
    ),
    Play(
        "fit",
        "Fit plan and price to what they use",
        "Offer a smaller plan, a bundle or a yearly price before they look for something cheaper.",
        "product",
        "medium",
        ((CrowdClue("sensitive", "sensitive"),),),
        ("sensitive",),
        contact=True,
        kpi="retention",
        avoid="Offering dearer plans; show what the present one covers.",
    ),
    Play(
        "consent",
        "Ask for consent before anything else",
        "Ask in the product and at the next contact, and say what they get for it.",
        "marketing",
        "small",
        ((CrowdClue("unreachable", "unreachable"),),),
        ("unreachable",),
        kpi="conversion",
        avoid="Promising to write or call back without asking whether they agree to it.",
    ),
    Play(
        "self_service",
        "Move routine requests to self-service",
        "Start with the topic they ask about most; keep a way to a person.",
        "product",
        "large",
        ((CrowdClue("costly", "costly"),),),
        ("costly",),
        kpi="cost_to_serve",
    ),
)
