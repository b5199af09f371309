"""The report of one edition: one HTML file made from the published tables.

Not here: formulas and counts (they are in the tables), Dagster, and where files lie.
"""

LANGUAGES = {"en": "en", "zh": "zh-CN"}
"""The languages of the report, and how HTML names them."""
