"""Letters to libraries about malformed submissions, and the desk's workbook: laid out here, decided elsewhere."""
