"""From text as received to typed, canonical answers with their state, and a row for every repair on the way.

Nothing is repaired after this stage. Not here: whether an answer is allowed (rules), who counts (validate).
"""

from calm_pipeline.clean.answers import clean_submissions, given_by_number
from calm_pipeline.clean.register import Register, RegisterError, load_register
from calm_pipeline.clean.repairs import repairs

__all__ = ["Register", "RegisterError", "clean_submissions", "given_by_number", "load_register", "repairs"]
