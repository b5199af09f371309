"""A synthetic export that reproduces the published figures of an edition, with an invented register.

Not here: anything that reads exports, or that takes part in a run. Nothing here is evidence about libraries.
"""

from calm_pipeline.reconstruct.reconstruction import Reconstruction, reconstruct
from calm_pipeline.reconstruct.refusals import ReconstructionError
from calm_pipeline.reconstruct.write import write_reconstruction

__all__ = ["Reconstruction", "ReconstructionError", "reconstruct", "write_reconstruction"]
