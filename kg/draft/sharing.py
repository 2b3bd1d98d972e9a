"""Scale and currency that one amount lends to its neighbours: lists, ranges, changes, parts, years."""

from __future__ import annotations

import re
from bisect import bisect_left
from decimal import Decimal

from kg.draft.atoms import Atom, Bound, by_start, is_year, labelled
from kg.draft.joints import Joints, joints
from kg.draft.numerals import Number, read_digits, read_words_before

_BLANK = " \t\u00a0\u2009\u202f"
# The longest text between two numbers that share; a longer one is another sentence part.
_REACH = 60
_PART_REACH = 90
# What an amount is compared with is not more than so many times as large or small.
_TIMES = 10
_ENDING = re.compile(r"[.!?;:]\s|\n\s*\n|\n\s*[•*|-]")
_YEAR_OR_LETTER = re.compile(r"(?:(?:19|20)\d\d|[^\W\d_])$")
_AFTER_JOINT = _BLANK + "\r\n>"
_NEXT = re.compile(rf"[{_BLANK}]{{0,3}}(?:\r?\n[{_BLANK}>]{{0,8}})?([^\W\d_]+)?")


def share(bound: Bound) -> None:
    """Lend scale and currency between neighbours; new atoms are added, in order, and ranges marked."""
    patterns = joints(bound.words.code)
    taken = {index for atom in bound.atoms if (index := _index(bound, atom)) is not None}
    added: list[Atom] = []
    atoms = bound.atoms
    for i, atom in enumerate(atoms):
        floor = atoms[i - 1].end if i else 0
        if i and 0 < atom.start - floor <= _REACH:
            _neighbours(bound, patterns, atoms[i - 1], atom)
        if atom.factor or atom.has_currency:
            added += _left(bound, patterns, atom, floor, taken)
    bound.atoms = sorted(atoms + added, key=by_start)
    added = []
    for i, atom in enumerate(bound.atoms):
        ceiling = bound.atoms[i + 1].start if i + 1 < len(bound.atoms) else len(bound.text)
        if atom.factor > 1:
            added += _right(bound, patterns, atom, ceiling, taken)
    bound.atoms = sorted(bound.atoms + added, key=by_start)


def _index(bound: Bound, atom: Atom) -> int | None:
    index = bisect_left(bound.starts, atom.number[0] + 1) - 1
    return index if index >= 0 and bound.numbers[index].end() >= atom.number[1] > bound.starts[index] else None


def _neighbours(bound: Bound, patterns: Joints, left: Atom, right: Atom) -> None:
    """Two near amounts that each have a unit: a currency or a scale may still go from one to the other."""
    joint = patterns.between.fullmatch(bound.low, left.end + _point(bound, left), right.start)
    if joint is None:
        return
    kind = _kind(bound, joint, left)
    if left.factor <= 1 and right.factor > 1 and left.prefixed and left.last is None and kind != "comma":
        lends = not right.prefixed or (kind in ("range", "change") and left.value < right.value)
        if lends and left.value < 1000:
            left.factor, left.ground = right.factor, "shared"
    if left.has_currency and left.prefixed and not right.has_currency:
        right.currency, right.named, right.has_currency = left.currency, left.named, True
    elif right.has_currency and not left.has_currency:
        left.currency, left.named, left.has_currency = right.currency, right.named, True
    worth, more = left.value * max(left.factor, 1), right.value * max(right.factor, 1)
    if kind == "range" and joint["dash"] and joint[0][:1].isspace() and worth >= more:
        return  # "250 millioner kroner – 50 millioner kroner mer enn": a dash of thought
    if kind == "range" and not (
        joint["to"]
        and left.has_currency
        and not left.prefixed
        and right.has_currency
        and _starts_with_preposition(bound, left)
    ):
        left.range, right.range = "low", "high"
    elif kind == "change":
        left.change, right.change = "from", "to"


def _starts_with_preposition(bound: Bound, atom: Atom) -> bool:
    word = _word_before(bound.low, atom.start)
    return word in bound.words.connect["with"] or word in bound.words.connect["from"]


def _point(bound: Bound, atom: Atom) -> int:
    """1 where the atom's last word carries a point of its own ("5 mio. kr. og …")."""
    return 1 if atom.last is not None and atom.last.dot and atom.last.end == atom.end else 0


def _kind(bound: Bound, joint: re.Match[str], left: Atom | Number) -> str:
    """What a connection says: range, change, list, or comma (a list that has only begun)."""
    group = joint.groupdict()
    if group.get("dash"):
        return "range"
    if group.get("to"):
        return "change" if _preceded(bound, left.start, bound.words.connect["from"]) else "range"
    if group.get("and") and _preceded(bound, left.start, bound.words.connect["between"]):
        return "range"
    if group.get("comma") and not any(group.get(name) for name in ("cand", "cor", "cto")):
        return "comma"
    return "list"


