"""How well `kg draft` reads: its proposals held against the two hand-made documents, and its speed.

    python bench/draft.py [--shared ../shared] [--wrong] [--speed] [--text FILE]

A proposal is right when the hand-made graph says the same of the figure that rests on the same words. A government
that pays is counted as its state, and a rewording has the payers that its own sentence names. `--speed` runs the
whole command on generated text of 1, 5, 25 and 50 MB (`--most MB` for less) and on lines that are hard to read;
`--text` runs it on a text of your own, repeated to 5 MB (or `--most MB`).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from kg.draft import draft_document
from kg.draft.document import read_document
from kg.draft.model import Draft
from kg.project import Project
from kg.results import plain, select
from kg.store import Store

ASPECTS = ("role", "stage", "period", "payer", "recipient", "programme")
FURTHER = ("basis", "kind", "novelty", "proposer", "speaker", "sameAs", "partOf", "increaseTo")
DOCUMENTS = {
    "doc-dk-2007-statsaftale": "dk-2007-statsaftale.txt",
    "doc-no-2019-hoyt-digitaliseringstempo": "no-2019-hoyt-digitaliseringstempo.txt",
}
HAND = """
SELECT ?start ?end ?figure ?aspect ?value WHERE {
  ?anchor oa:hasSource/dcterms:isFormatOf %s ; oa:hasSelector ?place . ?place oa:start ?start ; oa:end ?end .
  ?figure til:evidence ?anchor ; til:figureOf ?of ; a til:Figure .
  { ?figure til:role ?value BIND("role" AS ?aspect) }
  UNION { ?figure til:basis ?value BIND("basis" AS ?aspect) }
  UNION { ?of til:stage ?value BIND("stage" AS ?aspect) }
  UNION { ?of til:kind ?value BIND("kind" AS ?aspect) }
  UNION { ?of til:novelty ?value BIND("novelty" AS ?aspect) }
  UNION { ?of til:proposer ?value BIND("proposer" AS ?aspect) }
  UNION {
    ?figure til:figureOf ?of . ?of til:funder ?value . FILTER NOT EXISTS { ?figure til:payerAsStated ?other }
    BIND("payer" AS ?aspect)
  }
  UNION { ?figure til:payerAsStated ?value BIND("payer" AS ?aspect) }
  UNION { ?of til:recipient ?value BIND("recipient" AS ?aspect) }
  UNION { ?of til:programme ?value BIND("programme" AS ?aspect) }
  UNION { ?of a til:Programme BIND(?of AS ?value) BIND("programme" AS ?aspect) }
  UNION { ?anchor prov:wasAttributedTo ?value BIND("speaker" AS ?aspect) }
  UNION { ?figure til:increaseTo ?value BIND("increaseTo" AS ?aspect) }
  UNION { ?whole dcterms:hasPart ?of . ?value til:figureOf ?whole BIND("partOf" AS ?aspect) }
  UNION { ?figure til:rewords ?value BIND("sameAs" AS ?aspect) }
  UNION { ?figure til:rewords?/^til:rewords? ?value BIND("sameAs" AS ?aspect) }
  UNION {
    ?figure til:figureOf ?of . ?of til:period ?general . OPTIONAL { ?figure til:period ?own }
    BIND(COALESCE(?own, ?general) AS ?period)
    OPTIONAL { ?period dcat:startDate ?first } OPTIONAL { ?period dcat:endDate ?last }
    BIND(CONCAT(COALESCE(STR(?first), ""), "/", COALESCE(STR(?last), "")) AS ?value) BIND("period" AS ?aspect)
  }
}"""
STATES = """
SELECT ?government ?state WHERE {
  ?government a til:Government ; dcterms:spatial ?country .
  ?state a m8g:PublicOrganisation ; dcterms:spatial ?country .
  FILTER(STRSTARTS(STR(?state), "https://w3id.org/tilsagn/id/staten-"))
}"""


def local(value: str) -> str:
    return value if value[:4].isdigit() or value.startswith("/") else value.rsplit("/", 1)[-1]


def hand_made(store: Store, document: str) -> dict[tuple[int, int], dict[str, set[str]]]:
    """What the graph says, by the place of the anchor."""
    states = {plain(row[0]): plain(row[1]) for row in select(store, STATES).rows}
    said: dict[tuple[int, int], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for start, end, figure, aspect, value in select(store, HAND % f"id:{document}").rows:
        name = plain(aspect)
        text = plain(value)
        text = states.get(text, text) if name == "payer" else text
        place = int(plain(start)), int(plain(end))
        said[place][name].add(local(text))
        said[place]["figure"].add(local(plain(figure)))
    return said


def proposed(draft: Draft, figures: dict[int, set[str]]) -> dict[int, dict[str, dict[str, float]]]:
    """What the draft says: mention → aspect → value → confidence; another amount by its figures' names."""
    said: dict[int, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for proposal in draft.proposals:
        if proposal.aspect in ("sameAs", "partOf", "increaseTo"):
            for figure in figures.get(int(proposal.value), {"?"}):
                said[proposal.mention][proposal.aspect][figure] = proposal.confidence
        else:
            said[proposal.mention][proposal.aspect][local(proposal.value)] = proposal.confidence
    return said


def right(aspect: str, ours: set[str], theirs: set[str]) -> bool:
    """Whether the graph says what is proposed; of links between amounts, one figure of several is enough."""
    return bool(ours & theirs) if aspect in ("sameAs", "partOf", "increaseTo") else ours == theirs


def compare(shared: Path, show: bool) -> int:
    store = Store.of_files(Project.find().graph_files())
    score: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    sure = [0, 0]
    for document, file in DOCUMENTS.items():
        draft = draft_document(read_document(str(shared / "sources" / file)), store).draft
        hand = hand_made(store, document)
        places = {
            i: next((place for place in hand if place[0] <= m.start and m.end <= place[1]), None)
            for i, m in enumerate(draft.mentions)
        }
        figures = {i: hand[place]["figure"] for i, place in places.items() if place}
        ours = proposed(draft, figures)
        print(f"{file}: {len(figures)} of {len(draft.mentions)} amounts are figures of the graph")
        for i, mention in enumerate(draft.mentions):
            place = places[i]
            theirs = hand[place] if place else {}
            for aspect in (*ASPECTS, *FURTHER):
                expected = theirs.get(aspect, set())
                given = ours[i][aspect]
                if aspect == "basis" and not given:
                    given = {"wholePeriod": 0.5}
                if expected and (aspect in ASPECTS or given):
                    score[aspect][1] += 1
                    good = right(aspect, set(given), expected)
                    score[aspect][0] += good
                    if show and not good:
                        print(
                            f"  {aspect}: {' '.join(mention.text.split())!r}: {sorted(given)}, "
                            f"by hand {sorted(expected)}"
                        )
                for value, confidence in given.items():
                    if confidence > 0.9:
                        sure[1] += 1
                        good = value in expected
                        sure[0] += good
                        if show and not good:
                            print(f"  over 0.9 and wrong: {aspect} {value} at {' '.join(mention.text.split())!r}")
    total = [sum(score[aspect][k] for aspect in ASPECTS) for k in (0, 1)]
    for aspect in (*ASPECTS, *FURTHER):
        hit, all_ = score[aspect]
        print(f"{aspect:11} {hit:3} of {all_:3} right  {hit / max(all_, 1):.3f}")
    print(f"{'all six':11} {total[0]:3} of {total[1]:3} right  {total[0] / max(total[1], 1):.3f}")
    print(f"{'over 0.9':11} {sure[0]:3} of {sure[1]:3} right  {sure[0] / max(sure[1], 1):.3f}")
    return 0 if total[0] >= 0.8 * total[1] and sure[0] >= 0.9 * sure[1] else 1


SAMPLE = (
    "Regjeringen foreslår å bevilge %(some)s millioner kroner til nye veier i 2024. Av dette er ca. %(part)s mill. "
    "kroner til gang- og sykkelveier i kommunene, som har hatt god nytte av ordningen siden den ble innført. "
    "Ordningen ble evaluert i 2019 av 14 forskere, som leste 2 300 søknader og 86 prosent av svar. Departementet "
    "mener at ordningen virker etter hensikten, og at den bør videreføres med mellom %(low)s og 115 millioner kroner "
    "i året.\n\n"
)
# With it, an amount in 280 characters, as in the two documents that are read word by word; without, one in 120.
PLAIN = (
    "Kommunene har lenge bedt om klarere regler for hvem som skal holde veiene åpne om vinteren, og nå får de svar. "
    "Statsråden besøkte %(low)s kommuner i fjor og møtte både ordførere, brøytere og skolebarn som går langs veien. "
    "Rapporten fra 2022 viser at 3 av 4 veier blir brøytet før klokka 7, men at forskjellene er store. Derfor vil "
    "departementet lage en felles veileder, prøve den ut i tre fylker og legge fram resultatene på en konferanse. "
    "Mer om arbeidet, møtene og tidsplanen står på departementets sider, der alle kan melde seg på som høringspart, "
    "sende inn spørsmål og lese hva andre har svart.\n\n"
)
HEADING = "   MB  output   user s   MB/s  memory MB  output MB"
LINES = {
    "1 1 1 …": "1 " * 500_000,
    "one sentence with 20 000 amounts": "de får 1 mill. kroner til veier, som alle vil ha, " * 20_000,
    "no full stop": "kommunen har bygget vei og bro " * 32_000,
    "a table of 50 000 rows": "Mill. kr | 2020 | 2021\n--- | --- | ---\n" + "Veier | 10,5 | 20\n" * 50_000,
    "mio. kr. |": "mio. kr. | " * 90_000,
}


def sample(megabytes: int, paragraph: str = SAMPLE + PLAIN) -> str:
    """Text of about that size, with amounts that differ from one paragraph to the next."""
    parts: list[str] = []
    size = number = 0
    while size < megabytes * 1_000_000:
        number += 1
        part = paragraph % {
            "some": f"{number % 9973},{number % 10}",
            "part": number % 907 + 1,
            "low": number % 89 + 10,
        }
        parts.append(part)
        size += len(part.encode())
    return "".join(parts)


def speed(most: int) -> None:
    """The whole command in a process of its own: user seconds, MB of text a second, MB of memory at most."""
    print(HEADING)
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "sample.txt"
        for megabytes in (size for size in (1, 5, 25, 50) if size <= most):
            document.write_text(sample(megabytes), encoding="utf-8")
            size = document.stat().st_size / 1_000_000
            for form in ("json", "turtle"):
                measure(size, form, document)
        print("an amount in 120 characters")
        document.write_text(sample(min(5, most), SAMPLE), encoding="utf-8")
        for form in ("json", "turtle"):
            measure(document.stat().st_size / 1_000_000, form, document)
        for name, text in LINES.items():
            print(f"one line of 1 MB: {name}")
            document.write_text(text, encoding="utf-8")
            for form in ("json", "turtle"):
                measure(document.stat().st_size / 1_000_000, form, document)


def repeated(file: Path, megabytes: int) -> None:
    """The whole command on one text again and again, until it is of that size."""
    text = file.read_bytes()
    print(HEADING)
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "repeated.txt"
        document.write_bytes(text * -(-megabytes * 1_000_000 // len(text)))
        for form in ("json", "turtle", "html"):
            measure(document.stat().st_size / 1_000_000, form, document)


def measure(size: float, form: str, document: Path) -> None:
    """One line of the table. The start of Python and the reading of the graph count too."""
    written = document.with_suffix(f".{form}.out")
    with written.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "kg", "draft", document, "-f", form], stdout=output, stderr=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"kg draft ended with {process.returncode}")
    memory = used.ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1000)
    written_size = written.stat().st_size / 1_000_000
    print(
        f"{size:5.1f}  {form:6} {used.ru_utime:8.2f} {size / used.ru_utime:6.2f} {memory:10.0f} {written_size:10.1f}",
        flush=True,
    )
    written.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default=os.environ.get("TILSAGN_SHARED", "../shared"))
    parser.add_argument("--wrong", action="store_true", help="list what is not as by hand")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--text", type=Path, metavar="FILE", help="measure this text, repeated")
    parser.add_argument("--most", type=int, metavar="MB", help="the size to stop at  [default: 50, of --text 5]")
    arguments = parser.parse_args()
    if arguments.text:
        repeated(arguments.text, arguments.most or 5)
        return 0
    if arguments.speed:
        speed(arguments.most or 50)
        return 0
    return compare(Path(arguments.shared), arguments.wrong)


if __name__ == "__main__":
    sys.exit(main())
