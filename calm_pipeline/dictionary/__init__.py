"""The data dictionary: every table, view, column and question in words, as tables of the warehouse and as a page."""

from calm_pipeline.dictionary.entries import Dictionary, entries, load_dictionary
from calm_pipeline.dictionary.page import write
from calm_pipeline.dictionary.rows import fill

__all__ = ["Dictionary", "entries", "fill", "load_dictionary", "write"]
