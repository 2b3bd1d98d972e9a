"""`kg draft`: what is proposed around amounts, what goes in, what comes out."""

from __future__ import annotations

import codecs
import datetime
import io
import json
from pathlib import Path

import pytest

from kg.draft import draft_document
from kg.draft.document import document_of
from kg.draft.lexicon import LANGUAGES, lexicon, read_cues
from kg.draft.model import Draft
from kg.draft.text import blocks_of, sentences
from kg.draft.vocabulary import Hit, Name, Vocabulary
from kg.draft.write import Setting, json_of, page, turtle
from kg.errors import WorldError
from kg.store import Store
from tests.conftest import Kg


def drafted(text: str, store: Store, language: str | None = None, date: datetime.date | None = None) -> Draft:
    return draft_document(document_of("text.txt", text.encode()), store, language, date).draft


def said(draft: Draft, mention: int, aspect: str) -> set[str]:
    return {
        p.value if aspect == "period" else p.value.rsplit("/", 1)[-1]
        for p in draft.proposals
        if (p.mention, p.aspect) == (mention, aspect)
    }


NORWEGIAN = "Statsbudsjettet 2031:\n\nRegjeringen foreslår å bevilge 4 millioner kroner til broer i 2031."

ROLES = [
    ("da", "Puljen øges med 5 mio. kr. til 20 mio. kr. i 2031.", ["increase", "level"]),
    ("da", "Der gives yderligere 5 mio. kr. til broer.", ["increase"]),
    ("da", "Siden 2019 er der i alt givet 90 mio. kr. til broer.", ["cumulative"]),
    ("nb", "Rammen økes med 5 mill. kroner, fra 15 til 20 mill. kroner.", ["increase", "level", "level"]),
    ("nb", "Det er 5 mill. kroner mer enn i fjor.", ["increase"]),
    ("nb", "Støtten på 5 mill. kroner kan utløse tiltak for 30 mill. kroner.", ["level", "leveraged"]),
    ("nn", "Løyvinga blir auka med 5 millionar kroner.", ["increase"]),
    ("nn", "Fylket får 5 millionar kroner til bruer.", ["level"]),
    ("sv", "Anslaget ökas med 5 miljoner kronor.", ["increase"]),
    ("sv", "Myndigheten får 5 miljoner kronor för broar.", ["level"]),
    ("en", "Spending was increased by £5m to £20m.", ["increase", "level"]),
    ("en", "The fund provides £5m for bridges.", ["level"]),
]


@pytest.mark.parametrize(("language", "text", "roles"), ROLES, ids=[text for _, text, _ in ROLES])
def test_roles(language: str, text: str, roles: list[str], store: Store) -> None:
    draft = drafted(text, store, language)
    assert [said(draft, i, "role") for i in range(len(draft.mentions))] == [{role} for role in roles]


def test_a_cut_has_no_role_and_stays_open(store: Store) -> None:
    draft = drafted("Puljen blev skåret med 5 mio. kr. i 2031.", store, "da")
    assert not said(draft, 0, "role")
    assert any(point.aspect == "role" for point in draft.open)


def test_an_amount_that_the_next_sentence_divides_is_a_level(store: Store) -> None:
    text = "Arbeidet styrkes med 9 mill. kroner. Av dette er 4 mill. kroner lån."
    draft = drafted(text, store, "nb")
    assert said(draft, 0, "role") == {"level"}
    assert said(draft, 1, "partOf") == {"0"}
    assert said(draft, 1, "kind") == {"loan"}


STAGES = [
    ("da", "Regeringen foreslår 5 mio. kr. til broer.", "proposed"),
    ("da", "Partierne har indgået en aftale om 5 mio. kr. til broer.", "agreed"),
    ("nb", "Stortinget vedtok å gi 5 mill. kroner til broer.", "adopted"),
    ("nn", "Fylket har betalt ut 5 millionar kroner til bruer.", "paid"),
    ("sv", "Myndigheten har beviljat 5 miljoner kronor för broar.", "awarded"),
    ("en", "The minister pledged £5m for bridges.", "pledged"),
]


