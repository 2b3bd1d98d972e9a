"""Data and shapes that have nothing of this project: a register of companies, notices and lots.

Shapes of every sort that others write: classes with subclasses, closed shapes, qualified values, paths of several steps,
sh:or, sh:not, sh:xone, pairs of dates, and SPARQL constraints, one of them with a SUM in a sub-select.
"""
# ruff: noqa: E501 - statements of data read better one a line

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TextIO

PREFIXES = """\
@prefix ex:   <http://data.example.org/register/> .
@prefix v:    <http://vocab.example.org/procurement#> .
@prefix rdf:  <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh:   <http://www.w3.org/ns/shacl#> .
@prefix xsd:  <http://www.w3.org/2001/XMLSchema#> .
"""

SHAPES = (
    PREFIXES
    + '''
v:NoticeShape a sh:NodeShape ; sh:targetClass v:Notice ;
    sh:property [ sh:path v:title ; sh:minCount 1 ; sh:uniqueLang true ; sh:languageIn ( "en" "fr" "de" ) ] ;
    sh:property [ sh:path v:buyer ; sh:minCount 1 ; sh:maxCount 1 ; sh:class v:Organisation ; sh:nodeKind sh:IRI ] ;
    sh:property [ sh:path v:published ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:date ; sh:lessThan v:deadline ] ;
    sh:property [ sh:path v:value ; sh:maxCount 1 ; sh:datatype xsd:integer ; sh:minInclusive 0 ] ;
    sh:property [ sh:path v:procedure ; sh:in ( v:open v:restricted v:negotiated ) ] ;
    sh:property [ sh:path v:lot ;
        sh:qualifiedValueShape [ sh:property [ sh:path v:main ; sh:hasValue true ] ] ;
        sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ] ;
    sh:property [ sh:path ( v:buyer v:address v:country ) ; sh:minCount 1 ; sh:pattern "^[A-Z]{2}$" ] ;
    sh:or ( [ sh:property [ sh:path v:value ; sh:minCount 1 ] ] [ sh:property [ sh:path v:estimate ; sh:minCount 1 ] ] ) ;
    sh:not [ sh:property [ sh:path v:winner ; sh:minCount 1 ] ; sh:property [ sh:path v:cancelled ; sh:hasValue true ] ] ;
    sh:sparql [ sh:message "The lots come to more than the notice." ; sh:select """
        SELECT $this ?value WHERE {
          $this <http://vocab.example.org/procurement#value> ?value .
          { SELECT $this (SUM(?part) AS ?sum) WHERE {
              $this <http://vocab.example.org/procurement#lot> ?lot .
              ?lot <http://vocab.example.org/procurement#amount> ?part } GROUP BY $this }
          FILTER (?sum > ?value) }""" ] ;
    sh:sparql [ sh:message "A lot ends before the notice was published." ; sh:select """
        SELECT $this ?value WHERE {
          $this <http://vocab.example.org/procurement#published> ?day ;
            <http://vocab.example.org/procurement#lot> ?lot .
          ?lot <http://vocab.example.org/procurement#ends> ?value .
          FILTER (?value < ?day) }""" ] .

v:LotShape a sh:NodeShape ; sh:targetClass v:Lot ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ;
    sh:property [ sh:path v:number ; sh:minCount 1 ; sh:datatype xsd:integer ] ;
    sh:property [ sh:path v:amount ; sh:maxCount 1 ; sh:datatype xsd:integer ; sh:maxExclusive 1000000000 ] ;
    sh:property [ sh:path v:main ; sh:datatype xsd:boolean ] ;
    sh:property [ sh:path v:ends ; sh:datatype xsd:date ] ;
    sh:property [ sh:path v:code ; sh:minCount 1 ; sh:minLength 8 ; sh:maxLength 10 ] ;
    sh:property [ sh:path [ sh:inversePath v:lot ] ; sh:minCount 1 ; sh:maxCount 1 ] .

v:OrganisationShape a sh:NodeShape ; sh:targetClass v:Organisation ;
    sh:property [ sh:path v:name ; sh:minCount 1 ; sh:datatype xsd:string ] ;
    sh:property [ sh:path v:address ; sh:node v:AddressShape ] ;
    sh:xone ( [ sh:property [ sh:path v:vat ; sh:minCount 1 ] ] [ sh:property [ sh:path v:registry ; sh:minCount 1 ] ] ) ;
    sh:property [ sh:path [ sh:zeroOrMorePath v:owner ] ; sh:class v:Organisation ] .

v:AddressShape a sh:NodeShape ;
    sh:property [ sh:path v:country ; sh:minCount 1 ; sh:maxCount 1 ] ;
    sh:property [ sh:path v:post ; sh:pattern "^[0-9]{4,5}$" ] .
'''
)


def write(size: int, out: TextIO, faults: float = 0.01, seed: int = 1) -> None:
    """`size` notices with their lots and organisations as Turtle; `faults`: the share of notices that are spoilt."""
    chance = random.Random(seed)
    out.write(PREFIXES)
    out.write("v:Agency rdfs:subClassOf v:Organisation .\nv:Ministry rdfs:subClassOf v:Agency .\n")
    bodies = max(3, size // 20)
    for number in range(bodies):
        kind = ("v:Organisation", "v:Agency", "v:Ministry")[number % 3]
        owner = f" ; v:owner ex:org-{number // 3}" if number > 2 else ""
        register = f'v:vat "FR{number:08d}"' if number % 2 else f'v:registry "R{number:06d}"'
        out.write(
            f'ex:org-{number} a {kind} ; v:name "Body {number}" ; {register} ; v:address ex:org-{number}-address{owner} .\n'
            f'ex:org-{number}-address v:country "{("FR", "DE", "NL")[number % 3]}" ; v:post "{10000 + number % 80000}" .\n'
        )
    for number in range(size):
        out.writelines(_notice(number, bodies, chance, chance.random() < faults))


def _notice(number: int, bodies: int, chance: random.Random, spoilt: bool) -> Iterator[str]:
    fault = chance.randrange(7) if spoilt else -1
    lots = 1 + number % 4
    amounts = [chance.randrange(1, 900_000) for _ in range(lots)]
    value = sum(amounts) - 1 if fault == 0 else sum(amounts)
    day, deadline = ("2024-05-10", "2024-04-01") if fault == 1 else ("2024-05-10", "2024-06-30")
    title = f'"Avis {number}"@fr , "Notice {number}"@en' + (' , "Note"@en' if fault == 2 else "")
    buyer = f'"{number}"' if fault == 3 else f"ex:org-{number % bodies}"
    listed = " , ".join(f"ex:lot-{number}-{lot}" for lot in range(lots))
    yield (
        f"ex:notice-{number} a v:Notice ; v:title {title} ; v:buyer {buyer} ; v:value {value} ;\n"
        f'    v:published "{day}"^^xsd:date ; v:deadline "{deadline}"^^xsd:date ; v:procedure v:open ; v:lot {listed} .\n'
    )
    for lot in range(lots):
        main = lot == 0 or (fault == 4 and lot == 1)
        ends = "2023-12-31" if fault == 5 and lot == 0 else "2025-12-31"
        more = " ; v:remark 1" if fault == 6 and lot == 0 else ""
        yield (
            f"ex:lot-{number}-{lot} a v:Lot ; v:number {lot + 1} ; v:amount {amounts[lot]} ; "
            f'v:main {str(main).lower()} ; v:ends "{ends}"^^xsd:date ; v:code "4500000{lot}"{more} .\n'
        )
