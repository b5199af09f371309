"""`python -m calm_pipeline` is the `calm` command."""

from calm_pipeline.cli import main

main()
