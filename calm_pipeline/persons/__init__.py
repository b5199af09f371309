"""Requests of persons: who is held where, erasing one everywhere, and erasing all whose time is over.

Not here: how anything is encrypted, rewritten or searched (vault, exports).
"""
