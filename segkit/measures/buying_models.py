"""Two small models of buying, as formulas: how often customers order, and what an order brings.

BG/NBD (Fader, Hardie & Lee 2005): customers order at a pace of their own, and after each order some stop.
Gamma-gamma (Fader & Hardie 2013): each customer has a usual amount an order, and the fewer orders are known,
the closer she is put to everybody's. Both are fitted by maximum likelihood to the different combinations of
numbers only, each with its count of customers. What they are made of a customer table for is in `buying`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log, nan

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, digamma, expit, gammaln

WIDEST = 5.0  # how far a parameter may be from 1, as a power of ten, in the scale of the data
WEAK = 4.0  # on the log scale: what is assumed of a parameter where the data say nothing on it
NODES, STEPS = 24, 10  # of the two quadratures: within 1e-6 of the closed form, see the tests
ENOUGH = 4_000  # different rows that the first climb is made on
FLAT = 1e-9  # of the curvature, against its sum: a direction on which the data say nothing
STEP = 1e-4  # of a derivative, on the log scale

Float = np.ndarray


# --- BG/NBD -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pace:
    """Parameters of BG/NBD: pace ~ gamma(r, alpha), chance to stop after an order ~ beta(a, b).

    `alpha` is in the unit of time of the data. Source: Fader, Hardie & Lee (2005), "Counting your customers
    the easy way", Marketing Science 24.
    """

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, frequency: Float, recency: Float, age: Float) -> Float:
        """The chance that a customer still buys; 1 for one order only, which is how this model sees it.

        Examples
        --------
        >>> Pace(0.243, 4.414, 0.793, 2.426).alive(np.array([2.0]), np.array([30.43]), np.array([38.86]))
        array([0.7266...])
        """
        x, more = frequency, frequency > 0
        safe = np.where(more, self.b + x - 1, 1.0)
        odds = np.log(self.a / safe) + (self.r + x) * np.log((self.alpha + age) / (self.alpha + recency))
        return np.where(more, expit(-odds), np.where(np.isnan(x), nan, 1.0))

    def ahead(self, frequency: Float, age: Float, time: float, rate: float = 0.0) -> Float:
        """Orders in a time ahead of a customer who still buys, each worth less the later it comes.

        Parameters
        ----------
        frequency, age : float array
        time : float
            In the unit of the data.
        rate : float
            Continuous discount per unit of time.

        Notes
        -----
        Given that she still buys, pace and chance to stop are gamma(r + x, alpha + T) and beta(a, b + x), and
        the published closed form is an integral over both. It is taken by Gauss–Jacobi quadrature over the
        chance to stop and Gauss–Legendre over the logarithm of time: all terms are positive, so nothing
        overflows or cancels as the hypergeometric function does for long histories or where a is near 1.
        """
        (x, old), place, _ = different(frequency, age)
        return orders_ahead(self, x, old, time, (rate,))[0][place]

    def expected(self, frequency: Float, recency: Float, age: Float, time: float, rate: float = 0.0) -> Float:
        """Orders of each customer in a time ahead, as `ahead`, times the chance that she still buys.

        Examples
        --------
        >>> pace = Pace(0.243, 4.414, 0.793, 2.426)
        >>> pace.expected(np.array([2.0]), np.array([30.43]), np.array([38.86]), 39.0)
        array([1.226...])
        """
        return self.alive(frequency, recency, age) * self.ahead(frequency, age, time, rate)

    def counts(self, age: Float, most: int) -> Float:
        """The chances of 0, 1, … `most` - 1 repeat orders by a new customer after some time, a row each age.

        Source: equation 8 of the paper.
        """
        x = np.arange(most, dtype=float)
        old = np.maximum(age, 1e-300)[:, None]
        paced = gammaln(self.r + x) - gammaln(self.r) - gammaln(x + 1)
        paced = (
            paced + self.r * np.log(self.alpha / (self.alpha + old)) + x * np.log(old / (self.alpha + old))
        )
        negative = np.exp(paced)  # negative binomial: so many, if nobody stopped
        stays = np.exp(betaln(self.a, self.b + x) - betaln(self.a, self.b))
        before = np.concatenate([np.zeros((len(negative), 1)), np.cumsum(negative, axis=1)[:, :-1]], axis=1)
        safe = np.where(x > 0, self.b + x - 1, 1.0)
        stops = np.where(x > 0, np.exp(betaln(self.a + 1, safe) - betaln(self.a, self.b)), 0.0)
        return stays * negative + stops * np.maximum(1 - before, 0.0)


def _jacobi(a: float, b: Float) -> tuple[Float, Float]:
    """Nodes and weights for means over beta(a, b), one row each b (Golub & Welsch 1969)."""
    k = np.arange(1, NODES, dtype=float)
    left, right = a - 1, (b - 1)[:, None]
    total = left + right
    middle = np.zeros((len(b), NODES))
    middle[:, :1] = (left - right) / (total + 2)
    middle[:, 1:] = (left**2 - right**2) / ((2 * k + total) * (2 * k + total + 2))
    # of the first the factor k + total may be 0 as 2 k + total - 1 is, so that they are left out together
    rest = np.where(k == 1, 1.0, (k + total) / np.where(k == 1, 1.0, 2 * k + total - 1))
    beside = 4 * k * (k + right) * (k + left) * rest / ((2 * k + total) ** 2 * (2 * k + total + 1))
    matrix = np.zeros((len(b), NODES, NODES))
    place = np.arange(NODES)
    matrix[:, place, place] = middle
    matrix[:, place[1:], place[:-1]] = np.sqrt(beside)  # eigh reads the lower triangle
    nodes, vectors = np.linalg.eigh(matrix)
    return np.clip((1 + nodes) / 2, 0.0, 1.0), vectors[:, 0, :] ** 2


def orders_ahead(
    pace: Pace, x: Float, age: Float, time: float | Float, rates: Sequence[float] = (0.0,)
) -> Float:
    """Orders ahead by each of some discounts, one row each."""
    counts, place = np.unique(x, return_inverse=True)
    chance, weight = _jacobi(pace.a, pace.b + counts)
    reach, clock = pace.alpha + age, np.polynomial.legendre.leggauss(STEPS)
    length = np.log1p(time / reach)
    # the mean is 2F1(power, a; a + b + x; -grown), or by Pfaff's transformation one with another power:
    # the smaller of the two is the smoother
    power, other = pace.r + x + 1, pace.a + pace.b - pace.r - 1
    direct = power <= abs(other)
    power = np.where(direct, power, other)[:, None]
    total = np.zeros((len(rates), len(x)))
    for node, part in zip(*clock, strict=True):
        passed = length * (1 + node) / 2
        grown = np.expm1(passed)  # time ahead, in units of alpha + T
        step = np.where(direct, grown, np.expm1(-passed))[:, None]
        front = np.where(direct, 0.0, -pace.a * passed)[:, None]
        slowed = np.exp(front - power * np.log1p(chance[place] * step))
        mean = np.einsum("ij,ij->i", weight[place], slowed)
        later = np.exp(-np.outer(rates, reach * grown))
        total += part * (1 + grown) * mean * later
    return (pace.r + x) * length / 2 * total


def different(*columns: Float) -> tuple[tuple[Float, ...], np.ndarray, Float]:
    """Find the different rows of some columns; gives them, the place of each row among them, and counts."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        values, place = np.unique(column, return_inverse=True)
        _, code = np.unique(code * np.int64(len(values)) + place, return_inverse=True)
    _, first, counts = np.unique(code, return_index=True, return_counts=True)
    return tuple(column[first] for column in columns), code, counts.astype(float)


