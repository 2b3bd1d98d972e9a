"""Who proposes, pays, receives and speaks."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from kg.draft.around import NEIGHBOURS, Around, between
from kg.draft.cues import Hit
from kg.draft.mentions import Mention, Span
from kg.draft.names import Found
from kg.draft.programmes import sure_programme
from kg.draft.proposals import Proposal
from kg.draft.roles import role_of


def proposer(near: Around, index: int) -> Sequence[Proposal]:
    """Who proposes the money: the government whose document it is."""
    known = near.survey.government
    # Of money of several years the text proposes only the last.
    if known is None or not near.government_proposes or role_of(near, index) == "cumulative":
        return ()
    span, why = _government(near, index) or known[:2], "the government of the document proposes"
    return (near.say(index, "proposer", known.name.iri, span, why, 0.91, known.name.label),)


def _government(near: Around, index: int) -> Span | None:
    """The words that name a government: in the sentence, over the list, in the paragraph."""
    place = near.places[index]
    found = (
        _first(place.said.hits.get("agent", ()), "government")
        or _first(near.hits(place.intro, "agent"), "government")
        or _first(near.hits(place.block, "agent"), "government")
    )
    return found[:2] if found is not None else None


def _first(hits: Sequence[Hit], code: str) -> Hit | None:
    for hit in hits:
        if hit.code == code:
            return hit
    return None


def payer(near: Around, index: int) -> Sequence[Proposal]:
    """Who pays: whom the words name, else the state where a government proposes."""
    if role_of(near, index) == "cumulative":
        return ()
    mention = near.mentions[index]
    if compound := _compound(near, mention):
        why = "the currency word names who pays"
        return (near.say(index, "payer", compound.name.iri, mention.anchor, why, 0.8, compound.name.label),)
    included: Sequence[Found] = ()
    if near.places[index].said.bodies:
        if named := _named_after(near, index):
            return named
        included = _included(near, index)
    found: Sequence[Proposal] = ()
    if near.places[index].said.hits.get("agent"):
        found = _subjects(near, index)
        if not found and (together := _each(near, index)) is not None:
            return [*together, *_all(near, index, included, "included in the total", 0.88)]
    state = near.survey.state
    if not found and state is not None and near.government_proposes:
        span, why = _government(near, index) or mention.anchor, "the government proposes, so the state pays"
        found = (near.say(index, "payer", state.iri, span, why, 0.91, state.label),)
    return [*found, *_all(near, index, included, "included in the total", 0.88)] if included else found


def _named_after(near: Around, index: int) -> Sequence[Proposal]:
    """The bodies that follow the amount: "5 mio. kr. fra KL", "hvoraf KL's andel"."""
    place, mention = near.places[index], near.mentions[index]
    inside = place.said.bodies
    for word in near.survey.cues_of("agent", "from"):
        tail = near.low[mention.end : mention.end + 3 + len(word)].strip()
        if tail.startswith(word + " "):
            payers = [f for f in inside if 0 <= f.start - mention.end <= 60 and f.start < place.ceiling]
            if payers:
                return _all(near, index, payers, f"'{word}' and the name after the amount", 0.91)
    for hit in near.after(index, "agent"):
        if hit.code != "share":
            continue
        owner = [
            f
            for f in inside
            if 0 <= hit.start - f.end <= 2 and f.start > mention.end and near.low[f.end - 1] == "s"
        ]
        if owner:
            return _all(near, index, owner, f"whose '{near.quoted(hit)}' it is", 0.88)
    return ()


def _included(near: Around, index: int) -> Sequence[Found]:
    """The bodies whose money the amount has in it: "inkludert 5 mill. fra KS"."""
    including = [hit for hit in near.after(index, "agent") if hit.code == "including"]
    inside = near.places[index].said.bodies if including else ()
    return [f for hit in including for f in inside if f.start > hit.end and f.start - hit.end < 40]


def _subjects(near: Around, index: int) -> list[Proposal]:
    """Who stands before a verb of paying, or around it: "Kommunerne lovede", "har regeringen, KL … afsat"."""
    place, mention = near.places[index], near.mentions[index]
    agents = place.said.hits.get("agent")
    if not agents:
        return []
    verbs = [hit for hit in agents if hit.code == "payer_verb" and hit.start <= mention.start]
    if not verbs:
        return []
    start = place.floor
    clause = between(agents, start, mention.start)
    if (parties := _first(clause, "parties")) is not None:
        return _parties(near, index, parties)
    bodies = [f for f in place.said.bodies if start <= f.start < mention.start]
    for verb in verbs if bodies else ():
        if verb.start <= bodies[0].start:
            continue
        names = [f for f in bodies if f.start < verb.start]
        rulers = [hit for hit in clause if hit.code == "government" and hit.start < verb.start]
        found = _all(near, index, names, f"before '{near.quoted(verb)}'", 0.88)
        if rulers and near.survey.state is not None:
            state = near.survey.state
            span = (rulers[0].start, rulers[0].end)
            found.append(
                near.say(index, "payer", state.iri, span, "the government pays by the state", 0.8, state.label)
            )
        return found
    return []


def _parties(near: Around, index: int, hit: Hit) -> list[Proposal]:
    """Who "the parties" are: with "each", who pays for the same programme elsewhere; else who was met."""
    place = near.places[index]
    if _first(place.said.hits.get("agent", ()), "each") is not None:
        return list(_each(near, index) or [])
    previous = place.previous
    if previous is None:
        return []
    met = [f for f in previous.names if f.name.kind == "organisation"]
    for preposition in near.survey.words.connect["with"][:1]:
        cut = near.low.rfind(f" {preposition} ", previous.start, previous.end)
        if cut >= 0 and any(f.start > cut for f in met):
            met = [f for f in met if f.start > cut]
    return _all(near, index, met, f"'{near.quoted(hit)}': named in the paragraph before", 0.75)


def _each(near: Around, index: int) -> list[Proposal] | None:
    """Who pays each a share: those who are said to pay for the same programme elsewhere in the text."""
    each = _first(near.places[index].said.hits.get("agent", ()), "each")
    programme = sure_programme(near, index) if each is not None else None
    if each is None or programme is None:
        return None
    for other in range(max(0, index - NEIGHBOURS), min(len(near.mentions), index + NEIGHBOURS + 1)):
        if other == index or sure_programme(near, other) != programme:
            continue
        if _first(near.places[other].said.hits.get("agent", ()), "each") is not None:
            continue
        subjects = _subjects(near, other)
        if subjects:
            return [
                near.say(
                    index,
                    "payer",
                    s.value,
                    (each.start, each.end),
                    "each of those who pay for the programme",
                    0.75,
                    s.label,
                )
                for s in subjects
            ]
    return None


def _compound(near: Around, mention: Mention) -> Found | None:
    """The body that the first part of a compound currency word names: kommunekroner."""
    stem = _payer_in(mention.text.rsplit(None, 1)[-1])
    return near.survey.body(stem) if stem else None


@functools.lru_cache(maxsize=1024)
def _payer_in(word: str) -> str:
    """The stem of what stands before "kroner" in one word, or ""."""
    low = word.lower()
    cut = low.find("kron")
    return low[:cut].rstrip("es") if cut >= 4 else ""


def _all(near: Around, index: int, found: Iterable[Found], reason: str, confidence: float) -> list[Proposal]:
    first: dict[str, Found] = {}
    for one in found:
        first.setdefault(one.name.iri, one)
    return [
        near.say(index, "payer", iri, (one.start, one.end), reason, confidence, one.name.label)
        for iri, one in first.items()
    ]


def recipient(near: Around, index: int) -> Sequence[Proposal]:
    """The body named after the amount by "to"."""
    place, mention = near.places[index], near.mentions[index]
    for found in place.said.bodies:
        if mention.end < found.start < place.ceiling:
            before = near.low[max(mention.end, found.start - 12) : found.start].split()
            if before and before[-1] in near.survey.words.connect["to"]:
                reason = f"'{before[-1]}' before the name, after the amount"
                name, span = found.name, (found.start, found.end)
                return (near.say(index, "recipient", name.iri, span, reason, 0.91, name.label),)
    return ()


def speaker(near: Around, index: int) -> Sequence[Proposal]:
    """Who says the quotation that the amount stands in."""
    speaker = near.places[index].speaker
    if speaker is None:
        return ()
    name, span = speaker
    if " " not in name:
        near.surnames[index] = name  # who that is, the text may say only later
    value, known = near.survey.person(name)
    return (near.say(index, "speaker", value, span, "the amount stands in what is said", 0.93, name, known),)
