"""The customers that evidence is taken from."""

import numpy as np

from segkit.segments.prepared import Prepared
from segkit.segments.sampling import sampled

SAMPLE = 2_000  # the agreement of redraws is then known to about 0.02, and distances fit into 16 MB


def evidence_sample(customers: Prepared, seed: int) -> np.ndarray:
    """Draw the rows of the sample; they are in content order, and the order of the table does not matter."""
    return sampled(customers.order(seed), SAMPLE)
