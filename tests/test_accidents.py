"""Validation that cannot be satisfied by accident: what was not checked is told, with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import authority, budgets
from kg.validation.datatypes import written
from tests.conftest import Kg

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = HEAD + 'ex:grant a ex:Grant ; ex:payer ex:state ; ex:name "A" ; ex:amount 12 .\n'
SHAPE = HEAD + "ex:S a sh:NodeShape ; sh:targetClass ex:Grant ;\n  sh:property [ sh:path ex:name ; "


def validated(
    kg: Kg, folder: Path, shapes: str, *options: str, data: str | bytes = DATA, name: str = "d.ttl"
) -> tuple[int, str, str]:
    """Exit code, what is printed and what stands on standard error for data held against shapes, alone."""
    (folder / "s.ttl").write_text(shapes, encoding="utf-8")
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    run = kg("validate", "--alone", "--shapes", "s.ttl", *options, name, cwd=folder)
    return run.returncode, run.stdout, run.stderr


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (
            "sh:targetClass ex:Grnat",
            "the shapes have <https://example.org/Grnat>, the data <https://example.org/Grant>",
        ),
        ("sh:targetObjectsOf ex:Payer", "the data <https://example.org/payer>"),
        ("sh:targetClass <http://example.org/Grant>", "the data <https://example.org/Grant>"),
        ("sh:name 'no target'", "no shape in s.ttl has a target"),
    ],
)
def test_nothing_checked_is_a_warning_and_does_not_conform(kg: Kg, tmp_path: Path, target: str, told: str) -> None:
    shapes = HEAD + f"ex:S a sh:NodeShape ; {target} ; sh:nodeKind sh:IRI ."
    code, out, _ = validated(kg, tmp_path, shapes)
    assert code == 0
    assert "warning[nothing-checked]" in out
    assert told in out
    assert "conforms" not in out
    assert validated(kg, tmp_path, shapes, "--fail-on", "warning")[0] == 1
    assert not json.loads(validated(kg, tmp_path, shapes, "-f", "json")[1])["conforms"]
    assert "nothing was checked" in validated(kg, tmp_path, shapes, "-f", "turtle")[1]


def test_a_file_without_a_statement_does_not_conform(kg: Kg, tmp_path: Path) -> None:
    shapes = SHAPE + "sh:minCount 1 ] ."
    code, out, _ = validated(kg, tmp_path, shapes, data='{"name": "A", "amount": 12}', name="d.jsonld")
    assert (code, "no statement" in out, "@context" in out, "conforms" in out) == (0, True, True, False)
    code, out, _ = validated(kg, tmp_path, shapes, data="# ex:grant a ex:Grant .\n")
    assert (code, "no statement" in out, "conforms" in out) == (0, True, False)


def test_a_foreign_spelling_of_our_namespace_is_named(kg: Kg, tmp_path: Path) -> None:
    for wrong in (
        "http://w3id.org/tilsagn/ns#",
        "https://w3id.org/tilsagn/ns/",
        "https://www.w3id.org/Tilsagn/ns#",
    ):
        (tmp_path / "d.ttl").write_text(
            f"<https://w3id.org/tilsagn/id/x> a <{wrong}Commitment> .\n", encoding="utf-8"
        )
        run = kg("validate", "d.ttl", cwd=tmp_path)
        assert run.returncode == 1
        assert f"{wrong} is no namespace of this project" in run.stdout
        assert "did you mean https://w3id.org/tilsagn/ns#?" in run.stdout


def test_a_report_of_a_file_that_was_not_read_does_not_say_conforms(kg: Kg, tmp_path: Path) -> None:
    code, out, _ = validated(kg, tmp_path, SHAPE + "sh:minCount 1 ] .", "-f", "turtle", data=DATA + "ex:a ex:b")
    assert code == 1
    assert "sh:conforms false" in out
    assert "error" in out or "syntax" in out


def test_a_remote_context_is_named_with_its_line(kg: Kg, tmp_path: Path) -> None:
    data = '{\n "@id": "https://example.org/a",\n "@context": [{"ex": "https://example.org/"},\n  "https://example.org/words.jsonld"]\n}'
    code, out, _ = validated(kg, tmp_path, SHAPE + "sh:minCount 1 ] .", data=data, name="d.jsonld")
    assert code == 1
    assert "d.jsonld:4: error[syntax]: the @context at https://example.org/words.jsonld is not fetched" in out
    assert "help: put the content of that context into the file" in out


def test_imports_of_shapes_local_ones_followed_others_named(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b c.ttl").write_text(SHAPE + 'sh:hasValue "B" ] .', encoding="utf-8")
    (tmp_path / "a.ttl").write_text(
        "<urn:a> <http://www.w3.org/2002/07/owl#imports> <more/b%20c.ttl> .", encoding="utf-8"
    )
    shapes = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
<urn:s> owl:imports <a.ttl> ,
    <https://example.org/elsewhere> , <absent.ttl> ."""
    code, out, _ = validated(kg, tmp_path, shapes)
    assert code == 1
    assert "violation[HasValue]" in out
    assert "s.ttl:3:5: warning[not-imported]: <https://example.org/elsewhere> is imported and was not read" in out
    assert "absent.ttl> is imported and was not read" in out


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("minLenght 2", "minLength"),
        ("Datatype xsd:string", "datatype"),
        ("valueClass ex:G", "class"),
        ("shape ex:G", "node"),
    ],
)
def test_a_word_that_shacl_does_not_have(kg: Kg, tmp_path: Path, word: str, meant: str) -> None:
    code, out, err = validated(kg, tmp_path, SHAPE + f"sh:{word} ] .")
    assert code == 0
    assert f"s.ttl:5:{SHAPE.splitlines()[-1].__len__() + len(word.split()[0]) + 5}: warning[no-shacl-term]" in out
    assert f"did you mean sh:{meant}?" in out
    assert "conforms" not in out
    assert "pyshacl" not in err