def _word_before(low: str, start: int) -> str:
    edge = start
    while edge and low[edge - 1] in " \u00a0\n\t":
        edge -= 1
    first = edge
    while first and first > edge - 20 and low[first - 1].isalpha():
        first -= 1
    return low[first:edge]


def _preceded(bound: Bound, start: int, phrases: tuple[str, ...]) -> bool:
    """Whether one of `phrases` stands before `start`, a qualifier word between them allowed."""
    words = bound.low[max(0, start - 40) : start].split()[-4:]
    for back in range(1, min(3, len(words)) + 1):
        if words[-back].strip("(.,") in phrases:
            between = tuple(word.rstrip(".") for word in words[len(words) - back + 1 :])
            return not between or between in bound.words.qualifier or between in bound.words.filler
    return False


def _left(bound: Bound, patterns: Joints, atom: Atom, floor: int, taken: set[int]) -> list[Atom]:
    """The bare numbers before `atom` that share its units: "40,1, 9,1 og 1 mia.", "fra 5 000 til 4 100 mill."."""
    added: list[Atom] = []
    right = atom
    pending: list[Atom] = []
    while len(added) + len(pending) < 40:
        index = bound.number_before(right.start)
        found = None
        for candidate in (index, index - 1):
            if candidate < 0 or candidate in taken or bound.numbers[candidate].end() <= floor:
                break
            match = bound.numbers[candidate]
            if right.start - match.end() > _REACH:
                break
            joint = patterns.between.fullmatch(bound.low, match.end(), right.start)
            if joint is not None:
                found = (match, joint, candidate)
                break
            if not is_year(match[0]):
                break
        if found is None:
            if worded := _left_words(bound, patterns, right, floor):
                added += [*pending, worded]
            break
        match, joint, candidate = found
        read = read_digits(match[0], bound.words.decimal, atom.factor > 1)
        if read is None or not _may_share(bound, match, joint, right):
            break
        number = Number(match.start(), match.end(), *read)
        kind = _kind(bound, joint, number)
        if right is atom and kind == "comma" and not _runs_up(bound, patterns, atom, candidate, taken):
            break
        lent = _lend(atom, number)
        if kind == "range" and not right.range:
            lent.range, right.range = "low", "high"
        elif kind == "change":
            lent.change, right.change = "from", "to"
        taken.add(candidate)
        pending.append(lent)
        added += pending
        pending = []
        right = lent
        if kind in ("range", "change"):
            break
    return added


def _runs_up(bound: Bound, patterns: Joints, atom: Atom, candidate: int, taken: set[int]) -> bool:
    """Whether a list without "and" leads up to the amount: "5, 6, 7 milliarder".

    Only three or more plain numbers that grow: "i gruppe 3, 45 millioner" and a row of counts are something else.
    """
    if atom.factor <= 1 or atom.prefixed or atom.in_words:
        return False
    right, above, length = atom.start, atom.value, 0
    while candidate >= 0 and candidate not in taken:
        match = bound.numbers[candidate]
        joint = (
            patterns.between.fullmatch(bound.low, match.end(), right) if right - match.end() <= _REACH else None
        )
        if joint is None:
            break
        read = read_digits(match[0], bound.words.decimal, True)
        plain = bound.low[match.end() : right].strip() == "," and "\n" not in bound.low[match.end() : right]
        if not plain or read is None or read[0] >= above or is_year(match[0]):
            return False
        if not _may_share(bound, match, joint, atom):
            return False
        right, above, length, candidate = match.start(), read[0], length + 1, candidate - 1
    return length >= 2


def _left_words(bound: Bound, patterns: Joints, right: Atom, floor: int) -> Atom | None:
    """A number in words before `right`: "fem til seks milliarder"."""
    first = max(floor, right.start - 24)
    if not bound.low[first : right.start].rstrip(_AFTER_JOINT).endswith(patterns.ends):
        return None
    joint = patterns.words_before.search(bound.low, first, right.start)
    if joint is None:
        return None
    number = read_words_before(bound.low, joint.start(), bound.words)
    if number is None or number.start < floor or (number.value == 1 and not right.in_words):
        return None
    kind = _kind(bound, joint, number)
    if kind == "list" and not right.in_words:
        return None
    lent = _lend(right, number)
    lent.in_words = True
    if kind == "range":
        lent.range, right.range = "low", "high"
    elif kind == "change":
        lent.change, right.change = "from", "to"
    return lent


def _lend(atom: Atom, number: Number) -> Atom:
    return Atom(
        number.start,
        number.end,
        (number.start, number.end),
        number.value,
        number.step,
        atom.factor,
        atom.currency,
        atom.named,
        atom.has_currency,
        minor=atom.minor,
        ground="shared",
    )


