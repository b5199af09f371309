"""Any number of plausible submissions, drawn from the reconstruction of an edition, written as the platform would.

Not here: how the reconstruction itself comes about (reconstruct). Nothing here is evidence about anybody.
"""

from calm_pipeline.simulate.root import Simulation, simulate

__all__ = ["Simulation", "simulate"]
