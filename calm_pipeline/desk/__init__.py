"""The survey desk: what was found in which submission, what to ask its library, and how long an alert lives.

Not here: what is allowed (rules), how a letter looks (letters), how a message travels (channels).
"""