@pytest.mark.parametrize(
    ("feature", "name"),
    [
        ("sh:target [ a sh:SPARQLTarget ; sh:select '' ]", "sh:target"),
        ("sh:rule [ a sh:TripleRule ]", "sh:rule"),
        ("sh:js [ a sh:JSConstraint ]", "sh:js"),
        ("sh:expression ex:e", "sh:expression"),
    ],
)
def test_a_feature_that_is_not_carried_out(kg: Kg, tmp_path: Path, feature: str, name: str) -> None:
    shapes = HEAD + f"ex:S a sh:NodeShape ; sh:targetClass ex:Grant ; {feature} ."
    code, out, _ = validated(kg, tmp_path, shapes)
    assert code == 0
    assert f"warning[not-carried-out]: {name} " in out
    assert "conforms" not in out


@pytest.mark.parametrize(
    "constraint",
    [
        'sh:minCount "one"',
        'sh:in "A" , "B"',
        "sh:datatype xsd:date , xsd:integer",
        "sh:maxCount 1.5",
        "sh:or ex:a",
    ],
)
def test_an_ill_formed_shape_has_its_place(kg: Kg, tmp_path: Path, constraint: str) -> None:
    code, _, err = validated(kg, tmp_path, SHAPE + f"{constraint} ] .")
    assert code == 2
    assert err.startswith("s.ttl:5:"), err
    assert "_:" not in err
    assert "report it" not in err


def test_an_ill_formed_shape_that_pyshacl_lets_pass(kg: Kg, tmp_path: Path) -> None:
    code, out, _ = validated(kg, tmp_path, SHAPE + "sh:languageIn 'nb' ] .")
    assert code == 1
    assert "s.ttl:5:49: warning[shapes]: sh:languageIn: this value is of the wrong form" in out


@pytest.mark.parametrize("pattern", ["[a-z", "(a", "*a", "a{2,1}", r"\\p{L}"])
def test_a_pattern_that_does_not_parse_is_the_users(kg: Kg, tmp_path: Path, pattern: str) -> None:
    code, _, err = validated(kg, tmp_path, SHAPE + f'sh:pattern "{pattern}" ] .')
    assert code == 2
    assert err.startswith("s.ttl:5:")
    assert pattern.replace("\\\\", "\\") in err
    assert "report it" not in err


@pytest.mark.parametrize(
    ("value", "datatype", "help"),
    [
        ('"12,5"^^xsd:decimal', "xsd:decimal", '"12,5" is no value of xsd:decimal: write "12.5"'),
        ('"A"', "rdf:langString", 'put its language behind it: "A"@nb'),
        ('"A"@nb', "xsd:string", "leave the language tag @nb out"),
        ('"2020-13-01"^^xsd:date', "xsd:date", "there is no month 13"),
        ('"2021-02-29"^^xsd:date', "xsd:date", "there is no day 29 in month 2 of 2021"),
        ('"7.10.2019"', "xsd:date", 'write "2019-10-07"'),
        ('"ja"^^xsd:boolean', "xsd:boolean", 'write "true"'),
        ("ex:state", "xsd:integer", "no IRI"),
    ],
)
def test_help_says_how_the_value_would_be_written(
    kg: Kg, tmp_path: Path, value: str, datatype: str, help: str
) -> None:
    head = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    code, out, _ = validated(
        kg,
        tmp_path,
        head + SHAPE + f"sh:datatype {datatype} ] .",
        data=HEAD + f"ex:g a ex:Grant ; ex:name {value} .",
    )
    assert code == 1
    assert f"help: {help}" in out or help in out.partition("help: ")[2]


