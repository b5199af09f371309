"""The object store: exports are fetched from it, and what was published is put there for others to read.

Not here: what a vintage is and who may publish (vintages), what an export means (exports). The workbench, the desk and
the vault never leave the disk: an object store knows no rename, no lock and no pointer that moves with a folder.
"""