Scores = Callable[[Float], tuple[Float, Float]]
"""Log parameters to the log likelihood of each row and its derivatives (parameters, rows)."""


def pace_scores(x: Float, recency: Float, age: Float) -> Scores:
    """The likelihood of BG/NBD (equation 6 of the paper) by the logs of r, alpha, a, b, on a log scale."""
    counts, place = np.unique(x, return_inverse=True)
    more = x > 0

    def scores(logs: Float) -> tuple[Float, Float]:
        r, alpha, a, b = np.exp(logs)
        log_age, log_seen = np.log(alpha + age), np.log(alpha + recency)
        before = np.where(more, b + x - 1, 1.0)
        stays = -(r + x) * log_age
        odds = np.where(more, log(a) - np.log(before) - (r + x) * log_seen - stays, -np.inf)
        less = np.exp(-np.abs(odds))  # of both numbers below, so that exp is taken once
        gone = np.where(odds > 0, 1.0, less) / (1 + less)
        several = gammaln(r + counts) - gammaln(r) + r * log(alpha) + betaln(a, b + counts) - betaln(a, b)
        # every row is weighed by the chance that its customer has left
        by_x = digamma(a + b) - digamma(a + b + counts)
        slopes = np.stack(
            [
                (digamma(r + counts) - digamma(r) + log(alpha))[place]
                - (1 - gone) * log_age
                - gone * log_seen,
                r / alpha - (r + x) * ((1 - gone) / (alpha + age) + gone / (alpha + recency)),
                by_x[place] + gone / a,
                (by_x + digamma(b + counts) - digamma(b))[place] - gone / before,
            ]
        )
        return several[place] + stays + np.maximum(odds, 0.0) + np.log1p(less), slopes * np.exp(logs)[:, None]

    return scores


