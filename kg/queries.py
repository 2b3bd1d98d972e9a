"""Canned queries: a `.rq` file with a header becomes a question with typed parameters.

The file is plain SPARQL that runs as it lies. A parameter is a line `VALUES ?name { default }`, the same in each branch
of a UNION that wants it; binding replaces what is in the braces with terms that the RDF library has written, and
nothing else.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kg import files, rdf
from kg.errors import Place, UsageError, WorldError, did_you_mean
from kg.inlining import inline, sites
from kg.project import Project
from kg.results import Source
from kg.sparql import prefixed, tokens
from kg.terms import CODE, CODE_LISTS, ID, expand

_TYPES = ("iri", "text", "date", "integer", "decimal", "boolean", "code")
_PARAM = re.compile(r"@param\s+(\w+)\s+(\w+)(?:\((\S+)\))?\s+(.+)")
# What a text or a number may be held to: a pattern, and the same in words.
RULES = {
    "year": (r"[1-9]\d{3}", "a year has four digits"),
    "count": (r"[1-9]\d{0,8}", "a whole number, 1 or more"),
    "sha256": (r"[0-9A-Fa-f]{64}", "64 hexadecimal digits"),
    "language": (r"[a-z]{2,3}", "two or three small letters, for example nb"),
}


class Parameter(NamedTuple):
    """One typed parameter; `default` is SPARQL text.

    `of` is what its type says in brackets: the code list of a `code`; the classes of an `iri`, with | between them (or
    authority tables: a prefix and its colon); the rule that a `text` or an `integer` is held to.
    """

    name: str
    type: str
    of: str | None
    description: str
    default: str

    @property
    def wanted(self) -> tuple[str, ...]:
        """The IRIs of what it may name, as `kg.names` takes them; none where it names anything or nothing."""
        if self.type == "code":
            return (f"{CODE}{self.of}/",)
        return tuple(expand(part) or part for part in self.of.split("|")) if self.type == "iri" and self.of else ()

    @property
    def named(self) -> bool:
        """Whether its values are things, which have names."""
        return self.type in ("iri", "code")

    def term(self, value: str) -> rdf.Term:
        """What a person typed, as a term of this type. Raises UsageError, naming value and type.

        An `iri` may be a full IRI, `prefix:name`, or the slug of a thing of ours; a `code` the code's name.
        """
        try:
            return self._term(value)
        except ValueError as error:
            wanted = f"{self.type}({self.of})" if self.of else self.type
            # The library names the character at fault as itself, a line end or a bidi mark perhaps.
            why = "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in str(error))
            raise UsageError(
                "parameter",
                f"--{option(self.name)}: {value!r} is not of type {wanted}: {why}",
                help=_HELP[self.of if self.of in RULES else self.type],
            ) from None

    def _term(self, value: str) -> rdf.Term:
        if any(ord(character) < 0x20 and character not in "\t\n\r" for character in value):
            raise ValueError("it has a control character")
        match self.type:
            case "text":
                if any("\ud800" <= character <= "\udfff" for character in value):
                    raise ValueError("it has half a character (a lone surrogate)")
                self._ruled(value)
                return rdf.literal(value)
            case "iri":
                return rdf.iri(_iri(value, ID))
            case "code":
                return rdf.iri(_iri(value, f"{CODE}{self.of}/"))
            case "date":
                if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
                    raise ValueError("a date is YYYY-MM-DD")
                datetime.date.fromisoformat(value)
            case "integer":
                if not re.fullmatch(r"[+-]?\d{1,400}", value, re.ASCII):
                    raise ValueError("digits only")
                self._ruled(value)
            case "decimal":
                if not re.fullmatch(r"[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})", value, re.ASCII):
                    raise ValueError("digits with a point")
            case "boolean":
                if value not in ("true", "false"):
                    raise ValueError("true or false")
        return rdf.literal(value, self.type)

    def _ruled(self, value: str) -> None:
        if self.of and not re.fullmatch(RULES[self.of][0], value, re.ASCII):
            raise ValueError(RULES[self.of][1])


_HELP = {
    "iri": "a full IRI, prefix:name, or the last part of one of our own IRIs; a name where a graph is there to ask",
    "text": "any text without control characters",
    "date": "for example 2019-10-07",
    "integer": "for example 2020",
    "decimal": "for example 1000000.50",
    "boolean": "true or false",
    "code": "a code of the list",
    "year": "for example 2020",
    "count": "for example 10",
    "sha256": "what `sha256sum FILE` prints first",
    "language": "da, nb, nn, sv, fi or en",
}


def option(name: str) -> str:
    """A parameter's name as a command line writes it."""
    return name.replace("_", "-")


