"""The same tables on DuckDB and on Spark."""

import pytest

# One process has one session of Spark. ibis asks pandas and DuckDB in ways that both call old, and pyspark leaves it to
# the collector to close a socket after every table it hands over.
MARKS = [
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*fetch_record_batch:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]