def test_numbers_as_people_write_them() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    for text, name, meant in (
        ("1.250.000,50", "decimal", "1250000.50"),
        ("1 250 000", "integer", "1250000"),
        ("1.250.000", "integer", "1250000"),
        ("1,250,000", "integer", "1250000"),
        ("−5", "integer", "-5"),
    ):
        assert written(text, xsd + name) == f'"{text}" is no value of xsd:{name}: write "{meant}"'
    assert "write" not in (written("12,5", xsd + "integer") or "")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ('ex:a ex:b "Sør" .'.encode("latin-1"), "Latin-1"),
        ('ex:a ex:b "Sør" .'.encode("utf-16"), "UTF-16"),
        ("ex:a".encode("utf-16-le"), "UTF-16"),
    ],
)
def test_another_encoding_is_named(kg: Kg, tmp_path: Path, data: bytes, name: str) -> None:
    code, out, _ = validated(kg, tmp_path, SHAPE + "sh:minCount 1 ] .", data=data)
    assert code == 1
    assert name in out
    assert "save it as UTF-8" in out
    (tmp_path / "s.ttl").unlink()
    run = kg("export", "--data", tmp_path)
    assert run.returncode == 3
    assert name in run.stderr


@pytest.mark.parametrize(
    ("right", "wrong", "rule", "meant"),
    [
        ("cur:NOK", "cur:NKR", "figure-currency", "cur:NOK"),
        ("cur:NOK", "cur:XQZ", "figure-currency", None),
        ("country:NOR", "country:DEN", "commitment-country", "country:DNK"),
        ("country:NOR", "country:NO", "commitment-country", "country:NOR"),
    ],
)
def test_a_code_is_one_of_its_list(
    kg: Kg, tmp_path: Path, right: str, wrong: str, rule: str, meant: str | None
) -> None:
    text = kg("new", "commitment", "tried").stdout.replace(f"{right} ", f"{wrong} ")
    (tmp_path / "d.ttl").write_text(text, encoding="utf-8")
    run = kg("validate", "d.ttl", cwd=tmp_path)
    assert run.returncode == 1
    assert f"violation[{rule}]" in run.stdout
    assert meant is None or f"did you mean {meant}?" in run.stdout


def test_codes_of_the_lists_that_the_eu_has_of_its_own_pass(kg: Kg, tmp_path: Path) -> None:
    """Kosovo and the Union itself."""
    for right, other in (("country:NOR", "country:1A0"), ("country:NOR", "country:EUR")):
        text = kg("new", "commitment", "tried").stdout.replace(f"{right} ", f"{other} ")
        (tmp_path / "d.ttl").write_text(text, encoding="utf-8")
        assert kg("validate", "d.ttl", cwd=tmp_path).returncode == 0


def test_the_lists_are_those_of_the_package() -> None:
    assert authority.FILE.read_text(encoding="utf-8") == authority.written()
    found = authority.codes()
    assert {"DKK", "NOK", "SEK", "EUR", "ISK"} <= set(found["currencies"])
    assert {"DNK", "NOR", "SWE", "FIN", "ISL"} <= set(found["countries"])
    assert not {"NKR", "XXY", "XXX", "XTS"} & set(found["currencies"])


def test_an_amount_above_a_states_whole_budget_is_doubted(kg: Kg, tmp_path: Path) -> None:
    """Norway adopted 2,951,102,500,000 kroner of expenditure for 2024."""
    text = kg("new", "commitment", "tried").stdout.replace("til:step 100000 ", "til:step 1 ")
    for amount, doubted in ((2_951_102_500_001, True), (2_951_102_500_000, False)):
        made = text.replace("schema:value 2500000 ", f"schema:value {amount} ")
        (tmp_path / "d.ttl").write_text(made, encoding="utf-8")
        run = kg("validate", "d.ttl", cwd=tmp_path)
        assert ("warning[amount-above-budget]" in run.stdout) is doubted


