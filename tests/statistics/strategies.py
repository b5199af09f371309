"""Arrays as surveys give them: small whole numbers, some of them constant, some empty."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

scores = st.integers(0, 60).flatmap(lambda n: arrays(np.float64, n, elements=st.integers(0, 9)))
pairs = st.integers(0, 60).flatmap(lambda n: arrays(np.float64, (2, n), elements=st.integers(0, 9)))
items = st.tuples(st.integers(0, 40), st.integers(1, 8)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.integers(0, 1))
)