@pytest.mark.parametrize(("language", "text", "stage"), STAGES, ids=[text for _, text, _ in STAGES])
def test_stages(language: str, text: str, stage: str, store: Store) -> None:
    assert said(drafted(text, store, language), 0, "stage") == {stage}


PERIODS = [
    ("da", "Der afsættes 5 mio. kr. i 2031.", None, "2031-01-01/2031-12-31"),
    ("da", "Der afsættes 5 mio. kr. frem til 2033.", None, "/2033-12-31"),
    ("da", "Der afsættes 5 mio. kr. de næste tre år.", datetime.date(2030, 5, 1), "2031-01-01/2033-12-31"),
    (
        "da",
        "Der afsættes 5 mio. kr. de næste tre år. Projektet varer frem til 2034.",
        None,
        "2032-01-01/2034-12-31",
    ),
    ("nb", "Det gis 5 mill. kroner i 2031–2033.", None, "2031-01-01/2033-12-31"),
    ("sv", "Regeringen avsätter 5 miljoner kronor under 2031.", None, "2031-01-01/2031-12-31"),
    ("en", "They will spend £5m in 2031.", None, "2031-01-01/2031-12-31"),
]


@pytest.mark.parametrize(("language", "text", "date", "period"), PERIODS, ids=[row[1] for row in PERIODS])
def test_periods(language: str, text: str, date: datetime.date | None, period: str, store: Store) -> None:
    draft = drafted(text, store, language, date)
    proposed = said(draft, 0, "period")
    confident = date is None
    assert proposed == {period}
    assert all(p.confidence >= 0.7 for p in draft.proposals if p.aspect == "period") is confident


def test_years_to_come_without_a_first_year_stay_open(store: Store) -> None:
    draft = drafted("Der afsættes 5 mio. kr. de næste tre år.", store, "da")
    assert not said(draft, 0, "period")
    assert [point.why for point in draft.open if point.aspect == "period"] == [
        "'de næste tre år': the first year is not known"
    ]


def test_the_year_that_an_amount_is_compared_with_is_not_its_period(store: Store) -> None:
    draft = drafted("Det gis 5 mill. kroner i 2031. Det er 2 mill. kroner mer enn i 2030.", store, "nb")
    assert said(draft, 1, "period") == {"2031-01-01/2031-12-31"}


def test_who_pays_who_gets_and_for_what(store: Store) -> None:
    text = (
        "KL og regionerne betaler 5 mio. kr. til Projekt Digital Forvaltning i 2031. "
        "Desuden kommer 3 mio. kr. fra kommunerne."
    )
    draft = drafted(text, store, "da")
    assert said(draft, 0, "payer") == {"kl", "regionerne-dk"}
    assert said(draft, 0, "programme") == {"projekt-digital-forvaltning"}
    assert said(draft, 1, "payer") == {"kommunerne-dk"}
    norwegian = drafted(NORWEGIAN[:-1] + " og 2 millioner kroner til Digitaliseringsdirektoratets arbeid.", store)
    assert said(norwegian, 0, "payer") == {"staten-no"}
    assert said(norwegian, 1, "recipient") == {"digitaliseringsdirektoratet"}


def test_what_is_not_said_is_open_and_never_made_up(store: Store) -> None:
    draft = drafted("Det kostet 5 mill. kroner.", store, "nb")
    assert {point.aspect for point in draft.open} == {"stage", "kind", "payer", "period"}
    assert {p.aspect for p in draft.proposals} == {"role"}


def test_the_speaker_of_a_quotation(store: Store) -> None:
    text = "– Vi gir 5 mill. kroner til broer, sier minister Kari Nordmann. Det er 2 mill. kroner mer enn før.\n"
    draft = drafted(text, store, "nb")
    assert said(draft, 0, "speaker") == {"Kari Nordmann"}
    assert not said(draft, 1, "speaker")
    assert [p.known for p in draft.proposals if p.aspect == "speaker"] == [False]
    known = drafted(text.replace("Kari Nordmann", "Nikolai Astrup"), store, "nb")
    assert said(known, 0, "speaker") == {"nikolai-astrup"}