def test_the_budgets_are_the_totals_of_their_sources(shared: Path) -> None:
    """Norway: 2,725,125.5 below item 90 and 225,977.0 above; Sweden: summa anslag; Finland: both sides of it."""
    data = shared / "data"
    if not data.is_dir():
        pytest.skip("the budgets' files are not here")
    found = {budget.country: budget.total for budget in budgets.budgets(data)}
    assert found["SWE"] == 1_346_694_314_000
    assert found["FIN"] == 87_153_248_000
    assert found["NOR"] == 2_951_102_500_000
    assert budgets.FILE.read_text(encoding="utf-8") == budgets.written(data)


@pytest.mark.parametrize(
    ("value", "currency", "quote", "rule"),
    [
        ("42000000", "NOK", "420 millioner kroner", "amount-otherwise-quoted"),
        ("420000000", "NOK", "420 millioner kroner", None),
        ("420000000", "NOK", "0,42 mrd. kr", None),
        ("2500000", "NOK", "2,5 milliarder", "amount-otherwise-quoted"),
        ("1250000", "SEK", "1 250 000 kronor", None),
        ("6700000", "DKK", "6,7 mio. kr.", None),
        ("67000000", "DKK", "6,7 mio. kr.", "amount-otherwise-quoted"),
        ("420000000", "EUR", "420 millioner kroner", "amount-in-another-currency"),
        ("420000000", "NOK", "420 millioner euro", "amount-in-another-currency"),
        ("420000000", "EUR", "420 million euro", None),
        ("420000000", "NOK", "den nye ordningen", None),  # nothing that can be read as an amount
    ],
)
def test_an_amount_is_held_against_its_quotation(
    kg: Kg, tmp_path: Path, value: str, currency: str, quote: str, rule: str | None
) -> None:
    text = kg("new", "commitment", "tried").stdout
    text = text.replace("nesten 2,5 millioner kroner", quote).replace("cur:NOK ", f"cur:{currency} ")
    text = text.replace("char=0,27", f"char=0,{len(quote)}").replace("oa:end 27 ", f"oa:end {len(quote)} ")
    text = text.replace("schema:value 2500000 ", f"schema:value {value} ").replace("step 100000 ", "step 1 ")
    (tmp_path / "d.ttl").write_text(text, encoding="utf-8")
    run = kg("validate", "d.ttl", cwd=tmp_path)
    found = [line for line in run.stdout.splitlines() if "error[amount" in line]
    assert run.returncode == (1 if rule else 0), run.stdout
    assert [f"error[{rule}]" in line for line in found] == ([True] if rule else [])


def test_crowns_of_another_country_are_doubted(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "d.ttl").write_text(
        kg("new", "commitment", "tried").stdout.replace("cur:NOK ", "cur:SEK "), encoding="utf-8"
    )
    assert "warning[amount-currency-of-another-country]" in kg("validate", "d.ttl", cwd=tmp_path).stdout


def test_what_another_file_has_described_already_is_named(kg: Kg, tmp_path: Path, root: Path) -> None:
    """A year of the graph: said again, it is a warning; said otherwise, a violation."""
    head = (
        "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "@prefix id: <https://w3id.org/tilsagn/id/> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "id:year-2020 a dcterms:PeriodOfTime ;\n"
    )
    lines = (root / "graph" / "reference" / "periods.ttl").read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines, 1) if line.startswith("id:year-2020 "))
    for day, severity, code in (("2020-01-01", "warning", 0), ("2020-02-01", "error", 1)):
        (tmp_path / "d.ttl").write_text(f'{head}    dcat:startDate "{day}"^^xsd:date .\n', encoding="utf-8")
        run = kg("validate", "d.ttl", cwd=tmp_path)
        assert run.returncode == code
        assert f"{severity}[already-described]: id:year-2020 is described already in" in run.stdout
        assert f"periods.ttl:{at}" in run.stdout
        assert ("with another dcat:startDate" in run.stdout) is bool(code)


@pytest.mark.parametrize(
    "kind", ["commitment", "document", "office", "organisation", "period", "person", "programme", "source"]
)
def test_what_kg_new_writes_is_valid_and_canonical(kg: Kg, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "new.ttl"
    assert kg("new", kind, "one-tried", "-o", file).returncode == 0
    text = file.read_text(encoding="utf-8")
    assert "id:" in text
    assert "one-tried" in text
    assert "id:example" not in text
    run = kg("validate", file)
    assert run.returncode == 0, run.stdout
    assert kg("fmt", "--check", file).returncode == 0
