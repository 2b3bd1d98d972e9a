"""Synthetic graphs of the model, of any size, the same for the same seed.

    python -m bench.generate 10000 --faults 0.01 --seed 1 -o graph.ttl

About 25 triples a commitment, with everything that the model has: documents with checksums, anchors, totals
with parts (a loan inside some), increases and the levels that they lead to, cumulative and leveraged figures,
other wordings, yearly figures, several payers, later stages, governments with their ministers, programme
trees. Sums add up, so that a graph without faults has no violations. Written as a stream: Turtle, or
N-Triples where the file ends in `.nt`.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from kg.terms import PREFIXES

# One subject with its predicates and objects, all in Turtle's own spelling.
Statement = tuple[str, list[tuple[str, str]]]

# A fault on one commitment: (name, how its statements are changed) is chosen by number in `_spoil`.
FAULTS = (
    "no-qualifier",
    "no-currency",
    "two-currencies",
    "value-decimal",
    "unknown-qualifier",
    "no-kind",
    "no-source",
    "two-stages",
    "anchor-backwards",
    "no-role",
    "string-spatial",
    "no-label",
)

_QUALIFIERS = ("exact",) * 6 + ("almost", "over", "about", "atLeast", "upTo")
_COUNTRIES = (("DNK", "DKK", "da", "DAN"), ("NOR", "NOK", "nb", "NOB"), ("SWE", "SEK", "sv", "SWE"))
_THINGS = (
    "Digital helse",
    "Bredbånd",
    "Borgerportal",
    "Medfinansiering",
    "E-indkøb",
    "Grunddata",
    "Sikkerhet",
)
_PROGRAMMES_PER = 8  # commitments a programme
_DOCUMENT_HOLDS = 20  # commitments a document
_BODIES_PER = (
    40  # commitments a body, in each country, beside its state: who is promised money, and who pays half of it
)


def generate(commitments: int, faults: float = 0.0, seed: int = 1) -> Iterator[Statement]:
    """The statements of a graph with `commitments` commitments, a share `faults` of them spoilt.

    A spoilt commitment has one of FAULTS, in turn. The same arguments give the same statements, and a larger
    graph has other faults but the same kind of content.
    """
    chance = random.Random(seed)
    spoilt = set(chance.sample(range(commitments), round(commitments * faults)))
    yield from _shared(commitments)
    number = 0
    fault = 0
    while number < commitments:
        document = number // _DOCUMENT_HOLDS
        if number % _DOCUMENT_HOLDS == 0:
            yield from _document(document)
        size = min(_group_size(chance, number), commitments - number, _DOCUMENT_HOLDS - number % _DOCUMENT_HOLDS)
        block = list(_group(chance, number, size, document))
        for n in range(number, number + size):
            if n in spoilt:
                block = _spoil(block, n, FAULTS[fault % len(FAULTS)])
                fault += 1
        yield from block
        number += size


def planted(commitments: int, faults: float, seed: int = 1) -> list[tuple[str, str]]:
    """The faults in `generate(commitments, faults, seed)`: (commitment as a prefixed name, name of the fault)."""
    spoilt = random.Random(seed).sample(range(commitments), round(commitments * faults))
    return [(_commitment(n), FAULTS[i % len(FAULTS)]) for i, n in enumerate(sorted(spoilt))]


def _commitment(number: int) -> str:
    return f"id:c{number:07d}"


def _document_name(document: int) -> str:
    return f"id:doc-synthetic-{document:06d}"


def _country(document: int) -> tuple[str, str, str, str]:
    return _COUNTRIES[document % len(_COUNTRIES)]


def _shared(commitments: int) -> Iterator[Statement]:
    """Countries' bodies, governments with ministers, periods, and the programme trees."""
    for code, _currency, language, _ in _COUNTRIES:
        low = code.lower()
        for body, name in (
            ("state", "Staten"),
            ("municipalities", "Kommunerne"),
            ("ministry", "Departementet"),
        ):
            kind = "org:OrganizationalCollaboration" if body == "municipalities" else "m8g:PublicOrganisation"
            label = f'"{name} {code}"@{language} , "The {body} of {code}"@en'
            payer = "state" if body == "state" else "others"
            yield f"id:{body}-{low}", [("a", kind), ("skos:prefLabel", label), _payer(payer)]
        for n in range(_bodies(commitments)):
            label = f'"Virksomhet {code} {n}"@{language} , "Body {code} {n}"@en'
            yield _body(low, n), [("a", "m8g:PublicOrganisation"), ("skos:prefLabel", label), _payer("others")]
        yield (
            f"id:minister-role-{low}",
            [
                ("a", "org:Role"),
                ("skos:prefLabel", f'"Digitaliseringsminister {code}"@{language} , "Minister {code}"@en'),
            ],
        )
        for term in range(4):
            first = 2004 + 4 * term
            period = f"id:period-{low}-{first}"
            yield (
                period,
                [
                    ("a", "dcterms:PeriodOfTime"),
                    ("dcat:startDate", f'"{first}-02-01"^^xsd:date'),
                    ("dcat:endDate", f'"{first + 4}-01-31"^^xsd:date'),
                ],
            )
            government, person = f"id:government-{low}-{first}", f"id:person-{low}-{first}"
            yield (
                government,
                [
                    ("a", "til:Government"),
                    (
                        "skos:prefLabel",
                        f'"Regering {code} {first}"@{language} , "Government {code} {first}"@en',
                    ),
                    ("dcterms:spatial", f"country:{code}"),
                    ("dcterms:temporal", period),
                    ("dcterms:source", "id:source-register"),
                ],
            )
            yield person, [("a", "foaf:Person"), ("foaf:name", f'"Minister {first} {code}"')]
            yield (
                f"id:membership-{low}-{first}",
                [
                    ("a", "org:Membership"),
                    ("org:member", person),
                    ("org:organization", government),
                    ("org:role", f"id:minister-role-{low}"),
                    ("org:memberDuring", period),
                    ("dcterms:source", "id:source-register"),
                ],
            )
    yield "id:source-register", [("a", "foaf:Document"), ("dcterms:title", '"A register of governments"@en')]
    for year in range(2004, 2021):
        yield (
            f"id:year-{year}",
            [
                ("a", "dcterms:PeriodOfTime"),
                ("dcat:startDate", f'"{year}-01-01"^^xsd:date'),
                ("dcat:endDate", f'"{year}-12-31"^^xsd:date'),
            ],
        )
        yield (
            f"id:years-{year}-{year + 2}",
            [
                ("a", "dcterms:PeriodOfTime"),
                ("dcat:startDate", f'"{year}-01-01"^^xsd:date'),
                ("dcat:endDate", f'"{year + 2}-12-31"^^xsd:date'),
            ],
        )
    for n in range(max(1, commitments // _PROGRAMMES_PER)):
        thing = _THINGS[n % len(_THINGS)]
        rows = [("a", "til:Programme"), ("skos:prefLabel", f'"{thing} {n}"@nb , "Programme {n}"@en')]
        if n >= 4:  # a tree of four children a node
            rows.append(("dcterms:isPartOf", _programme(n // 4)))
        yield _programme(n), rows


def _payer(which: str) -> tuple[str, str]:
    """Whose money a body's is."""
    return "dcterms:type", f"payer:{which}"


def _bodies(commitments: int) -> int:
    """How many public bodies a country has: as in the real graph, they grow with what is promised."""
    return max(1, commitments // _BODIES_PER)


def _body(low: str, number: int) -> str:
    return f"id:body-{low}-{number:05d}"


def _programme(number: int) -> str:
    return f"id:programme-{number:06d}"


def _document(document: int) -> Iterator[Statement]:
    code, _, language, authority = _country(document)
    name, year = _document_name(document), 2005 + document % 14
    rows = [
        ("a", "foaf:Document"),
        ("dcterms:title", f'"Pressemelding {document}"@{language}'),
        ("dcterms:language", f"lang:{authority}"),
        ("dcterms:publisher", f"id:ministry-{code.lower()}"),
        ("dcterms:issued", f'"{year}-10-07"^^xsd:date'),
    ]
    if document % 3 == 0:
        rows += [
            ("til:inferred", "dcterms:issued"),
            ("til:dateSource", "id:source-register"),
            ("skos:editorialNote", '"The text has no date: the day comes from the register."@en'),
        ]
    yield name, rows
    yield (
        f"{name}-text",
        [
            ("a", "dctypes:Text"),
            ("dcterms:isFormatOf", name),
            ("dcterms:format", "<https://www.iana.org/assignments/media-types/text/plain>"),
            ("dcterms:extent", str(_DOCUMENT_HOLDS * 1000)),
            ("dcterms:rights", "rights:quotedOnly"),
            ("spdx:checksum", f"{name}-sha256"),
        ],
    )
    digest = random.Random(document).getrandbits(256)
    yield (
        f"{name}-sha256",
        [
            ("a", "spdx:Checksum"),
            ("spdx:algorithm", "spdx:checksumAlgorithm_sha256"),
            ("spdx:checksumValue", f'"{digest:064x}"^^xsd:hexBinary'),
        ],
    )


def _group_size(chance: random.Random, number: int) -> int:
    """One in six groups is a total with two to four parts."""
    return chance.randint(3, 5) if chance.random() < 1 / 6 else 1


def _group(chance: random.Random, first: int, size: int, document: int) -> Iterator[Statement]:
    """A commitment alone, or a total (`first`) with its parts behind it."""
    step = 10 ** chance.randint(5, 6)
    values = [step * chance.randint(10, 900) for _ in range(max(1, size - 1))]
    parts = [_commitment(n) for n in range(first + 1, first + size)]
    loan = bool(parts) and chance.random() < 0.3
    kind = (
        "mixed"
        if loan
        else chance.choice(("appropriation", "authorisation", "grant", "contribution", "guarantee"))
    )
    whole = _commitment_rows(chance, first, document, kind)
    if parts:
        whole += [("dcterms:hasPart", " , ".join(parts)), ("til:partsExhaustive", "true")]
    yield _commitment(first), whole
    yield from _figures(chance, first, document, sum(values), step, plain=bool(parts))
    for n, value in zip(range(first + 1, first + size), values, strict=False):
        part_kind = ("loan" if n == first + 1 else "appropriation") if loan else kind
        yield _commitment(n), _commitment_rows(chance, n, document, part_kind)
        yield from _figures(chance, n, document, value, step, plain=True)


def _stage(chance: random.Random, number: int) -> str:
    """A stage; what another commitment follows (every 17th) is only proposed."""
    stage = chance.choice(("proposed", "agreed", "adopted"))
    return stage if number % 17 else "proposed"


def _commitment_rows(chance: random.Random, number: int, document: int, kind: str) -> list[tuple[str, str]]:
    code, _, language, _ = _country(document)
    low, year = code.lower(), 2005 + document % 14
    government = f"id:government-{low}-{2004 + 4 * ((year - 2004) // 4)}"
    body = _body(low, chance.randrange(max(1, number // _BODIES_PER)))
    payer = body if number % 2 else f"id:state-{low}"
    rows = [
        ("a", "til:Commitment"),
        ("skos:prefLabel", f'"Tilsagn {number}"@{language} , "Commitment {number}"@en'),
        ("til:kind", f"kind:{kind}"),
        ("til:stage", f"stage:{_stage(chance, number)}"),
        ("til:programme", _programme(number // _PROGRAMMES_PER // 2)),
        ("til:period", f"id:years-{year}-{year + 2}" if number % 5 == 0 else f"id:year-{year}"),
        ("til:funder", payer + (f" , id:municipalities-{low}" if number % 11 == 0 else "")),
        ("dcterms:spatial", f"country:{code}"),
        ("dcterms:source", _document_name(document)),
    ]
    if number % 2 == 0:
        rows.append(("til:novelty", f"novelty:{chance.choice(('new', 'continued', 'strengthened'))}"))
    if number % 3 == 0:
        rows.append(("til:proposer", government))
    if number % 7 == 0:
        rows.append(("til:negotiator", f"{government} , id:municipalities-{low}"))
    if number % 4 == 0:
        rows.append(("til:recipient", body))
    if number % 17 == 1:
        rows.append(("til:follows", _commitment(number - 1)))
    return rows


def _figures(
    chance: random.Random, number: int, document: int, value: int, step: int, *, plain: bool
) -> Iterator[Statement]:
    """The level of one commitment, and for some an increase or another sum or wording."""
    qualifier = "exact" if plain else chance.choice(_QUALIFIERS)
    name = f"{_commitment(number)}-level"
    yearly = not plain and number % 5 == 0
    rows = _figure_rows(number, document, "level", value, step, qualifier, "perYear" if yearly else "wholePeriod")
    if yearly:
        rows += [("til:inferred", "til:basis"), ("skos:editorialNote", '"Read as a yearly amount."@en')]
    yield from _with_evidence(chance, name, rows, number, document, qualifier, value, step)
    if plain:
        return
    if number % 9 == 0 and not yearly:
        more = _figure_rows(number, document, "increase", value - step, step, "exact", "wholePeriod")
        more.append(("til:increaseTo", name))
        yield from _with_evidence(
            chance, f"{_commitment(number)}-increase", more, number, document, "exact", value - step, step
        )
    if number % 13 == 0:
        more = _figure_rows(number, document, "leveraged", 2 * value, step, "over", "wholePeriod")
        more.append(("til:payerAsStated", f"id:municipalities-{_country(document)[0].lower()}"))
        yield from _with_evidence(
            chance, f"{_commitment(number)}-leveraged", more, number, document, "over", 2 * value, step
        )
    if number % 19 == 0 and not yearly:
        more = _figure_rows(number, document, "cumulative", 4 * value, step, "exact", "wholePeriod")
        more += [
            ("til:includes", name),
            ("til:period", f"id:years-{2005 + document % 14}-{2007 + document % 14}"),
        ]
        yield from _with_evidence(
            chance, f"{_commitment(number)}-cumulative", more, number, document, "exact", 4 * value, step
        )
    if number % 23 == 0 and not yearly and qualifier == "exact":
        more = _figure_rows(number, document, "level", value, step, "about", "wholePeriod")
        more.append(("til:rewords", name))
        yield from _with_evidence(
            chance, f"{_commitment(number)}-reworded", more, number, document, "about", value, step
        )


def _figure_rows(
    number: int, document: int, role: str, value: int, step: int, qualifier: str, basis: str
) -> list[tuple[str, str]]:
    return [
        ("a", "til:Figure"),
        ("til:figureOf", _commitment(number)),
        ("til:role", f"role:{role}"),
        ("til:basis", f"basis:{basis}"),
        ("til:origin", "origin:stated"),
        ("schema:value", str(value)),
        ("til:currency", f"cur:{_country(document)[1]}"),
        ("til:qualifier", f"qual:{qualifier}"),
        ("til:step", str(step)),
    ]


_WORDS = {
    "almost": "nesten ",
    "over": "over ",
    "about": "cirka ",
    "atLeast": "minst ",
    "upTo": "inntil ",
    "exact": "",
}


def _with_evidence(
    chance: random.Random,
    name: str,
    rows: list[tuple[str, str]],
    number: int,
    document: int,
    qualifier: str,
    value: int,
    step: int,
) -> Iterator[Statement]:
    """A figure with its anchor; eight in ten have the document alone as source."""
    source = _document_name(document)
    if chance.random() < 0.8:
        yield name, [*rows, ("dcterms:source", source)]
        return
    figures = f"{value / 1e6:.1f}" if step < 10**6 else str(value // 10**6)
    words = f"{_WORDS[qualifier]}{figures.replace('.', ',')} millioner kroner"
    # Each commitment has a thousand characters of its document, each figure a part of them.
    start = (number % _DOCUMENT_HOLDS) * 1000 + sum(map(ord, name.rpartition("-")[2])) % 900
    anchor = f"{PREFIXES['id']}{source[3:]}#char={start},{start + len(words)}"
    yield name, [*rows, ("til:evidence", f"<{anchor}>")]
    yield (
        f"<{anchor}>",
        [
            ("a", "oa:SpecificResource"),
            ("oa:hasSource", f"{source}-text"),
            ("oa:hasSelector", f"<{anchor}-selector> , <{anchor}-quote>"),
        ],
    )
    yield (
        f"<{anchor}-selector>",
        [
            ("a", "oa:TextPositionSelector"),
            ("oa:start", str(start)),
            ("oa:end", str(start + len(words))),
        ],
    )
    yield f"<{anchor}-quote>", [("a", "oa:TextQuoteSelector"), ("oa:exact", f'"{words}"')]


def _spoil(block: list[Statement], number: int, fault: str) -> list[Statement]:
    """The same statements with one fault on commitment `number` or on its level."""
    commitment, level = _commitment(number), f"{_commitment(number)}-level"
    selectors = [s for s, rows in block if s.endswith("-selector>")]
    own = f"#char={number % _DOCUMENT_HOLDS * 1000 + sum(map(ord, 'level')) % 900},"
    anchored = any(own in s for s in selectors)
    if fault == "anchor-backwards" and not anchored:
        fault = "no-qualifier"

    def without(rows: list[tuple[str, str]], predicate: str) -> list[tuple[str, str]]:
        return [row for row in rows if row[0] != predicate]

    def swapped(rows: list[tuple[str, str]], predicate: str, value: str) -> list[tuple[str, str]]:
        return [(p, value if p == predicate else o) for p, o in rows]

    changed: list[Statement] = []
    for subject, rows in block:
        if subject == level and fault == "no-qualifier":
            rows = without(rows, "til:qualifier")
        elif subject == level and fault == "no-currency":
            rows = without(rows, "til:currency")
        elif subject == level and fault == "two-currencies":
            rows = swapped(rows, "til:currency", "cur:NOK , cur:DKK")
        elif subject == level and fault == "value-decimal":
            rows = [(p, f'"{o}.5"^^xsd:decimal' if p == "schema:value" else o) for p, o in rows]
        elif subject == level and fault == "unknown-qualifier":
            rows = swapped(rows, "til:qualifier", "qual:roughly")
        elif subject == level and fault == "no-role":
            rows = without(rows, "til:role")
        elif subject == commitment and fault == "no-kind":
            rows = without(rows, "til:kind")
        elif subject == commitment and fault == "no-source":
            rows = without(rows, "dcterms:source")
        elif subject == commitment and fault == "two-stages":
            rows = swapped(rows, "til:stage", "stage:proposed , stage:paid")
        elif subject == commitment and fault == "string-spatial":
            rows = swapped(rows, "dcterms:spatial", '"Norge"')
        elif subject == commitment and fault == "no-label":
            rows = without(rows, "skos:prefLabel")
        elif fault == "anchor-backwards" and own in subject and subject.endswith("-selector>"):
            rows = swapped(rows, "oa:end", "0")
        changed.append((subject, rows))
    return changed


def write_turtle(statements: Iterator[Statement], out: TextIO) -> None:
    """The statements as Turtle, one subject a statement, in the layout of `kg fmt`."""
    for prefix, namespace in sorted(PREFIXES.items()):
        out.write(f"@prefix {prefix}: <{namespace}> .\n")
    for subject, rows in statements:
        out.write(f"\n{subject} " + " ;\n    ".join(f"{p} {o}" for p, o in rows) + " .\n")


_TOKEN = re.compile(r'"[^"]*"(?:@[\w-]+|\^\^\w+:\w+)?|<[^>]*>|[^\s,]+')


def write_ntriples(statements: Iterator[Statement], out: TextIO) -> None:
    """The statements as N-Triples, a triple a line."""
    for subject, rows in statements:
        head = _long(subject)
        for predicate, objects in rows:
            middle = _long(predicate)
            for token in _TOKEN.findall(objects):
                out.write(f"{head} {middle} {_long(token)} .\n")


def _long(token: str) -> str:
    """One term in N-Triples' spelling."""
    if token.startswith("<"):
        return token
    if token.startswith('"'):
        text, mark, datatype = token.rpartition("^^")
        return f"{text}^^{_long(datatype)}" if mark else token
    if token == "a":
        return f"<{PREFIXES['rdf']}type>"
    if token in ("true", "false"):
        return f'"{token}"^^<{PREFIXES["xsd"]}boolean>'
    if token.isdigit():
        return f'"{token}"^^<{PREFIXES["xsd"]}integer>'
    prefix, _, local = token.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench.generate", description="A synthetic graph of the model.")
    parser.add_argument("commitments", type=int)
    parser.add_argument("--faults", type=float, default=0.0, help="share of the commitments with a fault, 0 to 1")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, help="a .ttl or .nt file; else Turtle on stdout")
    options = parser.parse_args(arguments)
    statements = generate(options.commitments, options.faults, options.seed)
    if options.output is None:
        write_turtle(statements, sys.stdout)
        return
    with options.output.open("w", encoding="utf-8", newline="\n") as out:
        (write_ntriples if options.output.suffix == ".nt" else write_turtle)(statements, out)


if __name__ == "__main__":
    main()
