"""Personal data: encrypted, elsewhere known by pseudonyms, found and erased on request, kept no longer than due.

Not here: what is personal in an export and how a file is rewritten without it (exports).
"""