# --- gamma-gamma --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Amounts:
    """Parameters of gamma-gamma: amounts ~ gamma(p, nu) with nu ~ gamma(q, v); `v` is in money.

    Source: Fader & Hardie (2013), "The gamma-gamma model of monetary value".
    """

    p: float
    q: float
    v: float

    @property
    def usual(self) -> float:
        """The mean amount over all customers."""
        return self.p * self.v / (self.q - 1)

    def expected(self, spend: Float, counted: Float) -> Float:
        """The usual amount an order of each customer: her mean, pulled to everybody's while little is known.

        Examples
        --------
        >>> Amounts(6.25, 3.74, 15.44).expected(np.array([22.35, np.nan]), np.array([2.0, 0.0]))
        array([24.66..., 35.21...])
        """
        known = np.where(counted > 0, spend, 0.0)
        return self.p * (self.v + counted * known) / (self.p * counted + self.q - 1)


def amount_scores(spend: Float, counted: Float) -> Scores:
    """The likelihood of gamma-gamma (equation 1a of the paper) by the logs of p, q, v."""
    counts, place = np.unique(counted, return_inverse=True)
    n, total, logs_of = counted, counted * spend, np.log(spend)

    def scores(logs: Float) -> tuple[Float, Float]:
        p, q, v = np.exp(logs)
        whole = np.log(total + v)
        several = gammaln(p * counts + q) - gammaln(p * counts) - gammaln(q) + p * counts * np.log(counts)
        value = several[place] + q * log(v) + (p * n - 1) * logs_of - (p * n + q) * whole
        both = digamma(p * counts + q)
        slopes = np.stack(
            [
                n * ((both - digamma(p * counts) + np.log(counts))[place] + logs_of - whole),
                (both - digamma(q))[place] + log(v) - whole,
                q / v - (p * n + q) / (total + v),
            ]
        )
        return value, slopes * np.exp(logs)[:, None]

    return scores


# --- maximum likelihood -------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Fit:
    """Log parameters of the highest likelihood.

    `influence` says how far one customer of each row moved them (parameters, rows); `doubt` is the variance
    that comes on top where the data say nothing on a direction.
    """

    logs: Float
    likelihood: float
    influence: Float
    doubt: Float


