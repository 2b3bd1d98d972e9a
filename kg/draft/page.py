"""A draft as one HTML page: the text with every amount marked, and what is proposed of it beside it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kg.draft.document import Document
from kg.draft.mentions import Mention
from kg.draft.proposals import Draft, Proposal, plain_line
from kg.terms import shorten

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem;
  color: #222; background: #fff; }
.sheet { display: grid; grid-template-columns: minmax(0, 3fr) minmax(16rem, 2fr); gap: 2rem; align-items: start; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 0; }
mark { background: #ffe9a8; padding: 0 .15em; border-radius: .2em; }
mark .q { background: #ffd0b0; } mark a { color: inherit; text-decoration: none; } sup { font-size: .7em; }
section { border: 1px solid #ccc; border-radius: .4em; padding: .5rem .8rem; margin: 0 0 .8rem; }
h1 { font-size: 1.3rem; } h2 { font-size: 1rem; margin: 0 0 .3rem; }
dl { margin: 0; display: grid; grid-template-columns: 7rem 1fr; gap: .1rem .6rem; font-size: .9rem; }
dt { color: #555; } dd { margin: 0; } .why { color: #666; font-size: .85em; } .open { color: #a30000; }
@media (max-width: 50rem) { .sheet { display: block; } }
@media (prefers-color-scheme: dark) {
  body { background: #181818; color: #ddd; } mark { background: #5a4a10; color: #fff; }
  mark .q { background: #6a3a10; } dt, .why { color: #aaa; }
  .open { color: #ff9b9b; } section { border-color: #444; }
}
"""


def page(document: Document, draft: Draft) -> Iterator[str]:
    """The page in pieces, complete in itself: no script, nothing fetched."""
    said = draft.by_mention()
    missing: dict[int, list[str]] = {}
    for point in draft.open:
        missing.setdefault(point.mention, []).append(f"{point.aspect}: {point.why}")
    title = escape(plain_line(document.title) or document.name)
    yield (
        f'<!doctype html>\n<html lang="{escape(draft.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        f'<p lang="en">{len(draft.mentions)} amounts. Every proposal is to be read against the text.</p>\n'
        '<div class="sheet"><pre>'
    )
    yield from _marked(document.text, draft)
    yield '</pre>\n<div lang="en">'
    for i, mention in enumerate(draft.mentions):
        yield _card(i, mention, said.get(i, []), missing.get(i, []))
    yield "</div></div>\n</body>\n</html>\n"


def _marked(text: str, draft: Draft) -> Iterator[str]:
    reached = 0
    for i, mention in enumerate(draft.mentions):
        start = min(mention.anchor[0], mention.start)
        if start < reached:
            start = mention.start
        yield escape(text[reached:start])
        qualifier = (
            f'<span class="q">{escape(text[start : mention.start])}</span>' if start < mention.start else ""
        )
        yield (
            f'<mark id="t{i + 1}"><a href="#a{i + 1}">{qualifier}{escape(mention.text)}</a></mark>'
            f"<sup>{i + 1}</sup>"
        )
        reached = mention.end
    yield escape(text[reached:])


def _card(index: int, mention: Mention, proposals: list[Proposal], missing: list[str]) -> str:
    rows = [
        (
            "amount",
            f"{escape(mention.amount())} {escape(mention.currency)}",
            f"{mention.qualifier}, {mention.ground}",
        )
    ]
    for proposal in proposals:
        value = proposal.label or (shorten(proposal.value) if ":" in proposal.value else proposal.value)
        if proposal.aspect in ("sameAs", "partOf", "increaseTo", "changeFrom"):
            value = f"amount {int(proposal.value) + 1}"
        rows.append((proposal.aspect, escape(value), f"{proposal.reason} ({proposal.confidence:.2f})"))
    body = "".join(
        f'<dt>{escape(name)}</dt><dd>{value} <span class="why">{escape(why)}</span></dd>'
        for name, value, why in rows
    )
    left = "".join(f'<dt class="open">open</dt><dd class="open">{escape(point)}</dd>' for point in missing)
    head = f'<a href="#t{index + 1}">{index + 1}. {escape(plain_line(mention.text))}</a>'
    return f'<section id="a{index + 1}"><h2>{head}</h2><dl>{body}{left}</dl></section>\n'
