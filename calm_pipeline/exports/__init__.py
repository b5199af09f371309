"""Survey platforms' files: reading them behind a wall, and writing them as the platform would.

Not here: what an answer means (clean), which answers are allowed (rules), or any frame engine but Arrow.
"""
