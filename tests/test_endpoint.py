"""Endpoints that answer, and endpoints that mean ill: slow ones, large ones, ones that send us elsewhere."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from kg import publish, rdf
from kg.endpoint import Endpoint
from kg.errors import KgError, UsageError, WorldError
from kg.project import Project
from kg.results import Table, Triples
from kg.store import Store
from tests import servers
from tests.conftest import HANG, Kg

SRJ = "application/sparql-results+json"
Reply = Callable[[BaseHTTPRequestHandler, dict[str, list[str]]], None]


@contextmanager
def serving(reply: Reply) -> Iterator[str]:
    """A server on loopback that answers every POST with `reply(handler, form)`: its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            with contextlib.suppress(OSError):  # the client has had enough
                reply(self, form)

        def do_GET(self) -> None:
            self.send_error(405)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql"
    finally:
        server.shutdown()
        server.server_close()


def send(handler: BaseHTTPRequestHandler, body: bytes, form: str = SRJ, code: int = 200, **headers: str) -> None:
    handler.send_response(code)
    handler.send_header("Content-Type", form)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def table(*rows: dict[str, object]) -> bytes:
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}).encode()


ONE = table({"x": {"type": "uri", "value": "http://x/1"}})


def refused(
    reply: Reply, text: str = "SELECT ?x { ?x ?p ?o }", seconds: float = 60.0, size: int = 1 << 20
) -> KgError:
    with serving(reply) as url, pytest.raises(KgError) as caught:
        Endpoint(url, seconds, size).query(text)
    assert "\n" not in caught.value.message
    return caught.value


