"""The engine: pure functions from a survey file and its exports to tables. No Dagster, no report layout."""
