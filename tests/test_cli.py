"""The command as people meet it: exit codes, one-line errors, formats, files. Each call is its own process."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import HANG, ROOT, Kg

NO_DOC = "https://w3id.org/tilsagn/id/doc-no-2019-hoyt-digitaliseringstempo"


def one_line(stderr: str) -> str:
    """The error's first line; fails where there is a traceback or more than line, excerpt and help."""
    assert "Traceback" not in stderr
    lines = stderr.splitlines()
    assert lines and re.match(r".*: error\[[a-z-]+\]: .+", lines[0]), stderr
    assert all(line.startswith(("  help: ", "  ")) for line in lines[1:]), stderr
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["quer"], 2, "no command 'quer'"),
        (["query", "by-kinds"], 2, "no query 'by-kinds'"),
        (["query", "by-kind", "--kinds", "loan"], 2, "--kinds"),
        (["query", "running-in", "--year", "soon"], 2, "'soon' is not of type integer"),
        (["query", "by-kind", "-f", "xlsx"], 2, "no format 'xlsx'"),
        (["query", "by-kind", "--any", "kin"], 2, "no parameter 'kin'"),
        (["export", "-f", "xml"], 2, "no format 'xml'"),
        (["sparql"], 2, "give one query"),
        (["sparql", "-e", "SELECT"], 2, "SPARQL"),
        (["sparql", "no-such-file.rq"], 3, "cannot read no-such-file.rq"),
        (["show", "helse midt norgee rhf"], 2, "nothing is called"),
        (["query", "by-kind", "--data", "no-such-folder"], 3, "no folder no-such-folder"),
        (["coverage", "no-such-file.txt"], 3, "no-such-file.txt"),
        (["validate", "no-such-file.ttl"], 3, "no-such-file.ttl"),
    ],
)
def test_an_error_is_one_line_with_the_right_exit_code(kg: Kg, arguments: list[str], code: int, said: str) -> None:
    run = kg(*arguments)
    assert run.returncode == code, run.stderr
    assert said in one_line(run.stderr)
    assert run.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "offered"),
    [
        (["quer"], "'query'"),
        (["query", "by-kinds"], "'by-kind'"),
        (["query", "by-kind", "-f", "cvs"], "'csv'"),
        (["show", "Helse Midt-Norge RFH"], "'Helse Midt-Norge RHF'"),
    ],
)
def test_did_you_mean(kg: Kg, arguments: list[str], offered: str) -> None:
    assert offered in kg(*arguments).stderr


def test_broken_turtle_names_file_line_and_column(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("@prefix e: <http://e/> .\ne:a e:b\n  e:c e:d .\n", encoding="utf-8")
    run = kg("query", "by-kind", "--data", tmp_path)
    assert run.returncode == 3
    assert re.match(r".*broken\.ttl:\d+:\d+: error\[syntax\]: ", one_line(run.stderr))
    assert " | " in run.stderr


def test_a_traceback_is_shown_only_when_asked_for(kg: Kg) -> None:
    assert "Traceback" in kg("--debug", "query", "nothing").stderr
    assert "Traceback" in kg("query", "nothing", env={"KG_DEBUG": "1"}).stderr


def test_a_pipe_gets_raw_csv(kg: Kg) -> None:
    run = kg("query", "commitments")
    assert run.returncode == 0
    header, first = run.stdout.splitlines()[:2]
    assert header.startswith("commitment,start,end,kind,stage,")
    assert "https://w3id.org/tilsagn/id/" in first and "\x1b" not in run.stdout


def test_every_format_gives_the_same_rows(kg: Kg) -> None:
    count = len(kg("query", "commitments", "-f", "csv").stdout.splitlines()) - 1
    assert count > 20
    assert len(json.loads(kg("query", "commitments", "-f", "json").stdout)) == count
    assert len(json.loads(kg("query", "commitments", "-f", "srj").stdout)["results"]["bindings"]) == count
    assert len(kg("query", "commitments", "-f", "tsv").stdout.splitlines()) == count + 1
    assert len(kg("query", "commitments", "-f", "md").stdout.splitlines()) == count + 2


def test_a_json_amount_is_an_exact_string(kg: Kg) -> None:
    values = {row.get("value") for row in json.loads(kg("query", "commitments", "-f", "json").stdout)}
    assert {"190000000", "523200000"} <= values


def test_a_table_speaks_the_language_asked_for(kg: Kg) -> None:
    def words(lang: str) -> str:
        # Markdown, since a table wraps its cells to the page.
        return kg("query", "commitments", "-f", "md", "--lang", lang).stdout

    assert "nesten 190\u00a0mill.\u00a0kr" in words("nb")
    assert "almost NOK\u00a0190\u00a0million" in words("en")


def test_output_goes_to_a_file_whose_ending_picks_the_format(kg: Kg, tmp_path: Path) -> None:
    run = kg("query", "commitments", "-o", tmp_path / "answer.json")
    assert run.stdout == ""
    assert json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))
    kg("export", "-o", tmp_path / "all.nq")
    assert (tmp_path / "all.nq").read_text(encoding="utf-8").startswith("<")


