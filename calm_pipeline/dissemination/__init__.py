"""Dissemination: an edition of the warehouse as a folder for a colleague who works with another program.

`export.write_export` is the entrance. Published tables go out as they are (xlsx, csv, parquet); for SPSS and Stata they
become one row a submission. A codebook (DDI), a citation and a README lie beside the data in every format.
"""