def test_the_same_fact_said_twice(store: Store) -> None:
    text = (
        "Det gis 127,5 mill. kroner i 2031.\n\nMedfinansieringsordningen får altså 127,5 mill. kroner. "
        "Noe annet er 3 mill. kroner til veier, og 3 mill. kroner til broer.\n"
    )
    draft = drafted(text, store, "nb")
    assert said(draft, 1, "sameAs") == {"0"}
    assert said(draft, 0, "programme") == {"medfinansieringsordningen"}
    assert not said(draft, 3, "sameAs")


def test_every_proposal_has_an_anchor_in_the_text_and_a_reason(store: Store, root: Path) -> None:
    text = (root / "docs/drafting-example.txt").read_text(encoding="utf-8")
    draft = drafted(text, store)
    assert draft.proposals
    for proposal in draft.proposals:
        start, end = proposal.anchor
        assert 0 <= start < end <= len(text) and end - start <= 40
        assert proposal.reason and 0 < proposal.confidence <= 1


@pytest.mark.parametrize("form", ["Regionerne", "regioners", "Regioner", "REGIONERNES"])
def test_a_name_is_found_in_every_form(form: str, store: Store) -> None:
    assert said(drafted(f"{form} betaler 5 mio. kr. i 2031.", store, "da"), 0, "payer") == {"regionerne-dk"}


@pytest.mark.parametrize(("words", "payers"), [("KL's folk", {"kl"}), ("kl. 12", set()), ("Klubben", set())])
def test_a_short_name_stands_letter_for_letter(words: str, payers: set[str], store: Store) -> None:
    assert said(drafted(f"{words} betaler 5 mio. kr. i 2031.", store, "da"), 0, "payer") == payers


def test_a_norwegian_body_is_not_found_in_a_danish_text(store: Store) -> None:
    draft = drafted("Norges forskningsråd betaler 5 mio. kr. i 2031.", store, "da")
    assert not said(draft, 0, "payer")


def test_a_surname_is_the_first_whole_name_however_far_behind_the_text_gives_it(store: Store) -> None:
    """What stands around an amount is forgotten when the amounts have passed it: the surname must not be with it."""
    surname = "– Vi gir 7 mill. kroner, sier Fjellvåg.\n\n"
    between = "De får 3 mill. kroner til veier.\n\n" * 600
    whole = "– Vi gir 4 mill. kroner, sier {} Fjellvåg.\n\n"
    draft = drafted(between + surname + between + whole.format("Tuva") + whole.format("Jon"), store, "nb")
    assert said(draft, 600, "speaker") == {"Tuva Fjellvåg"}
    # A heading is read before the text that it stands over.
    heading = "– Vi gir, sier Jon Fjellvåg, og går"
    draft = drafted(between + surname + between + whole.format("Tuva") + heading, store, "nb")
    assert said(draft, 600, "speaker") == {"Tuva Fjellvåg"}