@pytest.mark.parametrize("call", [["query", "commitments"], ["sparql", "-e", "ASK {}"], ["find", "bredbånd"]])
def test_an_ending_that_no_format_has_is_refused_and_nothing_written(
    kg: Kg, tmp_path: Path, call: list[str]
) -> None:
    for name in ("answer.ods", "answer.feather"):
        run = kg(*call, "-o", tmp_path / name)
        assert run.returncode == 2 and f"no format for the ending of {tmp_path / name}" in one_line(run.stderr)
        assert ".csv" in run.stderr and not (tmp_path / name).exists()


def test_a_file_that_cannot_be_written_is_said_and_nothing_changes(kg: Kg, tmp_path: Path) -> None:
    run = kg("query", "commitments", "-o", tmp_path / "missing" / "answer.csv")
    assert run.returncode == 3
    assert "cannot write" in one_line(run.stderr)


def test_a_graph_of_ones_own(kg: Kg, tmp_path: Path, shared: Path) -> None:
    (tmp_path / "mine.ttl").write_bytes((shared / "design" / "example.ttl").read_bytes())
    rows = json.loads(kg("query", "commitments", "-f", "json", "--data", tmp_path).stdout)
    assert {row["figure"].rpartition("/")[2] for row in rows} >= {"helseplattformen-2020-lan-level"}
    assert len(rows) < 12


def test_construct_is_turtle_ask_is_yes_or_no(kg: Kg) -> None:
    run = kg("sparql", "-e", "CONSTRUCT { ?s a til:Commitment } WHERE { ?s a til:Commitment }")
    comment, _, turtle = run.stdout.partition("\n")
    assert comment.startswith("# graph ") and turtle.startswith("@prefix ") and "a til:Commitment" in turtle
    assert kg("sparql", "-e", "ASK { ?s a til:Commitment }").stdout == "yes\n"
    assert kg("sparql", "-", stdin="ASK { ?s a til:Nothing }").stdout == "no\n"


def test_an_empty_answer_says_why(kg: Kg) -> None:
    run = kg("query", "not-in-it", "--commitment", "5g-2020")
    assert run.returncode == 0 and "no rows" in run.stderr


def test_an_empty_answer_says_who_promised_the_money_of_that_year(kg: Kg) -> None:
    """The money for 2022 was proposed by the government before, on the day of the budget."""
    asked = ("query", "promised-by-government", "--government", "regjeringen-store", "--year", "2022")
    run = kg(*asked)
    assert run.returncode == 0 and len(run.stdout.splitlines()) == 1
    no_rows, note = run.stderr.splitlines()
    assert no_rows.startswith("no rows: ")
    assert note == "kg: note: money for 2022 in the graph was proposed by the Solberg Government on 2021-10-12"
    assert "Regjeringen Solberg, foreslått 2021-10-12" in kg(*asked, "--lang", "nb").stderr
    assert "kg: note" not in kg(*asked[:-1], "1999").stderr


def test_every_sum_says_how_many_of_the_documents_it_rests_on(kg: Kg) -> None:
    """A document is one that commitments are read from: a file each, and no page from which a detail was taken."""
    files = len(list((ROOT / "graph" / "documents").glob("*/*.ttl")))
    assert files == 54
    said = "what this graph has read, not all that was promised"
    assert f"from 1 of {files} documents: {said}" in kg("query", "by-kind").stderr
    whole = ("query", "promised-by-government", "--government", "regeringen-anders-fogh-rasmussen-ii")
    assert f"fra 1 af {files} dokumenter: hvad denne graf har læst" in kg(*whole, "--lang", "da").stderr
    assert f" of {files} documents: {said}" in kg("query", "side-by-side", "--year", "2020").stderr
    assert f"from 1 of {files} documents: {said}" in kg("query", "announced-total").stderr
    assert "listed, not summed" in kg("query", "commitments").stderr


def test_warming_says_that_it_is_not_needed(kg: Kg) -> None:
    run = kg("cache", "warm")
    assert (run.returncode, run.stdout) == (0, "") and "is not needed any more" in run.stderr


