"""How fast the pipeline is beside what one would write by hand for the same files; not a part of what is installed."""