def test_the_text_arrives_as_it_is_with_its_prefixes_and_without_comments() -> None:
    seen: list[dict[str, list[str]]] = []

    def reply(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        seen.append(form | {"accept": [handler.headers["Accept"]]})
        send(handler, ONE)

    with serving(reply) as url:
        answer = Endpoint(url).query("# added: an INSERT in a comment\nSELECT ?x { ?x til:kind 'é+&' }")
    assert isinstance(answer, Table) and answer.rows == ((rdf.iri("http://x/1"),),)
    text = seen[0]["query"][0]
    assert text.startswith("PREFIX til: <https://w3id.org/tilsagn/ns#>\n") and "added" not in text
    assert text.endswith("SELECT ?x { ?x til:kind 'é+&' }")
    assert set(seen[0]) == {"query", "accept"}  # no format= and output= that some servers trip over
    assert SRJ in seen[0]["accept"][0]


@pytest.mark.parametrize(
    ("text", "graph"),
    [
        ("# CONSTRUCT\nSELECT ?construct { ?construct ?describe 'ASK' }", False),
        ("PREFIX construct: <http://x/>\nASK { construct:a ?insert ?delete }", False),
        ("# SELECT\nCONSTRUCT { ?select a 'ASK' } WHERE { ?select ?p ?o }", True),
        ("DESCRIBE <http://x/select>", True),
    ],
)
def test_the_kind_of_question_is_parsed_and_not_guessed(text: str, graph: bool) -> None:
    asked: list[str] = []

    def reply(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        asked.append(handler.headers["Accept"])
        if graph:
            send(handler, b"<http://x/a> <http://x/b> <http://x/c> .\n", "application/n-triples")
        else:
            send(handler, ONE)

    with serving(reply) as url:
        answer = Endpoint(url).query(text)
    assert ("n-triples" in asked[0]) == graph == isinstance(answer, Triples)


def test_a_server_that_trickles_is_left_at_the_deadline() -> None:
    stop = threading.Event()

    def trickle(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", SRJ)
        handler.end_headers()
        while not stop.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    def headers(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not stop.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    def silent(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        stop.wait(HANG)

    for slow in (trickle, headers, silent):
        error = refused(slow, seconds=0.5)
        assert (error.code, error.exit_code) == ("timeout", 3)
    stop.set()


def test_an_answer_without_end_is_cut_off() -> None:
    def endless(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", SRJ)
        handler.end_headers()
        while True:
            handler.wfile.write(b" " * 65536)

    assert "more than 1 MB" in refused(endless).message


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(code: int) -> None:
    followed: list[str] = []
    with serving(lambda handler, form: followed.append("here") or send(handler, ONE)) as other:  # type: ignore[func-returns-value]
        error = refused(lambda handler, form: send(handler, b"", code=code, Location=other))
        assert other in error.message and not followed


def test_an_answer_that_breaks_off_is_no_answer() -> None:
    def half(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/tab-separated-values")
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"?x\n<http://x/1>\n")  # whole as it stands, were the length not known

    assert "broke off" in refused(half).message


@pytest.mark.parametrize(
    ("body", "form", "said"),
    [
        (b"<html>hello\x1b[31m", "text/html", "no SPARQL result"),
        (b"{", SRJ, "no SPARQL result"),
        (
            b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "a b"}}]}}',
            SRJ,
            "no SPARQL",
        ),
        (b"", SRJ, "no SPARQL result"),
    ],
)
def test_what_is_no_result_is_said(body: bytes, form: str, said: str) -> None:
    error = refused(lambda handler, _: send(handler, body, form))
    assert said in error.message and error.exit_code == 3 and "\x1b" not in error.message


def test_a_server_says_why_not_on_one_clean_line() -> None:
    error = refused(
        lambda handler, _: send(handler, b"no\n\x1b[2J good \xe2\x80\xae" + b"x" * 5000, "text/plain", 400)
    )
    assert (
        "answers 400: no [2J good" in error.message and len(error.message) < 500 and "\u202e" not in error.message
    )
    assert "KG_ENDPOINT_USER" in (refused(lambda handler, _: send(handler, b"", "text/plain", 401)).help or "")


PAGE = b"<!DOCTYPE html><html><style>p {}</style><title>502</title><body><h1>Out of order</h1></body></html>"


@pytest.mark.parametrize(
    ("code", "body", "form", "headers", "said", "help"),
    [
        (429, b"slow down", "text/plain", {"Retry-After": "17"}, "answers 429: slow down", "ask again in 17 s"),
        (
            503,
            b"",
            "text/plain",
            {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"},
            "answers 503",
            "after Wed, 21 Oct",
        ),
        (429, b"", "text/plain", {}, "answers 429", "ask again later"),
        (500, PAGE, "text/html", {}, "answers 500: 502 Out of order", None),
        (502, PAGE, "text/plain", {}, "answers 502: 502 Out of order", None),
        (504, b"", "text/plain", {}, "answers 504: ", "the service gives a question is over"),
        (500, b"Virtuoso S1T00 Error SR171", "text/plain", {}, "S1T00", "the service gives a question is over"),
        (500, b"java.util.concurrent.TimeoutException", "text/plain", {}, "500", "ask for less"),
        (302, b"", "text/plain", {"Location": "/sparql/"}, "/sparql/", "give --at that address"),
        (200, PAGE, "text/html", {}, "a page and no SPARQL result: 502 Out of order", "is it a SPARQL endpoint?"),
        (200, b"", SRJ, {}, "an empty answer", "is it a SPARQL endpoint?"),
    ],
)
def test_what_a_server_in_trouble_says_and_what_to_do(
    code: int, body: bytes, form: str, headers: dict[str, str], said: str, help: str | None
) -> None:
    error = refused(lambda handler, _: send(handler, body, form, code, **headers))
    assert error.exit_code == 3
    assert said in error.message
    assert "<" not in error.message
    assert help is None or help in (error.help or "")
    if code == 302:
        assert re.search(r"on to http://127\.0\.0\.1:\d+/sparql/", error.message)


def test_nobody_there_is_said() -> None:
    with pytest.raises(WorldError, match="no answer from"):
        Endpoint(f"http://127.0.0.1:{servers.free_port()}/").query("ASK {}")


def test_credentials_come_from_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str | None] = []

    def reply(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        seen.append(handler.headers["Authorization"])
        send(handler, ONE)

    with serving(reply) as url:
        Endpoint(url).query("SELECT ?x {}")
        monkeypatch.setenv("KG_ENDPOINT_USER", "anna")
        monkeypatch.setenv("KG_ENDPOINT_PASSWORD", "hemmelig:ø")
        Endpoint(url).query("SELECT ?x {}")
        monkeypatch.setenv("KG_ENDPOINT_TOKEN", "t0ken")
        Endpoint(url).query("SELECT ?x {}")
    basic = "Basic " + base64.b64encode("anna:hemmelig:ø".encode()).decode()
    assert seen == [None, basic, "Bearer t0ken"]


@pytest.mark.parametrize(
    "url",
    [
        "http://anna:secret@example.org/",
        "https://anna@example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "example.org/sparql",
        "http://",
        "http://x:99999/",
        "http://x/a b",
        "http://x/\nHost: y",
        "http://[::1/",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_is_not_plain_http_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Endpoint(url)
    assert "secret" not in caught.value.render()


def test_credentials_are_not_sent_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_ENDPOINT_TOKEN", "t0ken")
    with pytest.raises(UsageError, match="plain http"):
        Endpoint("http://example.org/sparql")
    Endpoint("https://example.org/sparql")
    Endpoint("http://localhost:7878/query")


@pytest.mark.parametrize(
    "text", ["SELECT * { SERVICE <http://x/> {} }", "DROP ALL", "SELECT * FROM <x:y> {}", "nonsense"]
)
def test_what_is_refused_here_is_not_sent_there(text: str) -> None:
    sent: list[int] = []
    with serving(lambda handler, form: sent.append(1)) as url, pytest.raises(UsageError):
        Endpoint(url).query(text)
    assert not sent


@pytest.mark.parametrize(
    ("bindings", "expected"),
    [
        (
            [
                {
                    "x": {
                        "type": "typed-literal",
                        "datatype": "http://www.w3.org/2001/XMLSchema#integer",
                        "value": "1",
                    }
                }
            ],
            True,
        ),
        (
            [
                {
                    "x": {
                        "type": "typed-literal",
                        "datatype": "http://www.w3.org/2001/XMLSchema#integer",
                        "value": "0",
                    }
                }
            ],
            False,
        ),
        ([], False),
    ],
)
def test_yes_and_no_as_virtuoso_says_them(bindings: list[dict[str, object]], expected: bool) -> None:
    with serving(lambda handler, form: send(handler, table(*bindings))) as url:
        assert Endpoint(url).query("ASK {}") is expected


def test_a_server_that_cuts_its_answer_is_told_on() -> None:
    with serving(lambda handler, form: send(handler, ONE, X_SPARQL_MaxRows="1")) as url:
        answer = Endpoint(url).query("SELECT ?x {}")
        assert isinstance(answer, Table) and answer.cut
    with serving(lambda handler, form: send(handler, ONE, X_SPARQL_MaxRows="10")) as url:
        answer = Endpoint(url).query("SELECT ?x {}")
        assert isinstance(answer, Table) and not answer.cut


def test_literals_keep_their_types() -> None:
    body = table(
        {"x": {"type": "literal", "value": "7", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}},
        {"x": {"type": "typed-literal", "value": "7.50", "datatype": "http://www.w3.org/2001/XMLSchema#decimal"}},
        {"x": {"type": "literal", "value": "år", "xml:lang": "nb"}},
        {},
    )
    with serving(lambda handler, form: send(handler, body)) as url:
        answer = Endpoint(url).query("SELECT ?x {}")
    assert isinstance(answer, Table)
    assert [row[0] for row in answer.rows] == [
        rdf.literal("7", "integer"),
        rdf.literal("7.50", "decimal"),
        rdf.literal("år", language="nb"),
        None,
    ]


@pytest.fixture(scope="module")
def oxigraph(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("oxigraph")
    (folder / "graph.ttl").write_bytes(publish.export(project, "turtle"))
    with servers.oxigraph(folder / "db", folder / "graph.ttl") as url:
        yield url


def test_the_command_asks_elsewhere(kg: Kg, oxigraph: str) -> None:
    for arguments in (
        ["query", "commitments", "-f", "csv"],
        ["query", "by-kind", "-f", "table"],
        ["sparql", "-e", "SELECT ?s ?label { ?s a til:Commitment ; skos:prefLabel ?label } ORDER BY ?s ?label"],
        ["sparql", "-e", "ASK { ?s a til:Commitment }"],
        ["sparql", "-e", "CONSTRUCT WHERE { ?s til:kind kind:loan }"],
        ["show", "id:helseplattformen-2020"],
    ):
        here, there = kg(*arguments), kg(*arguments, "--at", oxigraph)
        assert here.returncode == there.returncode == 0, there.stderr
        assert here.stdout == there.stdout
    assert kg("query", "commitments", env={"KG_ENDPOINT": oxigraph}).returncode == 0


def test_the_command_says_what_is_wrong_in_one_line(kg: Kg, oxigraph: str) -> None:
    run = kg("query", "commitments", "--at", oxigraph.replace("/query", "/nothing"))
    assert run.returncode == 3 and run.stderr.startswith("kg: error[endpoint]: ") and "404" in run.stderr
    run = kg("query", "commitments", "--at", "ftp://x/")
    assert run.returncode == 2 and len(run.stderr.splitlines()) == 1


def test_a_slow_server_ends_the_command_in_time(kg: Kg) -> None:
    ended = threading.Event()

    def hold(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        ended.wait(HANG)

    with serving(hold) as url:
        run = kg("sparql", "-e", "ASK {}", "--at", url, "--timeout", "1")  # it does not wait for the server
        ended.set()
    assert run.returncode == 3 and run.stderr.startswith("kg: error[timeout]: no answer from ")


def test_the_embedded_answer_is_the_yardstick(store: Store, oxigraph: str, tmp_path: Path) -> None:
    text = "SELECT ?s ?p ?o { ?s ?p ?o . FILTER(isLiteral(?o)) } ORDER BY ?s ?p ?o LIMIT 500"
    assert Endpoint(oxigraph).query(text) == store.query(text)