def most_likely(
    scores_of: Callable[..., Scores], rows: Sequence[Float], counts: Float, starts: Sequence[Sequence[float]]
) -> Fit:
    """Climb to the highest likelihood; from the next start where one leads to a border.

    Parameters
    ----------
    scores_of : function
        Makes `Scores` of rows.
    rows : sequence of float array
        The different rows, one array a column, in an order of their content.
    counts : float array
        Customers of each.
    starts : sequence of log parameters

    Notes
    -----
    Of many rows every n-th is climbed on first; the last climb, on all, starts there and takes its steps in
    the curvature found there, so that a handful of steps is enough.

    The influences give the robust covariance (Huber 1967), which does not rest on the model being right, and
    go with those that customers have on a mean of forecasts. Where the data say nothing on a direction, it is
    assumed to be known within a factor of e^4.
    """
    scores, step = scores_of(*rows), max(len(counts) // ENOUGH, 1)
    few = [row[::step] for row in rows]
    first = scores if step == 1 else scores_of(*few)
    loss = _loss(first, counts[::step])
    reach = WIDEST * log(10)
    bounds = [(-reach, reach)] * len(starts[0])
    tried = []
    for start in starts:
        tried.append(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=CLIMB))
        if tried[-1].success and not _at_border(tried[-1].x, bounds):
            break
    best = min(tried, key=lambda one: one.fun)
    logs, value = best.x, best.fun
    if step > 1:
        logs, value = _polished(_loss(scores, counts), logs, _bend(first, counts[::step], logs), bounds)
    inverse = _inverse(_bend(scores, counts, logs))
    likelihood = float(-value * counts.sum())
    return Fit(logs, likelihood, inverse @ scores(logs)[1], inverse @ inverse * WEAK**-2)


Bounds = Sequence[tuple[float, float]]
CLIMB = {"ftol": 1e-14, "gtol": 1e-7, "maxiter": 500}
Loss = Callable[[Float], tuple[float, Float]]


def _loss(scores: Scores, counts: Float) -> Loss:
    """Turn scores into what is made small: minus the mean log likelihood, and its derivatives."""
    size = counts.sum()

    def loss(logs: Float) -> tuple[float, Float]:
        value, slopes = scores(logs)
        return float(-(counts @ value) / size), -(slopes @ counts) / size

    return loss


def _at_border(logs: Float, bounds: Bounds) -> bool:
    return bool(np.abs(logs).max() >= bounds[0][1] - 1e-3)


def _polished(loss: Loss, logs: Float, bend: Float, bounds: Bounds) -> tuple[Float, float]:
    """Climb the last bit in coordinates in which the likelihood is about round; from a border, as it is."""
    values, vectors = np.linalg.eigh(bend / bend.trace())
    if values[0] <= FLAT or _at_border(logs, bounds):
        best = minimize(loss, logs, jac=True, method="L-BFGS-B", bounds=bounds, options=CLIMB)
        return best.x, float(best.fun)
    rounder = vectors / np.sqrt(values)

    def round_loss(place: Float) -> tuple[float, Float]:
        value, slopes = loss(logs + rounder @ place)
        return value, rounder.T @ slopes

    best = minimize(round_loss, np.zeros(len(logs)), jac=True, method="L-BFGS-B", options=CLIMB)
    return logs + rounder @ best.x, float(best.fun)


def _bend(scores: Scores, counts: Float, logs: Float) -> Float:
    """The curvature of the log likelihood, turned upside down."""
    shifts = STEP * np.eye(len(logs))
    rows = [scores(logs - one)[1] @ counts - scores(logs + one)[1] @ counts for one in shifts]
    bend = np.stack(rows) / (2 * STEP)
    return (bend + bend.T) / 2


def _inverse(bend: Float) -> Float:
    values, vectors = np.linalg.eigh(bend)
    return (vectors / (np.maximum(values, 0.0) + WEAK**-2)) @ vectors.T
