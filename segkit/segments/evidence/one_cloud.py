"""One cloud: customers whose dimensions are linked as they are, but without groups.

Scrambling removes every link, the plain "more of this, more of that" included, so a single tilted cloud
looks like structure beside scrambled data. This is the stricter yardstick: customers drawn from one
multivariate normal with the same correlations. A number with many values is taken as it comes (a bell
curve, without the humps that groups would leave in it). A number with few values, a yes/no or a category
is cut from the bell curve so that each answer is given as often as in the data; the levels of a category
stand along it in the order that links them best to the other dimensions (its first axis of
correspondence).

Source: NORTA, Cario & Nelson (1997), "Modeling and Generating Random Vectors with Arbitrary Marginal
Distributions and Correlation Matrix": the correlations before cutting are searched by trial such that
those after it agree. As a test of clusters: Hennig & Lin (2015), "Flexible parametric bootstrap for
testing homogeneity against clustering", Statistics and Computing 25.
"""

from dataclasses import replace

import numpy as np

from segkit.segments.features import LevelFeature
from segkit.segments.prepared import Prepared

LUMP = 0.05  # a number in which one value has this share of customers keeps its steps
TRIALS = 8  # after these the correlations agree to about 0.02
GAIN = 0.9  # part of a difference that each trial makes good; more overshoots
CLOSEST = 0.95  # dimensions linked more closely than this are one question asked twice


def one_cloud(sample: Prepared, seed: int) -> Prepared:
    """Draw as many customers from one cloud with the same correlations and shares of answers.

    Parameters
    ----------
    sample : Prepared
        At least two customers.
    seed : int

    Returns
    -------
    Prepared
        Of the same features; `answers` are filled where the sample has them.
    """
    scores = _scores(sample)
    stepped = np.array([_stepped(sample, place) for place in range(scores.shape[1])])
    wanted = _correlations(scores)
    drawn = np.random.default_rng([seed, len(sample)]).standard_normal(scores.shape)
    curves = _linked(drawn, wanted)
    if stepped.any():
        curves = _linked(drawn, _before_cutting(drawn, scores, stepped, wanted))
    return _answered(sample, scores, stepped, curves)


def _scores(sample: Prepared) -> np.ndarray:
    """One number a dimension, shape (rows, dimensions): the axis that links it best to all others."""
    centred = sample.space - sample.space.mean(axis=0, dtype=float)
    covariances = centred.T @ centred
    scores = np.empty((len(sample), len(sample.blocks)))
    for place, block in enumerate(sample.blocks):
        others = np.delete(covariances[block], block, axis=1)
        if block.stop - block.start == 1 or not others.size:
            scores[:, place] = centred[:, block.start]
        else:
            scores[:, place] = centred[:, block] @ np.linalg.svd(others)[0][:, 0]
    return np.round(scores, 5)  # equal answers get equal scores


def _stepped(sample: Prepared, place: int) -> bool:
    if isinstance(sample.features[place], LevelFeature):
        return True
    _, counts = np.unique(sample.space[:, sample.blocks[place]], return_counts=True)
    return bool(counts.max() >= LUMP * len(sample))


def _correlations(columns: np.ndarray) -> np.ndarray:
    centred = columns - columns.mean(axis=0)
    spread = np.sqrt((centred**2).mean(axis=0))
    centred /= np.where(spread > 0, spread, 1)
    made = centred.T @ centred / len(columns)
    np.fill_diagonal(made, 1)  # a dimension may be the same for all of a sample
    return made


def _before_cutting(
    drawn: np.ndarray, scores: np.ndarray, stepped: np.ndarray, wanted: np.ndarray
) -> np.ndarray:
    """Search the correlations of the curves for which the answers cut from them correlate as wanted."""
    linked = wanted.copy()
    for _ in range(TRIALS):
        curves = _linked(drawn, linked)
        cut = np.where(stepped, np.take_along_axis(scores, _doubles(scores, curves), axis=0), curves)
        linked = np.clip(linked + GAIN * (wanted - _correlations(cut)), -CLOSEST, CLOSEST)
        np.fill_diagonal(linked, 1)
    return linked


def _linked(drawn: np.ndarray, correlations: np.ndarray) -> np.ndarray:
    """Give independent normal columns these correlations, or the nearest possible ones."""
    values, vectors = np.linalg.eigh(correlations)
    root = (vectors * np.sqrt(np.maximum(values, 0))).T
    return drawn @ (root / np.sqrt((root**2).sum(axis=0)))


def _doubles(scores: np.ndarray, curves: np.ndarray) -> np.ndarray:
    """The customer whose answer is taken: who has the same rank among scores as among the curve."""
    doubles = np.empty(scores.shape, dtype=int)
    ranked = np.argsort(scores, axis=0, kind="stable")
    np.put_along_axis(doubles, np.argsort(curves, axis=0, kind="stable"), ranked, axis=0)
    return doubles


def _answered(sample: Prepared, scores: np.ndarray, stepped: np.ndarray, curves: np.ndarray) -> Prepared:
    """Turn curves into prepared customers."""
    doubles = _doubles(scores, curves)
    space = np.empty_like(sample.space)
    for place, block in enumerate(sample.blocks):
        given = sample.space[:, block]
        space[:, block] = given[doubles[:, place]] if stepped[place] else _bell(given, curves[:, [place]])
    if sample.answers is None:
        return replace(sample, space=space)
    answers = np.take_along_axis(sample.answers, doubles, axis=0)
    answers[:, ~stepped] = _bell(sample.answers[:, ~stepped], curves[:, ~stepped])
    return replace(sample, space=space, answers=answers)


def _bell(given: np.ndarray, curves: np.ndarray) -> np.ndarray:
    """Curves with the mean and spread of given columns; gaps in these are passed over."""
    middle, spread = (measure(given, axis=0, dtype=float) for measure in (np.nanmean, np.nanstd))
    return middle + spread * curves
