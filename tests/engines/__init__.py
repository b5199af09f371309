"""The same tables on DuckDB and on Spark."""
