"""Totals against what should add up to them, as people read them: sentences written by hand from the two texts."""

from __future__ import annotations

import json
import re

import pytest

from kg.terms import ID
from tests.conftest import Kg

TEXTS = ("--document", "doc-dk-2007-statsaftale", "--document", "doc-no-2019-hoyt-digitaliseringstempo")
PARTS = "-level-against-parts"
BOOKLET = "medfinansieringsordningen-2016-"

# What comes of each total of the two texts: 97 + 57 = 154 against four wordings of 155; 6.7 × 3 × 3 = 60.3 against 60;
# 123.2 + 400 = 523.2; 700 − 408.6 − 131 = 160.4; 101 − 84 = 17; 243 − 131 = 112; 256 − 50 = 206 against almost 200.
SENTENCES = {
    "en": {
        f"de-34-projekter-2008-2010{PARTS}": "adds up when numbers are rounded",
        f"de-34-projekter-2008-2010-level-mere-end{PARTS[6:]}": "adds up only because of the word “cirka”",
        f"de-34-projekter-2008-2010-level-over{PARTS[6:]}": (
            "if “over” is meant of the amount: adds up only because of the word “cirka”"
        ),
        f"projekt-digital-forvaltning-2008-2010{PARTS}": "adds up when numbers are rounded",
        f"projekt-digital-forvaltning-2008-2010{PARTS}-other-reading": (
            "read as DKK 6.7 million for the 3 years together: it would be DKK 39.9 million (between DKK 39.25 million"
            " and DKK 40.55 million) too little; hence read as DKK 6.7 million a year"
        ),
        f"helseplattformen-2020{PARTS}": "adds up as written",
        f"nye-digitaliseringstiltak-2020{PARTS}": (
            "the list is not complete: NOK 160.4 million (more than NOK 156.85 million) is not in it"
        ),
        f"standardisert-sprak-2020{PARTS}": "1 of 2 amounts is not stated: NOK 17 million is left for it",
        f"helseanalyseplattformen-2020{PARTS}": (
            "2 of 2 amounts are not stated, only increases of NOK 131 million: NOK 112 million is left"
        ),
        f"{BOOKLET}2020-cumulative-against-years": "adds up only because of the word “nesten”",
    },
    "da": {
        f"de-34-projekter-2008-2010{PARTS}": "går op, når tallene er afrundet",
        f"de-34-projekter-2008-2010-level-mere-end{PARTS[6:]}": "går kun op på grund af ordet »cirka«",
        f"nye-digitaliseringstiltak-2020{PARTS}": (
            "listen er ikke fuldstændig: 160,4 mio. NOK (mere end 156,85 mio. NOK) er ikke med"
        ),
        f"standardisert-sprak-2020{PARTS}": "1 af 2 beløb er ikke oplyst: 17 mio. NOK er tilbage til det",
    },
    "nb": {
        f"de-34-projekter-2008-2010-level-mere-end{PARTS[6:]}": "går bare opp på grunn av ordet «cirka»",
        f"helseanalyseplattformen-2020{PARTS}": (
            "2 av 2 beløp er ikke oppgitt, bare økninger på 131 mill. kr: 112 mill. kr er igjen"
        ),
    },
    "sv": {
        f"helseplattformen-2020{PARTS}": "går ihop precis som det står",
        f"{BOOKLET}2020-cumulative-against-years": "går ihop bara på grund av ordet ”nesten”",
    },
}
# Of other documents: numbers that may add up or not, an increase with a word, a claim whose years are all listed.
OTHERS = {
    f"beredskabsaftale-2025-2033{PARTS}": (
        "may add up: as written DKK 11 million is missing, but the numbers allow that nothing is"
    ),
    f"bredband-2019-samlet{PARTS}": "adds up as written",
    f"digital-sikkerhet-listede-tiltak{PARTS}": "adds up as written",
    f"{BOOKLET}2019-cumulative-against-years": "adds up when numbers are rounded",
}


def told(kg: Kg, *arguments: str) -> dict[str, str]:
    record = json.loads(kg("reconcile", *arguments, "-f", "json").stdout)
    assert re.fullmatch(r"[0-9a-f]{12}", record["graph"]["version"])
    return {
        one["iri"].removeprefix(ID): one["sentence"].replace("\u00a0", " ")
        for one in record["reconciliations"]
        if one["sentence"]
    }


@pytest.mark.parametrize("lang", SENTENCES)
def test_the_two_texts_in_sentences_written_by_hand(lang: str, kg: Kg) -> None:
    found = told(kg, *TEXTS, "--lang", lang)
    assert {name: found[name] for name in SENTENCES[lang]} == SENTENCES[lang]


def test_a_total_that_may_add_up_is_not_said_to_lack_anything(kg: Kg) -> None:
    found = told(kg)
    assert {name: found[name] for name in OTHERS} == OTHERS
    # Where a claim is held against all its years, one of them alone and an earlier claim are no lines.
    assert not [name for name in found if name.endswith("-against-included")]


@pytest.mark.parametrize("lang", ["en", "da", "nb", "sv"])
@pytest.mark.parametrize("rule", ["1", "2", "3"])
def test_no_line_has_a_bare_code_or_an_empty_amount(lang: str, rule: str, kg: Kg) -> None:
    text = kg("reconcile", "-f", "text", "--lang", lang, "--rule", rule).stdout
    assert text and not re.search(r"unbounded|[a-z][A-Z]|: ·|: $|, $|\(\)|None|[{}]", text, re.MULTILINE)
    other = {"en": "»«„", "da": "“”", "nb": "“”", "sv": "“"}[lang]
    assert not set(other) & set(text.replace("‘digitalisation billion’", ""))
    headers = kg("reconcile", "-f", "md", "--lang", lang, "--rule", rule).stdout.splitlines()[0]
    assert ("what comes of it" in headers) == (lang == "en")


def test_a_claim_about_several_years_names_them_and_a_difference_is_always_shown(kg: Kg) -> None:
    text = kg("reconcile", "-f", "text", env={"COLUMNS": "300"}).stdout.replace("\u00a0", " ")
    assert "  over NOK 460 million, 2016–2019: adds up" in text
    assert "listed (1/1): NOK 206 million · difference: NOK 6 million, less than NOK 16.5 million" in text
