"""Canned queries: a `.rq` file with a header becomes a question with typed parameters.

The file is plain SPARQL that runs as it lies. A parameter is one line `VALUES ?name { default }`; binding
replaces what is in the braces with terms that the RDF library has written, and nothing else.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg import files, rdf
from kg.errors import Place, UsageError, WorldError, did_you_mean
from kg.project import Project
from kg.sparql import prefixed
from kg.terms import CODE, CODE_LISTS, ID, expand

# The shape of what SPARQL lets stand in a query, far enough to know what is code and what is not.
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
      | (?P<text>\"{3}(?:[^"\\]|\\.|\"{1,2}(?!\"))*\"{3}|'{3}(?:[^'\\]|\\.|'{1,2}(?!'))*'{3}
               |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<variable>[?$]\w+)
      | (?P<word>[A-Za-z_][\w.-]*:?[\w.-]*)
      | (?P<other>\s+|.)""",
    re.VERBOSE | re.DOTALL,
)
_TYPES = ("iri", "text", "date", "integer", "decimal", "boolean", "code")
_PARAM = re.compile(r"@param\s+(\w+)\s+(\w+)(?:\((\S+)\))?\s+(.+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One typed parameter; `codes` names the code list of a `code` parameter; `default` is SPARQL text."""

    name: str
    type: str
    codes: str | None
    description: str
    default: str

    def term(self, value: str) -> rdf.Term:
        """What a person typed, as a term of this type. Raises UsageError, naming value and type.

        An `iri` may be a full IRI, `prefix:name`, or the slug of a thing of ours; a `code` the code's name.
        """
        try:
            return self._term(value)
        except ValueError as error:
            wanted = f"{self.type}({self.codes})" if self.codes else self.type
            # The library names the character at fault as itself, a line end or a bidi mark perhaps.
            why = "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in str(error))
            raise UsageError(
                "parameter",
                f"--{option(self.name)}: {value!r} is not of type {wanted}: {why}",
                help=_HELP[self.type],
            ) from None

    def _term(self, value: str) -> rdf.Term:
        if any(ord(character) < 0x20 and character not in "\t\n\r" for character in value):
            raise ValueError("it has a control character")
        match self.type:
            case "text":
                if any("\ud800" <= character <= "\udfff" for character in value):
                    raise ValueError("it has half a character (a lone surrogate)")
                return rdf.literal(value)
            case "iri":
                return rdf.iri(_iri(value, ID))
            case "code":
                return rdf.iri(_iri(value, f"{CODE}{self.codes}/"))
            case "date":
                if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
                    raise ValueError("a date is YYYY-MM-DD")
                datetime.date.fromisoformat(value)
            case "integer":
                if not re.fullmatch(r"[+-]?\d{1,400}", value, re.ASCII):
                    raise ValueError("digits only")
            case "decimal":
                if not re.fullmatch(r"[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})", value, re.ASCII):
                    raise ValueError("digits with a point")
            case "boolean":
                if value not in ("true", "false"):
                    raise ValueError("true or false")
        return rdf.literal(value, self.type)


_HELP = {
    "iri": "a full IRI, prefix:name, or the last part of one of our own IRIs",
    "text": "any text without control characters",
    "date": "for example 2019-10-07",
    "integer": "for example 2020",
    "decimal": "for example 1000000.50",
    "boolean": "true or false",
    "code": "a code of the list",
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


@dataclass(frozen=True, slots=True)
class Query:
    """A canned query: what it answers, its parameters and its SPARQL text.

    `answers` numbers the question among the project's list; `empty` says why there may be no row; `money` names
    the columns that hold whole units of the row's currency; `severity` is how grave a row of a check is (violation,
    warning or info).
    """

    name: str
    path: Path
    question: str
    prose: str
    answers: tuple[int, ...]
    empty: str | None
    money: tuple[str, ...]
    severity: str
    parameters: tuple[Parameter, ...]
    text: str

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
        severity = "violation"
        for number, line in enumerate(header, 1):
            if line.startswith("@param"):
                match = _PARAM.fullmatch(line)
                if not match or match[2] not in _TYPES or (match[2] == "code") != (match[3] in CODE_LISTS):
                    raise _fault(path, number, f"@param wants a name, one of {', '.join(_TYPES)}, and words")
                declared.append((number, match))
            elif line.startswith("@answers"):
                answers = tuple(int(part) for part in re.findall(r"\d+", line))
            elif line.startswith("@money"):
                money = tuple(line.split()[1:])
            elif line.startswith("@severity"):
                severity = line.removeprefix("@severity").strip()
                if severity not in ("violation", "warning", "info"):
                    raise _fault(path, number, "@severity wants violation, warning or info")
            elif line.startswith("@empty"):
                empty = line.removeprefix("@empty").strip()
            elif line.startswith("@"):
                raise _fault(path, number, f"no such field: {line.split()[0]}")
        sites = _sites(text)
        for name, spans in sites.items():
            line_number = text.count("\n", 0, spans[0][0]) + 1
            if name not in {match[1] for _, match in declared}:
                raise _fault(path, line_number, f"VALUES ?{name} has no @param line")
            if len(spans) > 1:
                raise _fault(path, line_number, f"?{name} is bound in more than one VALUES line")
        parameters = []
        for number, match in declared:
            if match[1] not in sites:
                raise _fault(path, number, f"@param {match[1]} has no line VALUES ?{match[1]} {{ … }}")
            start, end = sites[match[1]][0]
            parameters.append(Parameter(match[1], match[2], match[3], match[4], text[start:end].strip()))
        return cls(
            path.stem,
            path,
            header[0],
            "\n".join(prose).strip(),
            answers,
            empty,
            money,
            severity,
            tuple(parameters),
            text,
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

    def bind(self, values: Mapping[str, Sequence[str] | str | None] | None = None) -> str:
        """The SPARQL text for these values: several are alternatives, None is "any", absent is the default.

        The text is SPARQL 1.1 for any engine, without the header (endpoints guess from comments). Raises
        UsageError for an unknown name or a value that is not of its type.
        """
        text = self.text
        terms: dict[str, list[str]] = {}
        for name, given in (values or {}).items():
            parameter = self.parameter(name)
            several = [] if given is None else [given] if isinstance(given, str) else given
            terms[parameter.name] = [rdf.write(parameter.term(value)) for value in several]
        for name, spans in sorted(_sites(text).items(), key=lambda item: item[1], reverse=True):
            if name in terms:
                start, end = spans[0]
                text = f"{text[:start]} {' '.join(terms[name]) or 'UNDEF'} {text[end:]}"
        return prefixed(_inline(_without_comments(text)))


def _fault(path: Path, line: int, message: str) -> WorldError:
    return WorldError("query-file", message, place=Place(str(path), line), help="see docs/queries.md")


def find(project: Project, name: str) -> Query:
    """The canned query of that name. Raises UsageError with the nearest names."""
    paths = {path.stem: path for path in project.query_files()}
    if name not in paths:
        raise UsageError(
            "query",
            f"no query {name!r}",
            help=did_you_mean(name, paths) or "`kg query` lists them",
        )
    return Query.read(paths[name])


def _tokens(text: str) -> list[tuple[str, str, int]]:
    return [(match.lastgroup or "other", match[0], match.start()) for match in _TOKEN.finditer(text)]


def _sites(text: str) -> dict[str, list[tuple[int, int]]]:
    """Where `VALUES ?name { … }` stands for one variable: the spans between the braces, by name."""
    found: dict[str, list[tuple[int, int]]] = {}
    code = [token for token in _tokens(text) if token[0] != "comment" and not token[1].isspace()]
    for index, (kind, word, _) in enumerate(code[:-2]):
        variable, brace = code[index + 1], code[index + 2]
        if kind == "word" and word.upper() == "VALUES" and variable[0] == "variable" and brace[1] == "{":
            end = next((start for _, value, start in code[index + 3 :] if value == "}"), len(text))
            found.setdefault(variable[1][1:], []).append((brace[2] + 1, end))
    return found


def _without_comments(text: str) -> str:
    """The text without comments and blank lines. What is inside a string stays, whatever it looks like."""
    kept = "".join(value for kind, value, _ in _tokens(text) if kind != "comment")
    lean = "".join(
        "\n" + value.rpartition("\n")[2] if kind == "other" and "\n" in value else value
        for kind, value, _ in _tokens(kept)
    )
    return lean.strip() + "\n"


def _inline(text: str) -> str:
    """The same query, quicker: a join with one IRI becomes a constant, a join with UNDEF alone disappears.

    `VALUES ?x { UNDEF }` is the identity of a join. Where ?x has one IRI, its line stays (so that ?x is bound)
    and ?x in patterns and filters becomes the IRI: engines look a constant up but join with a variable.
    """
    for name in _sites(text):
        # Substitution moves what follows it: the place is looked up anew for each name.
        start, end = _sites(text)[name][0]
        opening = text[:start].upper().rindex("VALUES")
        terms = text[start:end].split()
        before, site, after = text[:opening], text[opening : end + 1], text[end + 1 :]
        if terms == ["UNDEF"]:
            text = before + after
        elif len(terms) == 1 and (constant := _constant(terms[0])) and _substitutable(before + after, name):
            text = _substitute(before, name, constant) + site + _substitute(after, name, constant)
    return text


def _constant(term: str) -> str | None:
    if term.startswith("<"):
        return term
    # Not a number, a boolean or a string: only IRIs may stand wherever a variable may.
    return term if not term.startswith(('"', "'")) and expand(term) else None


# Words after which a variable is a name to be given, not a value to be read.
_MODIFIERS = {"SELECT", "GROUP", "ORDER", "HAVING"}


def _clauses(text: str) -> list[tuple[str, str, bool]]:
    """The tokens (kind, text, whether it is inside a SELECT clause or a solution modifier)."""
    result: list[tuple[str, str, bool]] = []
    naming = False
    for kind, value, _ in _tokens(text):
        if kind == "word" and value.upper() in _MODIFIERS:
            naming = True
        elif value in ("{", "}") or (kind == "word" and value.upper() == "WHERE"):
            naming = False
        result.append((kind, value, naming))
    return result


def _substitutable(text: str, name: str) -> bool:
    """Whether ?name is nowhere assigned (AS ?name) or asked about (BOUND(?name)) in the query's patterns."""
    words = [(kind, value) for kind, value, naming in _clauses(text) if not value.isspace() and not naming]
    for index, (kind, value) in enumerate(words):
        if kind == "variable" and value[1:] == name:
            before = words[index - 1][1].upper() if index else ""
            two_before = words[index - 2][1].upper() if index > 1 else ""
            if before == "AS" or (before == "(" and two_before == "BOUND"):
                return False
    return True


def _substitute(text: str, name: str, constant: str) -> str:
    return "".join(
        constant if kind == "variable" and value[1:] == name and not naming else value
        for kind, value, naming in _clauses(text)
    )


def addends(text: str, variable: str = "figure") -> str | None:
    """The sub-select of `text` that lists what its sums add, as a query of its own; None where it has none.

    It is the innermost SELECT that projects ?figure, in a query whose own SELECT does not.
    """
    tokens = _tokens(text)
    starts = [i for i, (kind, word, _) in enumerate(tokens) if kind == "word" and word.upper() == "SELECT"]
    if not starts or _projects(tokens[starts[0] :], variable):
        return None
    inner = [start for start in starts[1:] if _projects(tokens[start:], variable)]
    if not inner:
        return None
    depth, end = 0, inner[-1]
    while end < len(tokens) and depth >= 0:
        depth += {"{": 1, "}": -1}.get(tokens[end][1], 0)
        end += 1
    body = "".join(word for _, word, _ in tokens[inner[-1] : end - 1])
    prefixes = "".join(re.findall(r"(?im)^PREFIX[^\n]*\n", text))
    return f"{prefixes}{body}"


def _projects(tokens: list[tuple[str, str, int]], variable: str) -> bool:
    """Whether a SELECT, from its word on, has ?variable among its own columns."""
    depth = 0
    for kind, word, _ in tokens[1:]:
        if word == "{" or (kind == "word" and word.upper() == "WHERE"):
            return False
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0 and kind == "variable" and word[1:] == variable:
            return True
    return False