def test_explain_gives_words_place_and_document_under_each_row(kg: Kg) -> None:
    run = kg("query", "commitments", "-f", "table", "--explain", "--lang", "nb")
    assert "«nesten 190 millioner kroner», 1381–1408 in Høyt digitaliseringstempo" in run.stdout
    records = json.loads(kg("query", "commitments", "-f", "json", "--explain").stdout)
    assert all(record["explanation"] for record in records)


def test_show_finds_by_folded_part_of_a_name(kg: Kg) -> None:
    run = kg("show", "hoyt digitaliseringstempo")
    assert run.returncode == 0 and f"<{NO_DOC}>" in run.stdout


def test_show_gives_facts_their_words_and_what_refers(kg: Kg) -> None:
    run = kg("show", "id:medfinansieringsordningen-2020-level", "--inverse")
    assert "«nesten 190 millioner kroner»" in run.stdout
    assert "← " in run.stdout
    record = json.loads(kg("show", "helseplattformen-2020-lan", "-f", "json").stdout)
    assert record["support"][0]["words"][0]["document"] == NO_DOC
    assert "kind:loan" in kg("show", "helseplattformen-2020-lan", "-f", "turtle").stdout


@pytest.mark.skipif(os.name == "nt", reason="SIGPIPE is a matter of Unix")
def test_a_standard_stream_that_is_closed_or_full_is_one_line_and_exit_3() -> None:
    command = f"{sys.executable} -m kg --help"
    closed = subprocess.run(["sh", "-c", f"{command} >&-"], cwd=ROOT, capture_output=True, text=True)
    assert (closed.returncode, closed.stderr) == (3, "kg: error[world]: standard output is closed\n")
    full = subprocess.run(["sh", "-c", f"{command} > /dev/full"], cwd=ROOT, capture_output=True, text=True)
    assert full.returncode == 3 and full.stderr.count("\n") == 1, full.stderr
    mute = subprocess.run(["sh", "-c", f"{command} 2>&-"], cwd=ROOT, capture_output=True, text=True)
    assert mute.returncode == 0 and mute.stdout.startswith("Usage:")


def test_a_closed_pipe_is_quiet() -> None:
    run = subprocess.run(
        f"{sys.executable} -m kg export | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert run.stdout.startswith("@prefix") and run.stderr == ""


def test_utf8_goes_out_in_any_locale(kg: Kg) -> None:
    run = kg(
        "show", "id:medfinansieringsordningen-2020", env={"LC_ALL": "C", "PYTHONIOENCODING": "", "PYTHONUTF8": "0"}
    )
    assert "Høyt" in run.stdout


def test_help_of_a_question_comes_from_its_file(kg: Kg) -> None:
    run = kg("query", "by-kind", "--help")
    assert "How much is loan" in run.stdout and "--kind" in run.stdout and "default" in run.stdout


def on_a_terminal(stream: str, *arguments: str, until: str = "") -> tuple[str, str]:
    """(what the terminal showed, what the other stream said) of `kg` with one of its streams on a terminal.

    `until`: an expression; the command is interrupted once what was shown matches it.
    """
    ours, theirs = os.openpty()
    out, err = (theirs if name == stream else subprocess.PIPE for name in ("stdout", "stderr"))
    shown = b""
    command = [sys.executable, "-m", "kg", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=err) as process:
        os.close(theirs)
        with contextlib.suppress(OSError):  # the end of a terminal that nobody writes to any more
            while part := os.read(ours, 1 << 16):
                shown += part
                if until and re.fullmatch(until, shown.decode()):
                    process.send_signal(signal.SIGINT)
        other = process.stdout or process.stderr
        assert other is not None
        said = other.read()
    os.close(ours)
    return shown.decode(), said.decode()


terminals = pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no such terminals")


@terminals
@pytest.mark.parametrize("more", [[], ["--explain"]])
def test_a_terminal_gets_the_first_hundred_rows_and_is_told_so(more: list[str]) -> None:
    shown, said = on_a_terminal("stdout", "query", "commitments", "--any", "document", *more)
    rows = int(re.findall(r"the first 100 of (\d+) rows", said)[0])
    assert rows > 100
    numbered = re.findall(r"^(\d+)\. ", shown, re.MULTILINE)
    assert not more or [int(number) for number in numbered] == list(range(1, 101))
    assert more or 100 < shown.count("\n") < 400


@terminals
def test_a_person_who_waits_is_told_that_it_still_works() -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    asking = r"(still asking, \d+ s\r){2,}"
    shown, said = on_a_terminal("stderr", "sparql", "-e", endless, "--timeout", str(HANG), until=asking)
    assert re.match(asking, shown)
    assert said == ""
