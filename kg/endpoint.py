"""A SPARQL 1.1 endpoint on the network: the same questions, the same answers (SPARQL 1.1 Protocol).

An endpoint is not trusted: it has a total deadline and a cap on its answer, may not send us elsewhere, and gets
credentials from the environment alone.
"""

from __future__ import annotations

import os
import re
import threading
import time
import urllib.error
import urllib.request
from html.parser import HTMLParser
from http.client import HTTPException
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urljoin, urlsplit

from SPARQLWrapper import BASIC, POST, SPARQLWrapper

from kg import __version__, rdf
from kg.errors import KgError, UsageError, WorldError
from kg.results import Answer, Table, Triples
from kg.sparql import Question, prefixed, read_only

_TABLES = "application/sparql-results+json, application/sparql-results+xml;q=0.8, text/tab-separated-values;q=0.5"
_GRAPHS = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PIECE = 1 << 16


class Endpoint:
    """A remote source. `seconds` bound one answer from question to last byte; `size` bounds it in bytes.

    User and password are KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD, or KG_ENDPOINT_TOKEN is a bearer token.
    Raises UsageError where `url` is not a plain http or https address.
    """

    def __init__(self, url: str, seconds: float = 30.0, size: int = 256 << 20) -> None:
        self.url = _checked(url)
        self._seconds = seconds
        self._size = size
        self._deadline = time.monotonic() + seconds

    def query(self, text: str) -> Answer:
        """The answer to a read-only query, within what is left of the endpoint's seconds.

        Raises UsageError where the text is not a question, WorldError where the endpoint gives no answer to it.
        """
        question = read_only(text)
        wrapper = _wrapper(self.url, question)
        reply: SimpleQueue[tuple[bytes, Any] | BaseException] = SimpleQueue()
        opened: list[Any] = []

        # From outside: a server that sends a byte now and then keeps every timeout of a socket from passing.
        def fetch() -> None:
            try:
                response, _ = wrapper.query_within(max(0.1, self._deadline - time.monotonic()))
                opened.append(response)
                reply.put((self._body(response), response.headers))
            except BaseException as error:  # carried over to the thread that waits
                reply.put(error)

        threading.Thread(target=fetch, daemon=True).start()
        try:
            got = reply.get(timeout=max(0.0, self._deadline - time.monotonic()))
        except Empty:
            for response in opened:
                response.close()
            raise self._late() from None
        if isinstance(got, BaseException):
            raise self._failed(got) from None
        return self._answer(question, *got)

    def _body(self, response: Any) -> bytes:
        parts, size = [], 0
        while piece := response.read1(_PIECE):
            size += len(piece)
            if size > self._size:
                raise WorldError(
                    "endpoint", f"{self.url} sends more than {self._size >> 20} MB", help="ask for less: LIMIT"
                )
            if time.monotonic() > self._deadline:
                raise self._late()
            parts.append(piece)
        wanted = response.headers.get("Content-Length")
        if wanted and wanted.isdigit() and size < int(wanted):
            raise WorldError("endpoint", f"{self.url} broke off after {size} of {wanted} bytes")
        return b"".join(parts)

    def _answer(self, question: Question, body: bytes, headers: Any) -> Answer:
        form = headers.get_content_type()
        if not body.strip() and question.form in ("SELECT", "ASK"):  # a graph may be empty
            raise WorldError(
                "endpoint",
                f"{self.url} sent an empty answer, no SPARQL result",
                help="check the address: is it a SPARQL endpoint?",
            )
        if form in _PAGES:
            raise WorldError(
                "endpoint",
                f"{self.url} sent a page and no SPARQL result: {_said(body, form)}",
                help="check the address: is it a SPARQL endpoint?",
            )
        try:
            if question.form in ("CONSTRUCT", "DESCRIBE"):
                return Triples(tuple(rdf.triples(body, form)), _was_cut(headers, None))
            found = rdf.solutions(body, form)
        except ValueError as error:
            raise WorldError(
                "endpoint",
                f"{self.url} sent what is no SPARQL result: {_line(str(error))}",
                help="check the address",
            ) from None
        if isinstance(found, bool):
            return found
        columns, rows = found
        if question.form == "ASK":  # Virtuoso gives one row with the number 1 or 0, or none
            return any(
                isinstance(term, rdf.Literal) and term.value in ("1", "true") for row in rows for term in row
            )
        return Table(columns, tuple(map(_spelled, rows)), _was_cut(headers, len(rows)))

    def _late(self) -> WorldError:
        return WorldError(
            "timeout",
            f"no answer from {self.url} within {self._seconds:g} s",
            help="ask for less, or raise --timeout (KG_TIMEOUT)",
        )

    def _failed(self, error: BaseException) -> BaseException:
        if isinstance(error, KgError):
            return error
        if isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
            return self._late()
        if isinstance(error, urllib.error.HTTPError):
            target = error.headers.get("Location") if 300 <= error.code < 400 else None
            if target:
                return WorldError(
                    "endpoint",
                    f"{self.url} sends us on to {_line(urljoin(self.url, target))}",
                    help="no redirect is followed: give --at that address",
                )
            said = _said(error.read(_PIECE), error.headers.get_content_type()) or _line(str(error.reason))
            help = None
            if error.code in (401, 403):
                help = "KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD, or KG_ENDPOINT_TOKEN"
            elif wait := _line(error.headers.get("Retry-After") or ""):
                help = f"ask again in {wait} s" if wait.isdecimal() else f"ask again after {wait}"
            elif error.code == 429:
                help = "ask again later"
            elif error.code in (408, 504) or _TIMED_OUT.search(said):
                help = "the time that the service gives a question is over: ask for less"
            return WorldError("endpoint", f"{self.url} answers {error.code}: {said}", help=help)
        if isinstance(error, urllib.error.URLError | HTTPException | OSError):
            reason = getattr(error, "reason", None) or error
            return WorldError(
                "endpoint", f"no answer from {self.url}: {_line(str(reason))}", help="check the address"
            )
        return error