def _may_share(bound: Bound, match: re.Match[str], joint: re.Match[str], right: Atom) -> bool:
    low, start = bound.low, match.start()
    if labelled(low, start, bound.words):
        return False
    if low[start - 1 : start] in ("-", "+", "–", "/") and _YEAR_OR_LETTER.search(
        low, max(0, start - 5), start - 1
    ):
        return False  # "2022-23", "B-50"
    if is_year(match[0]):
        other = bound.text[right.number[0] : right.number[1]]
        ranged = joint.groupdict().get("dash") or joint.groupdict().get("to") or joint.groupdict().get("and")
        if not ranged or not other.isdigit() or len(other) != 4 or right.factor > 10**6:
            return False
        return _word_before(low, start) not in bound.words.connect["in"]
    return True


def _right(bound: Bound, patterns: Joints, atom: Atom, ceiling: int, taken: set[int]) -> list[Atom]:
    """Bare numbers after an amount: "50 mio. kr. i 2020, 60 i 2021", "varav 160 i …", "fra 5 mio. til 3"."""
    added: list[Atom] = []
    last = atom
    index = bisect_left(bound.starts, atom.end)
    low = bound.low
    between = 0
    while index < len(bound.numbers) and bound.starts[index] < ceiling:
        match = bound.numbers[index]
        index += 1
        start, end = match.span()
        if start - last.end > _PART_REACH or index - 1 in taken:
            break
        if is_year(match[0]):
            continue
        gap_start = last.end + _point(bound, last)
        if _ENDING.search(low, gap_start, start):
            break
        read = read_digits(match[0], bound.words.decimal, atom.factor > 1)
        if read is None:
            break
        window = max(gap_start, start - 40)
        shares = False
        if patterns.later.fullmatch(low, gap_start, start) and patterns.in_year.match(low, end):
            shares = True
        elif patterns.to.fullmatch(low, gap_start, start):
            shares = _preceded(bound, last.start, bound.words.connect["from"]) and _open_end(bound, end)
            if shares:
                last.change = "from"
        elif between == 0 and _parallel(bound, patterns, last, gap_start, start, end):
            shares = True
        elif between == 0 and patterns.against.search(low, window, start):
            shares = _open_end(bound, end) and _comparable(atom, read[0])
        elif between == 0 and (
            patterns.part.search(low, window, start) or (added and patterns.further.search(low, window, start))
        ):
            shares = _open_end(bound, end)
        if not shares:
            between += 1
            if added:
                break
            continue
        lent = _lend(atom, Number(start, end, *read))
        taken.add(index - 1)
        added.append(lent)
        if last.change == "from":
            lent.change = "to"
        last = lent
    return added


def _comparable(atom: Atom, value: Decimal) -> bool:
    """Whether two numbers can be the same thing at two times: within ten times one another."""
    return atom.value <= value * _TIMES and value <= atom.value * _TIMES


def _parallel(bound: Bound, patterns: Joints, last: Atom, gap: int, start: int, end: int) -> bool:
    """Whether the number repeats the amount's pattern: "450 millioner til skole og 50 til barnehage"."""
    opening = _NEXT.match(bound.low, gap)
    closing = _NEXT.match(bound.low, end)
    if opening is None or closing is None or not opening[1] or opening[1] != closing[1]:
        return False
    if opening[1] not in bound.words.connect["to"] and opening[1] not in bound.words.connect["in"]:
        return False
    return _word_before(bound.low, start) in bound.words.connect["and"] and start - gap <= _REACH


def _open_end(bound: Bound, end: int) -> bool:
    """Whether nothing countable follows: the end, punctuation, or a word that may stand after an amount."""
    after = bound.low[end : end + 1]
    if after in "%‰/-–:" and after:
        return False
    match = _NEXT.match(bound.low, end)
    word = match[1] if match else None
    if word is None:
        follows = bound.low[match.end() : match.end() + 1] if match else ""
        return not (follows.isdigit() or follows == "%")
    return word in bound.words.after


def countable_follows(bound: Bound, end: int, factor: int) -> bool:
    """Whether a word follows that a number could count: "1 mio. elbiler".

    Thousands of millions are money unless the word is known to be counted; a Nordic word in -s is a passive verb.
    """
    match = _NEXT.match(bound.low, end)
    if match is None:
        return False
    word = match[1]
    if word is None:
        return bound.low[match.end() : match.end() + 1] in ("%", "°")
    if word in bound.words.after:
        return False
    passive = word.endswith("s") and len(word) > 4 and bound.words.code != "en"
    if factor >= 10**9 or passive:
        return word.startswith(tuple(stem.strip() for stem in bound.words.counts)) or len(word) < 3
    return True
