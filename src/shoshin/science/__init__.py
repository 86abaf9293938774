"""The pure part: formulas without a database, a disk, a clock or chance. Needs numpy and nothing else.

Every module here has a page of the same name in docs/methods.
"""
