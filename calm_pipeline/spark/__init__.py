"""Spark behind ibis: a session made so, and operations spelled so, that expressions give what DuckDB gives.

Imported only where Spark is asked for. Not here: expressions; they are the same for both engines.
"""
