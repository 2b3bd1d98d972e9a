"""Who proposes, pays, receives and speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.draft.context import NEIGHBOURS, Context, between, of_kind, with_code
from kg.draft.model import Proposal, Span
from kg.draft.vocabulary import Entity, Hit

# So near after an amount stands who it is from, and after "including" whose money is in it.
_FROM_REACH = 60
_INCLUDED_REACH = 40


def proposer(context: Context, index: int) -> Iterator[Proposal]:
    """Who proposes the money: the government whose document it is."""
    government = context.government
    # Of money of several years the text proposes only the last.
    if government and context.government_proposes and context.places[index].role != "cumulative":
        words = _government_words(context, index) or government
        why = "the government of the document proposes"
        yield context.propose_name(index, "proposer", government.name, words, why, 0.91)


def _government_words(context: Context, index: int) -> Hit | None:
    """The words that name a government: in the sentence, over the list, in the paragraph."""
    place = context.places[index]
    parts = (part for part in (place.sentence, place.intro, place.block) if part is not None)
    return next((hit for part in parts for hit in part.of("agent") if hit.code == "government"), None)


def payer(context: Context, index: int) -> Iterator[Proposal]:
    """Who pays: whom the words name, else the state where a government proposes."""
    mention = context.mentions[index]
    if context.places[index].role == "cumulative":
        return
    if compound := _in_compound(context, mention.text):
        why = "the currency word names who pays"
        yield context.propose_name(index, "payer", compound.name, mention.anchor, why, 0.8)
        return
    if named := _named_after(context, index):
        yield from named
        return
    payers = _subjects(context, index) or _each(context, index)
    if not payers and context.state is not None and context.government_proposes:
        words = _government_words(context, index) or mention.anchor
        why = "the government proposes, so the state pays"
        payers = [context.propose_name(index, "payer", context.state, words, why, 0.91)]
    yield from payers
    yield from _payers(context, index, _included(context, index), "included in the total", 0.88)


def _in_compound(context: Context, amount: str) -> Entity | None:
    """The body that the first part of a compound currency word names: kommunekroner."""
    word = amount.rsplit(None, 1)[-1].lower()
    cut = word.find("kron")
    body = word[:cut].rstrip("es") if cut >= 4 else ""
    return context.body(body) if body else None


def _named_after(context: Context, index: int) -> list[Proposal]:
    """The bodies that follow the amount: "5 mio. kr. fra KL", "hvoraf KL's andel"."""
    place, end = context.places[index], context.mentions[index].end
    bodies = place.sentence.bodies
    following = [body for body in between(bodies, end, place.ceiling) if body.start - end <= _FROM_REACH]
    for word in context.cues["agent"]["from"] if following else ():
        if context.low[end : end + 3 + len(word)].strip().startswith(word + " "):
            return _payers(context, index, following, f"'{word}' and the name after the amount", 0.91)
    for hit in with_code(context.after(index, "agent"), "share") if bodies else ():
        owners = [
            body
            for body in bodies
            if 0 <= hit.start - body.end <= 2 and body.start > end and context.low[body.end - 1] == "s"
        ]
        if owners:
            return _payers(context, index, owners, f"whose {context.quoted(hit)} it is", 0.88)
    return []


def _included(context: Context, index: int) -> list[Entity]:
    """The bodies whose money the amount has in it: "inkludert 5 mill. fra KS"."""
    return [
        body
        for hit in with_code(context.after(index, "agent"), "including")
        for body in context.places[index].sentence.bodies
        if 0 < body.start - hit.end < _INCLUDED_REACH
    ]


def _subjects(context: Context, index: int) -> list[Proposal]:
    """Who stands before a verb of paying, or around it: "Kommunerne lovede", "har regeringen, KL … afsat"."""
    place, start = context.places[index], context.mentions[index].start
    agents = place.sentence.of("agent")
    verbs = [hit for hit in with_code(agents, "payer_verb") if hit.start <= start]
    if not verbs:
        return []
    clause = between(agents, place.floor, start)
    for hit in with_code(clause, "parties"):
        return _parties(context, index, hit)
    bodies = between(place.sentence.bodies, place.floor, start)
    for verb in verbs if bodies else ():
        if verb.start <= bodies[0].start:
            continue
        names = [body for body in bodies if body.start < verb.start]
        payers = _payers(context, index, names, f"before {context.quoted(verb)}", 0.88)
        rulers = [hit for hit in with_code(clause, "government") if hit.start < verb.start]
        if rulers and context.state is not None:
            why = "the government pays by the state"
            payers.append(context.propose_name(index, "payer", context.state, rulers[0], why, 0.8))
        return payers
    return []


def _parties(context: Context, index: int, hit: Hit) -> list[Proposal]:
    """Who "the parties" are: with "each", who pays for the same programme elsewhere; else who was met."""
    place = context.places[index]
    if with_code(place.sentence.of("agent"), "each"):
        return _each(context, index)
    previous = place.previous
    if previous is None:
        return []
    met = of_kind(previous.entities, "organisation")
    for preposition in context.words.connect["with"][:1]:
        cut = context.low.rfind(f" {preposition} ", previous.start, previous.end)
        met = [entity for entity in met if cut >= 0 and entity.start > cut] or met
    return _payers(context, index, met, f"{context.quoted(hit)}: named in the paragraph before", 0.75)


def _each(context: Context, index: int) -> list[Proposal]:
    """Who pays each a share: those who are said to pay for the same programme elsewhere in the text."""
    each = with_code(context.places[index].sentence.of("agent"), "each")
    programme = context.places[index].programme
    if not each or programme is None:
        return []
    for other in range(max(0, index - NEIGHBOURS), min(len(context.mentions), index + NEIGHBOURS + 1)):
        place = context.places[other]
        if place.programme != programme or with_code(place.sentence.of("agent"), "each"):
            continue
        if payers := _subjects(context, other):
            why = "each of those who pay for the programme"
            return [context.propose(index, "payer", p.value, each[0], why, 0.75, p.label) for p in payers]
    return []


def _payers(
    context: Context, index: int, bodies: Iterable[Entity], reason: str, confidence: float
) -> list[Proposal]:
    first: dict[str, Entity] = {}
    for body in bodies:
        first.setdefault(body.name.iri, body)
    return [context.propose_name(index, "payer", body.name, body, reason, confidence) for body in first.values()]


def recipient(context: Context, index: int) -> Iterator[Proposal]:
    """The body named after the amount by "to"."""
    place, end = context.places[index], context.mentions[index].end
    for body in between(place.sentence.bodies, end + 1, place.ceiling):
        before = context.low[max(end, body.start - 12) : body.start].split()
        if before and before[-1] in context.words.connect["to"]:
            why = f"'{before[-1]}' before the name, after the amount"
            yield context.propose_name(index, "recipient", body.name, body, why, 0.91)
            return


def speaker(context: Context, index: int) -> Iterator[Proposal]:
    """Who says the quotation that the amount stands in."""
    start = context.mentions[index].start
    quotes: Sequence[tuple[Span, Span]] = context.places[index].block.quotes
    names = [name for (first, last), name in quotes if first <= start < last]
    for name in names[-1:]:
        written = context.text[name[0] : name[1]]
        value, known = context.person(written)
        why = "the amount stands in what is said"
        yield context.propose(index, "speaker", value, name, why, 0.93, written, known)
