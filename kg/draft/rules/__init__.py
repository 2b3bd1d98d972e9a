"""The rules: what the words around an amount propose of it.

A rule is a function of the context and the index of an amount. This file is short because the order of the rules is
the draft's: they know the context and nothing of one another.
"""
