"""Anchors held against texts; `kg coverage` as people use it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from kg import evidence
from kg.draft.quantities import read_amounts
from kg.rdf import parse
from kg.store import Store
from tests.conftest import Kg

TEXT = (
    "Regeringen afsætter 40 mio. kr. til en bro.\n\nKommunen giver ca. 12,5 mio. kr. til den samme bro. "
    "Staten låner den yderligere 7 mio. kr. i 2031.\n"
)
PREFIXES = (
    "@prefix id: <https://w3id.org/tilsagn/id/> .\n@prefix til: <https://w3id.org/tilsagn/ns#> .\n"
    "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
    "@prefix oa: <http://www.w3.org/ns/oa#> .\n@prefix schema: <http://schema.org/> .\n"
    "@prefix spdx: <http://spdx.org/rdf/terms#> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)


def graph(text: str, amounts: list[tuple[str, int]], checksum: bool = True) -> str:
    """A document of the graph with an anchor and a figure for each (words, value)."""
    lines = [PREFIXES, "id:text dcterms:isFormatOf id:doc-bro .\n"]
    if checksum:
        digest = evidence.sha256(text.encode())
        lines.append(f'id:text spdx:checksum id:sum .\nid:sum spdx:checksumValue "{digest}"^^xsd:hexBinary .\n')
    for number, (words, value) in enumerate(amounts):
        start = text.index(words)
        anchor = f"<https://w3id.org/tilsagn/id/doc-bro#char={start},{start + len(words)}>"
        lines.append(
            f"{anchor} oa:hasSource id:text ; oa:hasSelector id:s{number} , id:q{number} .\n"
            f"id:s{number} oa:start {start} ; oa:end {start + len(words)} .\n"
            f'id:q{number} oa:exact "{words}" .\n'
            f"id:f{number} til:evidence {anchor} ; schema:value {value} .\n"
        )
    return "".join(lines)


AMOUNTS = [("40 mio. kr.", 40_000_000), ("ca. 12,5 mio. kr.", 12_500_000), ("7 mio. kr.", 7_000_000)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "bro.ttl").write_text(graph(TEXT, AMOUNTS), encoding="utf-8")
    return folder


def covered(text: str, turtle: str, tmp_path: Path) -> evidence.Coverage:
    path = tmp_path / "g.ttl"
    path.write_text(turtle, encoding="utf-8")
    store = Store.of(quad.triple for quad in parse(path))
    known = evidence.documents(store)
    checksums = [evidence.sha256(text.encode())]
    document = evidence.closest(known, text, checksums)
    assert document is not None
    return evidence.cover(document, text, checksums, read_amounts(text, "da"))


def test_the_text_as_it_was_read_is_whole(tmp_path: Path) -> None:
    found = covered(TEXT, graph(TEXT, AMOUNTS), tmp_path)
    assert (found.anchored, found.amounts, found.same, found.whole) == (3, 3, True, True)


@pytest.mark.parametrize(("at", "broken"), [(0, 3), (50, 2), (TEXT.index("yderligere"), 1)])
def test_a_character_before_an_amount_breaks_every_anchor_after_it(at: int, broken: int, tmp_path: Path) -> None:
    turtle = graph(TEXT, AMOUNTS)
    for changed in (TEXT[:at] + "X" + TEXT[at:], TEXT[:at] + TEXT[at + 1 :]):
        found = covered(changed, turtle, tmp_path)
        assert len(found.broken) == broken
        assert found.anchored == 3 - broken
        assert not found.whole and found.same is False
        for one in found.broken:
            assert one.moved_to is not None and abs(one.moved_to - one.anchor.start) == 1


def test_a_changed_figure_breaks_its_anchor_alone(tmp_path: Path) -> None:
    changed = TEXT.replace("12,5", "13,5")
    found = covered(changed, graph(TEXT, AMOUNTS), tmp_path)
    assert [one.anchor.words for one in found.broken] == ["ca. 12,5 mio. kr."]
    assert [amount.text for amount in found.loose] == ["13,5 mio. kr."]


def test_any_other_change_is_told_by_the_checksum(tmp_path: Path) -> None:
    found = covered(TEXT + "\n", graph(TEXT, AMOUNTS), tmp_path)
    assert not found.broken and not found.loose and found.same is False and not found.whole


def test_an_amount_without_an_anchor_is_loose(tmp_path: Path) -> None:
    found = covered(TEXT, graph(TEXT, AMOUNTS[:2]), tmp_path)
    assert [amount.text for amount in found.loose] == ["7 mio. kr."]


def test_a_figure_that_says_another_value_is_astray(tmp_path: Path) -> None:
    found = covered(TEXT, graph(TEXT, [AMOUNTS[0], AMOUNTS[1], ("7 mio. kr.", 700_000)]), tmp_path)
    assert [(amount.text, sorted(anchor.values)) for amount, anchor in found.astray] == [
        ("7 mio. kr.", [Decimal(700_000)])
    ]
    assert not found.whole


def test_a_document_without_checksum_says_so(tmp_path: Path) -> None:
    found = covered(TEXT, graph(TEXT, AMOUNTS, checksum=False), tmp_path)
    assert found.same is None and found.whole


def test_another_text_is_not_taken_for_a_document(tmp_path: Path) -> None:
    path = tmp_path / "g.ttl"
    path.write_text(graph(TEXT, AMOUNTS), encoding="utf-8")
    known = evidence.documents(Store.of(quad.triple for quad in parse(path)))
    assert evidence.closest(known, "En helt anden tekst om 40 mio. kr.", ["0"]) is None


def test_places_are_lines_and_columns() -> None:
    assert evidence.place("ab\ncd", 0) == "1:1"
    assert evidence.place("ab\ncd", 4) == "2:2"


def test_the_command(kg: Kg, data: Path, tmp_path: Path) -> None:
    same = tmp_path / "bro.txt"
    same.write_bytes(TEXT.encode())
    run = kg("coverage", same, "--data", data)
    assert run.returncode == 0 and run.stdout.startswith("3 of 3 amounts anchored in id:doc-bro")
    other = tmp_path / "changed.txt"
    other.write_bytes(("X" + TEXT).encode())
    run = kg("coverage", other, "--data", data, "-f", "json")
    assert run.returncode == 1
    told = json.loads(run.stdout)
    assert told["checksum"] == "differs" and [one["words"] for one in told["broken"]] == [w for w, _ in AMOUNTS]


def test_the_command_says_when_the_graph_does_not_know_the_text(kg: Kg, data: Path) -> None:
    run = kg("coverage", "-", "--data", data, stdin="Staten giver 3 mio. kr. til en sti i 2040.")
    assert run.returncode == 1 and "error[unknown-document]" in run.stderr and "1 amount" in run.stderr
    other = "Staten giver 3 mio. kr. til en sti."
    run = kg("coverage", "-", "--data", data, "--document", "id:doc-bro", stdin=other)
    assert run.returncode == 1 and run.stdout.startswith("0 of 1 amounts anchored in id:doc-bro")


def test_an_unknown_document_or_format_is_a_wrong_command(kg: Kg, data: Path, tmp_path: Path) -> None:
    text = tmp_path / "t.txt"
    text.write_text(TEXT, encoding="utf-8")
    assert kg("coverage", text, "--data", data, "--document", "id:doc-brp").returncode == 2
    assert kg("coverage", text, "--data", data, "-f", "xml").returncode == 2
    assert kg("coverage", tmp_path / "none.txt", "--data", data).returncode == 3


@pytest.mark.parametrize(
    ("name", "count"), [("dk-2007-statsaftale.txt", 9), ("no-2019-hoyt-digitaliseringstempo.txt", 27)]
)
def test_the_two_sources_are_covered(name: str, count: int, kg: Kg, shared: Path) -> None:
    run = kg("coverage", shared / "sources" / name)
    assert run.returncode == 0, run.stdout
    assert run.stdout.startswith(f"{count} of {count} amounts anchored")