class _Words(HTMLParser):
    """The words of a page that a person would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("script", "style"):
            self._hidden = tag

    def handle_endtag(self, tag: str) -> None:
        self.words.append(" ")
        if tag == self._hidden:
            self._hidden = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


_PAGES = ("text/html", "application/xhtml+xml")
_TIMED_OUT = re.compile(r"(?i)time[d -]*out|time ?limit|TimeoutException|S1T00|too long")


def _said(body: bytes, form: str) -> str:
    """What a server says, without the tags of a page, on one line."""
    text = body.decode("utf-8", "replace")
    page = form in _PAGES or re.match(r"\s*<(!doctype|html)", text, re.IGNORECASE)
    return _line("".join(_Words(text).words) if page else text)


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper told what it would guess from the text, and opened by an opener that follows nothing."""

    def __init__(self, url: str, form: str) -> None:
        self._form = form
        super().__init__(url, agent=f"tilsagn/{__version__}")

    def _parseQueryType(self, query: str) -> str:
        return self._form

    def query_within(self, seconds: float) -> tuple[Any, str]:
        """The open response, each of whose waits is bounded by `seconds`."""
        opener = urllib.request.build_opener(_NoRedirect)
        return opener.open(self._createRequest(), timeout=seconds), self.returnFormat


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An endpoint that points elsewhere, inside a network perhaps, is not followed."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _wrapper(url: str, question: Question) -> _Wrapper:
    wrapper = _Wrapper(url, question.form)
    wrapper.setQuery(prefixed(question.text))
    wrapper.setMethod(POST)
    wrapper.setOnlyConneg(True)
    graph = question.form in ("CONSTRUCT", "DESCRIBE")
    wrapper.addCustomHttpHeader("Accept", _GRAPHS if graph else _TABLES)
    if token := os.environ.get("KG_ENDPOINT_TOKEN"):
        wrapper.addCustomHttpHeader("Authorization", f"Bearer {token}")
    elif user := os.environ.get("KG_ENDPOINT_USER"):
        wrapper.setHTTPAuth(BASIC)
        wrapper.setCredentials(user, os.environ.get("KG_ENDPOINT_PASSWORD", ""))
    return wrapper


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises where it is no number
    except ValueError as error:
        raise UsageError("endpoint", f"--at {_line(url)!r} is no address: {error}") from None
    if parts.username or parts.password:
        raise UsageError(
            "endpoint",
            "an address with a password in it is refused: others can read it",
            help="set KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD, or KG_ENDPOINT_TOKEN",
        )
    if parts.scheme not in ("http", "https") or not parts.hostname or _line(url) != url or " " in url:
        raise UsageError("endpoint", f"--at {_line(url)!r} is no http or https address")
    secret = os.environ.get("KG_ENDPOINT_TOKEN") or os.environ.get("KG_ENDPOINT_USER")
    if secret and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise UsageError(
            "endpoint", "credentials over plain http are refused: others can read them", help="use https"
        )
    return url


_TRUE_FALSE = {
    rdf.literal("1", "boolean"): rdf.literal("true", "boolean"),
    rdf.literal("0", "boolean"): rdf.literal("false", "boolean"),
}


def _spelled(row: tuple[rdf.Term | None, ...]) -> tuple[rdf.Term | None, ...]:
    """A row with booleans as the embedded store spells them: Virtuoso writes 1 and 0."""
    return tuple(_TRUE_FALSE.get(term, term) if isinstance(term, rdf.Literal) else term for term in row)


def _was_cut(headers: Any, rows: int | None) -> bool:
    """Whether Virtuoso says that it stopped at its own limit of rows or of time."""
    limit = headers.get("X-SPARQL-MaxRows", "")
    return headers.get("X-SQL-State") == "S1TAT" or (rows is not None and limit.isdigit() and rows >= int(limit))


def _line(text: str) -> str:
    """What a server says, on one line of printable characters, not too long."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words if len(words) <= 300 else words[:299] + "…"
