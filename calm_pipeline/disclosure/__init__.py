"""Keeping single respondents out of figures by group: what is hidden, and proof that none of it can be worked out.

Arrays in, arrays out; which tables are protected and what relates their cells is for
`group_counts` and `coverage` to say.
"""

from calm_pipeline.disclosure.audit import reach
from calm_pipeline.disclosure.protect import Protection, exposed, protect
from calm_pipeline.disclosure.relations import Relations, System
from calm_pipeline.disclosure.small import gathered

__all__ = ["Protection", "Relations", "System", "exposed", "gathered", "protect", "reach"]
