"""Which assets exist and what each is made from. No logic: a body is one call into `calm_pipeline`."""