def test_blocks_and_sentences() -> None:
    text = "Overskrift\n\nDet er 5 mio. kr. til bl.a. veje. Mere står her:\n\n• Et punkt.\n• Et andet.\n"
    blocks = list(blocks_of(text))
    assert [block.kind for block in blocks] == ["heading", "intro", "item", "item"]
    inside = sentences(text, blocks[1].start, blocks[1].end, lexicon("da").abbreviations)
    assert [text[s:e] for s, e in inside] == ["Det er 5 mio. kr. til bl.a. veje.", "Mere står her:"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_cue(language: str) -> None:
    """A section that is missing from one file would leave its aspect unread, without a word."""
    ours, nb = read_cues(language), read_cues("nb")
    assert {(s, c) for s, group in ours.items() for c in group} >= {
        (s, c) for s, group in nb.items() for c in group if c != "besides"
    }


BLANKS = ["  ", "\n", " \n ", "\n\n", "   \n\n  ", "\t", " – ", ", "]


def searched(text: str, names: list[Name]) -> tuple[dict[str, list[Hit]], list[str]]:
    """The cues by aspect and the words of the names that a Danish text has."""
    hits, entities = Vocabulary("da", names).search(text, text.lower(), 0, len(text))
    return hits, [text[entity.start : entity.end] for entity in entities]


@pytest.mark.parametrize("blank", BLANKS, ids=repr)
def test_cues_and_names_of_several_words_are_found_across_blanks(blank: str) -> None:
    text = f"Der gives 5 mio. kr.{blank}om{blank}året til broer"
    (hit,) = searched(text, [])[0]["basis"]
    assert (hit.code, text[hit.start : hit.end]) == ("perYear", f"om{blank}året")
    text = f"de{blank}næste{blank}tre{blank}år"
    hits = {text[hit.start : hit.end]: hit for hit in searched(text, [])[0]["period"]}
    hit = hits[f"næste{blank}tre{blank}år"]
    assert (hit.code, hit.number) == ("next_years", 3)
    bridges = Name("https://example.org/broer", "programme", "Nordiske broer over vand", "", frozenset())
    words = f"Nordiske{blank}broer{blank}over{blank}vand"
    assert searched(f"Penge til {words} i år", [bridges])[1] == [words]


# --- What goes in.


def test_html_gives_its_main_text_only(store: Store) -> None:
    page_text = (
        "<!doctype html><html lang='nn'><head><title>Bruer &amp; vegar</title></head><body><nav>Meny 99 kr</nav>"
        "<article><h1>Bruer</h1>"
        + "<p>Fylket løyver 5 millionar kroner til nye bruer i 2031, og det er mykje for eit "
        "lite fylke som har mange bruer og få folk.</p>"
        * 3
        + "</article><footer>Abonner for 49 kr</footer></body></html>"
    )
    document = document_of("side.html", page_text.encode())
    assert document.language == "nn"
    assert document.title == "Bruer & vegar"
    draft = draft_document(document, store).draft
    assert draft.mentions and {m.text for m in draft.mentions} == {"5 millionar kroner"}
    assert not document.as_it_stands


def pdf(lines: list[str]) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    for number, line in enumerate(lines):
        canvas.drawString(72, 760 - 16 * number, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_pdf_with_text(store: Store) -> None:
    document = document_of("a.pdf", pdf(["Regeringen foreslår 12,5 mio. kr. til broer i 2031.", "Det er nyt."]))
    draft = draft_document(document, store, "da").draft
    assert [m.text for m in draft.mentions] == ["12,5 mio. kr."]
    assert document.text[draft.mentions[0].start : draft.mentions[0].end] == "12,5 mio. kr."


def test_a_scanned_pdf_says_that_it_has_no_text() -> None:
    with pytest.raises(WorldError) as caught:
        document_of("scan.pdf", pdf([]))
    assert caught.value.code == "no-text"


@pytest.mark.parametrize("data", [b"%PDF-1.7 but no more", b"\x00\x01\x02binary\x00", b"", b"   \n"])
def test_what_is_no_text_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(WorldError) as caught:
        document_of("x", data)
    assert "\n" not in caught.value.message


NORDIC = {
    "sv": "Regeringen föreslår att 5 miljoner kronor går till Åre för nya broar över ån i norra delen av länet.",
    "da": "Regeringen foreslår 5 mio. kr. til broer på Læsø i år, siger man på øen. Ærøs færger får også støtte.",
    "nb": "Regjeringen foreslår 5 mill. kroner til bruer på Værøy i år. Øyværinger får også støtte til ferje.",
    "short": "Går 5 mio. kr. til Ø?",
}


@pytest.mark.parametrize("text", NORDIC.values(), ids=NORDIC)
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_other_encodings_are_told(text: str, encoding: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    text = text if encoding == "latin-1" else f"{text} – “50 €”"
    document = document_of("x.txt", mark + text.encode(encoding))
    assert document.text == text and not document.as_it_stands


@pytest.mark.parametrize("text", NORDIC.values(), ids=NORDIC)
def test_utf_8_is_read_as_it_stands_with_and_without_a_mark(text: str) -> None:
    for data in (text.encode(), codecs.BOM_UTF8 + text.encode()):
        document = document_of("x.txt", data)
        assert document.as_it_stands and document.text.encode() == data


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<!doctype html><html lang="da"><head><meta charset="{}"></head>', "windows-1257"),
        (
            '<html lang=da><head><meta http-equiv="Content-Type" content="text/html; charset={}"></head>',
            "macintosh",
        ),
        ('<?xml version="1.0" encoding="{}"?><!DOCTYPE html><html lang="da">', "iso-8859-10"),
        ('<html lang="da"><meta charset="{}">', "iso-8859-1"),  # said for Windows-1252
        ('<html lang="da"><meta charset="{}">', "utf-16"),  # the mark says so
        ('<html lang="da"><meta charset="iso-8859-2" title="{}">', "utf-8"),  # the bytes say otherwise
        ('<html lang="da"><meta charset="rot13" title="{}">', "cp1252"),
        ('<html lang="da"><meta charset="x-none" title="{}">', "cp1252"),
    ],
)
def test_a_page_says_its_encoding(head: str, encoding: str) -> None:
    page = f"{head.format(encoding)}<body><p>{NORDIC['da']}</p></body></html>"
    document = document_of("page.html", page.encode(encoding))
    assert NORDIC["da"] in document.text and document.language == "da"


def test_carriage_returns_and_marks_keep_their_places(store: Store) -> None:
    text = "\ufeffDer gives\r\n5 mio.\r\nkr. til broer.\r\n"
    (mention,) = drafted(text, store, "da").mentions
    assert text[mention.start : mention.end] == "5 mio.\r\nkr."


# --- What comes out.


def test_the_draft_of_the_example_validates_but_for_its_open_points(kg: Kg, root: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.ttl"
    run = kg("draft", root / "docs/drafting-example.txt", "-o", draft)
    assert run.returncode == 0, run.stderr
    report = json.loads(kg("validate", draft, "-f", "json", "--fail-on", "never").stdout)
    text = draft.read_text(encoding="utf-8")
    violations = [one["rule"] for one in report["findings"] if one["severity"] == "violation"]
    # The 120 million since 2027 name no payer; nothing else is amiss.
    assert violations == ["commitment-payer"]
    assert "120 millioner kroner (char=287,307): payer" in text


def test_a_draft_is_the_same_from_run_to_run(store: Store, root: Path) -> None:
    document = document_of("e.txt", (root / "docs/drafting-example.txt").read_bytes())
    first, second = (draft_document(document, store) for _ in range(2))
    assert list(turtle(document, first.draft, first.setting)) == list(
        turtle(document, second.draft, second.setting)
    )


def test_a_range_is_one_figure_with_two_ends(store: Store) -> None:
    document = document_of("r.txt", b"Staten giver mellem 2 og 3 mio. kr. til broer i 2031.")
    text = "".join(turtle(document, draft_document(document, store, "da").draft, Setting()))
    assert "schema:minValue 2000000" in text and "schema:maxValue 3000000" in text
    assert text.count("a til:Figure") == 1


def test_words_of_the_text_cannot_become_turtle(store: Store) -> None:
    """A title with quotes, a line break and a full stop once closed the literal and opened a triple."""
    text = 'Titel " . id:x a til:Commitment . # \\\n\nDer gives 5 mio. kr. til "broer" i 2031.\n'
    document = document_of('e" .\nid:y.txt', text.encode())
    import pyoxigraph as ox

    written = "".join(turtle(document, draft_document(document, store, "da").draft, Setting()))
    triples = list(ox.parse(written.encode(), format=ox.RdfFormat.TURTLE))
    assert not [t for t in triples if t.subject.value.endswith(("/x", "/y"))]


def test_the_page_escapes_the_text(store: Store) -> None:
    text = "<script>alert(1)</script> Der gives ca. 5 mio. kr. til <b>broer</b> i 2031.\n"
    document = document_of("<i>.txt", text.encode())
    written = "".join(page(document, draft_document(document, store, "da").draft))
    assert "<script>" not in written and "<b>" not in written
    assert '<mark id="t1"><a href="#a1"><span class="q">ca. </span>5 mio. kr.</a></mark>' in written


def test_the_record_has_what_the_scorer_and_people_need(store: Store) -> None:
    text = "Staten giver mere end 5,5 mio. kr. til broer i 2031.\n"
    document = document_of("r.txt", text.encode())
    told = json.loads("".join(json_of(document, draft_document(document, store, "da").draft)))
    (mention,) = told["mentions"]
    assert (mention["text"], mention["value"], mention["currency"]) == ("5,5 mio. kr.", "5500000", "DKK")
    assert mention["qualifier"] == "over" and mention["anchor"]["text"] == "mere end 5,5 mio. kr."
    assert {"mentions", "proposals", "open"} <= set(told)


def test_the_command(kg: Kg, tmp_path: Path) -> None:
    run = kg("draft", "-", "-f", "json", stdin=NORWEGIAN)
    assert run.returncode == 0 and json.loads(run.stdout)["mentions"][0]["value"] == "4000000"
    assert kg("draft", "-", "-f", "xml", stdin=NORWEGIAN).returncode == 2
    assert kg("draft", "-", "--lang", "fi", stdin=NORWEGIAN).returncode == 2
    assert kg("draft", "-", "--date", "i går", stdin=NORWEGIAN).returncode == 2
    missing = kg("draft", tmp_path / "none.txt")
    assert missing.returncode == 3 and "error[file]" in missing.stderr


def test_the_text_is_kept_beside_the_draft(kg: Kg, tmp_path: Path) -> None:
    source = tmp_path / "latin.txt"
    source.write_bytes(
        "Regeringen foreslår 5 mio. kr. til broer på Læsø i år, siger man på øen.".encode("latin-1")
    )
    run = kg("draft", source, "-o", tmp_path / "draft.ttl")
    assert run.returncode == 0, run.stderr
    kept = tmp_path / "draft.txt"
    assert "5 mio. kr." in kept.read_text(encoding="utf-8")
    from kg.evidence import sha256

    assert sha256(kept.read_bytes()) in (tmp_path / "draft.ttl").read_text(encoding="utf-8")
    assert sha256(kept.read_bytes()) in run.stderr


def test_a_draft_never_goes_into_the_graph(kg: Kg, root: Path) -> None:
    target = root / "graph/documents/no/2031-never.ttl"
    run = kg("draft", "-", "-o", target, stdin=NORWEGIAN)
    assert run.returncode == 2 and "draft-in-graph" in run.stderr and not target.exists()


def test_a_drafted_document_is_covered_once_it_is_in_a_graph(kg: Kg, root: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "graph").mkdir(parents=True)
    example = root / "docs/drafting-example.txt"
    draft = kg("draft", example).stdout
    (data / "graph/example.ttl").write_text(draft, encoding="utf-8")
    run = kg("coverage", example, "--data", data)
    assert run.returncode == 0, run.stdout
    assert run.stdout.startswith("8 of 8 amounts anchored")


def test_the_commands_of_the_page_on_drafting_run(kg: Kg, root: Path, tmp_path: Path) -> None:
    import re
    import shlex

    text = (root / "docs/drafting.md").read_text(encoding="utf-8")
    commands = re.findall(r"^ *(kg (?:draft|validate) .*)$", text, flags=re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        arguments = shlex.split(command.replace("/tmp/", f"{tmp_path}/"))[1:]
        run = kg(*arguments, cwd=root)
        assert run.returncode == 0, run.stderr
    draft = (tmp_path / "2031-havner.ttl").read_text(encoding="utf-8")
    for line in re.findall(r"^ *(# open: .*)$", text, flags=re.MULTILINE):
        assert line in draft


def test_the_two_hand_made_documents(shared: Path, root: Path) -> None:
    """At least 80 % of roles, stages, periods, payers, recipients and programmes; 9 in 10 of what is sure."""
    import bench.draft

    assert bench.draft.compare(shared, show=False) == 0