def _iri(value: str, base: str) -> str:
    """The IRI that a person means by `value`; a bare name is one of `base`."""
    if value.startswith("<") and value.endswith(">"):
        value = value[1:-1]
    if known := expand(value):
        return known
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", value):
        return value
    if not re.fullmatch(r"[\w.~%#=,/-]+", value):
        raise ValueError("it has characters that no IRI has")
    return base + value


class Page(NamedTuple):
    """The place of a query's answer in what is shown of one thing.

    `parameter` is bound to the thing; sections stand in the order of their numbers. `columns` are those that are shown
    (none: all), `headings` the section's name by language.
    """

    parameter: str
    order: int
    columns: tuple[str, ...]
    headings: Mapping[str, str]


class Query(NamedTuple):
    """A canned query: what it answers, its parameters and its SPARQL text.

    `answers` numbers the question among the project's list; `empty` says why there may be no row; `money` names
    the columns that hold whole units of the row's currency; `needs` are parameters of which one must be given to a
    command; `was` are names that the query had before; `severity` is how grave a row of a check is (violation,
    warning or info); `page` is its place in what is shown of one thing.
    """

    name: str
    path: Path
    question: str
    prose: str
    answers: tuple[int, ...]
    empty: str | None
    money: tuple[str, ...]
    needs: tuple[str, ...]
    was: tuple[str, ...]
    severity: str
    parameters: tuple[Parameter, ...]
    text: str
    page: Page | None = None

    @classmethod
    def read(cls, path: Path) -> Query:
        """The query in a file. Raises WorldError, with its place, where header and text disagree."""
        text = files.read(path).decode("utf-8")
        header: list[str] = []
        for line in text.splitlines():
            if not line.startswith("#"):
                break
            header.append(line[1:].strip())
        if not header:
            raise _fault(path, 1, "the first line is not a comment with the question that it answers")
        prose = [line for line in header[1:] if not line.startswith("@")]
        declared: list[tuple[int, re.Match[str]]] = []
        answers: tuple[int, ...] = ()
        empty: str | None = None
        money: tuple[str, ...] = ()
        needs: tuple[str, ...] = ()
        was: tuple[str, ...] = ()
        severity = "violation"
        page: list[str] = []
        headings: dict[str, str] = {}
        for number, line in enumerate(header, 1):
            if line.startswith("@param"):
                match = _PARAM.fullmatch(line)
                if not match or match[2] not in _TYPES or not _of_its_type(match[2], match[3]):
                    raise _fault(path, number, f"@param wants a name, one of {', '.join(_TYPES)}, and words")
                declared.append((number, match))
            elif line.startswith("@answers"):
                answers = tuple(int(part) for part in re.findall(r"\d+", line))
            elif line.startswith("@money"):
                money = tuple(line.split()[1:])
            elif line.startswith("@needs"):
                needs = tuple(line.split()[1:])
            elif line.startswith("@was"):
                was = tuple(line.split()[1:])
            elif line.startswith("@severity"):
                severity = line.removeprefix("@severity").strip()
                if severity not in ("violation", "warning", "info"):
                    raise _fault(path, number, "@severity wants violation, warning or info")
            elif line.startswith("@page"):
                page = line.split()[1:]
                if len(page) < 2 or not page[1].isdigit():
                    raise _fault(path, number, "@page wants a parameter, a number for the order, and columns")
            elif line.startswith("@heading"):
                parts = line.removeprefix("@heading").split(" · ")
                headings = {lang: words for lang, _, words in (part.strip().partition(" ") for part in parts)}
            elif line.startswith("@empty"):
                empty = line.removeprefix("@empty").strip()
            elif line.startswith("@"):
                raise _fault(path, number, f"no such field: {line.split()[0]}")
        places = sites(text)
        for name, spans in places.items():
            line_number = text.count("\n", 0, spans[0][0]) + 1
            if name not in {match[1] for _, match in declared}:
                raise _fault(path, line_number, f"VALUES ?{name} has no @param line")
            if len({text[start:end].strip() for start, end in spans}) > 1:
                raise _fault(path, line_number, f"the VALUES lines of ?{name} do not say the same")
        parameters = []
        for number, match in declared:
            if match[1] not in places:
                raise _fault(path, number, f"@param {match[1]} has no line VALUES ?{match[1]} {{ … }}")
            start, end = places[match[1]][0]
            parameters.append(Parameter(match[1], match[2], match[3], match[4], text[start:end].strip()))
        return cls(
            path.stem,
            path,
            header[0],
            "\n".join(prose).strip(),
            answers,
            empty,
            money,
            needs,
            was,
            severity,
            tuple(parameters),
            text,
            Page(page[0], int(page[1]), tuple(page[2:]), headings) if page else None,
        )

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name. Raises UsageError with the nearest names."""
        for parameter in self.parameters:
            if name in (parameter.name, option(parameter.name)):
                return parameter
        names = [option(parameter.name) for parameter in self.parameters]
        raise UsageError(
            "parameter",
            f"query {self.name} has no parameter {name!r}",
            help=did_you_mean(name, names) or f"it has {', '.join(names) or 'none'}",
        )

    def bind(
        self, values: Mapping[str, Sequence[str] | str | None] | None = None, source: Source | None = None
    ) -> str:
        """The SPARQL text for these values: several are alternatives, None is "any", absent is the default.

        With the source that will be asked, things and codes may be given by any name that they have in it
        (`kg.names`), and what it lacks is refused. Without, they are taken as they are written: an IRI, `prefix:name`,
        the last part of an IRI, a code.

        The text is SPARQL 1.1 for any engine, without the header (endpoints guess from comments). Raises
        UsageError for an unknown parameter, for a value that is not of its type, and for a name that means nothing or
        several things.
        """
        text = self.text
        terms: dict[str, list[str]] = {}
        for name, given in (values or {}).items():
            parameter = self.parameter(name)
            several = [] if given is None else [given] if isinstance(given, str) else given
            if source is not None and parameter.named:
                from kg.names import resolve

                where = f"--{option(parameter.name)}: "
                several = [resolve(source, one, parameter.wanted, where=where).things[0] for one in several]
            terms[parameter.name] = [rdf.write(parameter.term(value)) for value in several]
        lines = [(span, name) for name, spans in sites(text).items() for span in spans]
        for (start, end), name in sorted(lines, reverse=True):
            if name in terms:
                text = f"{text[:start]} {' '.join(terms[name]) or 'UNDEF'} {text[end:]}"
        return prefixed(inline(_without_comments(text)))


def _of_its_type(type_: str, of: str | None) -> bool:
    """Whether a type may have this in its brackets."""
    if type_ == "code":
        return of in CODE_LISTS
    if type_ == "iri":
        return of is None or all(map(expand, of.split("|")))
    return of is None or (of in RULES and type_ in ("text", "integer"))


def _fault(path: Path, line: int, message: str) -> WorldError:
    return WorldError("query-file", message, place=Place(str(path), line), help="see docs/queries.md")


def find(project: Project, name: str) -> Query:
    """The canned query of that name, or that had it before. Raises UsageError with the nearest names."""
    paths = {path.stem: path for path in project.query_files()}
    if name not in paths:
        for query in map(Query.read, paths.values()):
            if name in query.was:
                return query
        raise UsageError(
            "query",
            f"no query {name!r}",
            help=did_you_mean(name, paths) or "`kg query` lists them",
        )
    return Query.read(paths[name])


def _without_comments(text: str) -> str:
    """The text without comments and blank lines. What is inside a string stays, whatever it looks like."""
    kept: list[str] = []
    for kind, value, _ in tokens(text):
        if kind == "space" and "\n" in value:
            value = "\n" + value.rpartition("\n")[2]
            if kept and kept[-1][0] == "\n":
                kept.pop()  # a line with nothing but a comment
        if kind != "comment":
            kept.append(value)
    return "".join(kept).strip() + "\n"


def addends(text: str, variable: str = "figure") -> str | None:
    """The sub-select of `text` that lists what its sums add, as a query of its own; None where it has none.

    It is the first SELECT that projects ?figure, in a query whose own SELECT does not; those inside it are its parts.
    """
    pieces = tokens(text)
    starts = [i for i, (kind, word, _) in enumerate(pieces) if kind == "word" and word.upper() == "SELECT"]
    if not starts or _projects(pieces[starts[0] :], variable):
        return None
    inner = [start for start in starts[1:] if _projects(pieces[start:], variable)]
    if not inner:
        return None
    depth, end = 0, inner[0]
    while end < len(pieces) and depth >= 0:
        depth += {"{": 1, "}": -1}.get(pieces[end][1], 0)
        end += 1
    body = "".join(word for _, word, _ in pieces[inner[0] : end - 1])
    prefixes = "".join(re.findall(r"(?im)^PREFIX[^\n]*\n", text))
    return f"{prefixes}{body}"


def _projects(pieces: Sequence[tuple[str, str, int]], variable: str) -> bool:
    """Whether a SELECT, from its word on, has ?variable among its own columns."""
    depth = 0
    for kind, word, _ in pieces[1:]:
        if word == "{" or (kind == "word" and word.upper() == "WHERE"):
            return False
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0 and kind == "variable" and word[1:] == variable:
            return True
    return False
