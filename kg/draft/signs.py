"""The minus before an amount in running text: "−12 millioner", "minus 3 mill. kr."; rows of tables have their own."""

from __future__ import annotations

import re

from kg.draft.atoms import Atom, Bound

_BLANK = " \t\u00a0\u2009\u202f"
# A dash may be many things: a minus stands after a blank or bracket and directly before its number.
_SIGN = re.compile(rf"(?:^|(?<=[{_BLANK}\n(]))−$|(?<=[{_BLANK}(])[-–]$")
_WORD = re.compile(rf"(?<![^\s(])minus[{_BLANK}]$")
_REACH = 8
# After a number or the end of a sentence a dash joins or begins something.
_NO_MINUS_AFTER = frozenset("0123456789.!?:;,%½¼¾")


def take_signs(bound: Bound) -> None:
    """Turn the atoms with a minus before them; the sign becomes part of the amount."""
    reached = 0
    for atom in bound.atoms:
        if not atom.range and not atom.change and atom.value > 0 and (start := _minus(bound, atom, reached)) >= 0:
            atom.start, atom.value = start, -atom.value
        reached = atom.end


def _minus(bound: Bound, atom: Atom, reached: int) -> int:
    """Where the minus of an atom begins, or -1; `reached` is the end of the amount before."""
    low, start = bound.low, atom.start
    found = _SIGN.search(low, max(0, start - 2), start) or _WORD.search(low, max(0, start - _REACH), start)
    if found is None:
        return -1
    before = low[reached : found.start()].rstrip(_BLANK)
    if found[0] == "−":
        return -1 if before[-1:].isdecimal() or (reached and not before) else found.start()
    # A bullet or a dash of speech begins a line; "5 mill. minus 3 mill." is a subtraction.
    if not before or before[-1] == "\n" or before[-1] in _NO_MINUS_AFTER:
        return -1
    return found.start()
