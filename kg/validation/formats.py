"""A report written for people, programs, editors and CI: text, JSON, Turtle, SARIF, GitHub annotations."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path as File
from typing import Any
from urllib.parse import quote

from kg import __version__
from kg.shacl.paths import Path, read_spelling
from kg.terms import PREFIXES
from kg.validation.report import Finding, Report

_GITHUB_LEVELS = {"violation": "error", "warning": "warning", "info": "notice"}


def write(report: Report, form: str, *, lang: str = "en", limit: int | None = None) -> str:
    """The report in one of `kg.formats.REPORTS`. `limit` cuts text and annotations, and says so; data is never cut."""
    if form == "text":
        return _text(report, lang, limit)
    if form == "github":
        return _github(report, lang, limit)
    if form == "json":
        return _json(report, lang)
    if form == "turtle":
        return standard_report(report)
    return sarif_log(report, lang)


def _text(report: Report, lang: str, limit: int | None) -> str:
    lines: list[str] = []
    for finding in report.findings[:limit]:
        kind = "error" if finding.component is None and finding.severity == "violation" else finding.severity
        lines.append(f"{clean(finding.where)}: {kind}[{finding.rule}]: {clean(finding.message(lang))}")
        if finding.line is not None and finding.excerpt is not None:
            lines.extend(excerpt(finding))
        if finding.help:
            lines.append(f"  help: {clean(finding.help)}")
    if limit is not None and len(report.findings) > limit:
        lines.append(f"… {len(report.findings) - limit} more (--max shows them)")
    lines.append(_summary(report))
    return "\n".join(lines) + "\n"


def _summary(report: Report) -> str:
    if not report.findings:
        files = f"{len(report.files)} file{'s' * (len(report.files) != 1)}"
        return f"conforms: {files}, {report.triples} statements"
    parts = []
    for severity in ("violation", "warning", "info"):
        count = report.count(severity)
        if count:
            parts.append(f"{count} {severity}{'s' * (count != 1)}")
    named = {finding.file for finding in report.findings}
    grave = "" if report.count("violation") or report.unchecked else "conforms, with "
    return f"{grave}{', '.join(parts)} in {len(named)} file{'s' * (len(named) != 1)}"


def _json(report: Report, lang: str) -> str:
    def record(finding: Finding) -> dict[str, Any]:
        return {
            "file": finding.file,
            "line": finding.line,
            "column": finding.column,
            "endColumn": finding.end_column,
            "exact": finding.exact,
            "severity": finding.severity,
            "rule": finding.rule,
            "message": finding.message(lang),
            "messages": dict(finding.messages),
            "help": finding.help,
            "shape": finding.shape[1:-1] if finding.shape and finding.shape.startswith("<") else None,
            "component": finding.component and finding.component[1:-1],
            "focus": finding.focus,
            "path": finding.path,
            "value": finding.value,
        }

    whole = {
        "conforms": report.conforms,
        "files": list(report.files),
        "statements": report.triples,
        "notes": list(report.notes),
        "findings": [record(finding) for finding in report.findings],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _github(report: Report, lang: str, limit: int | None) -> str:
    lines = []
    for finding in report.findings[:limit]:
        fields = [f"file={_property(finding.file)}"]
        if finding.line is not None:
            fields.append(f"line={finding.line}")
            if finding.column is not None:
                fields.append(f"col={finding.column}")
                if finding.end_column is not None:
                    fields.append(f"endColumn={finding.end_column}")
        fields.append(f"title={_property(finding.rule)}")
        message = clean(finding.message(lang)) + (f" (help: {clean(finding.help)})" if finding.help else "")
        lines.append(f"::{_GITHUB_LEVELS[finding.severity]} {','.join(fields)}::{message.replace('%', '%25')}")
    if limit is not None and len(report.findings) > limit:
        lines.append(f"::notice::{len(report.findings) - limit} more findings (--max shows them)")
    return "".join(line + "\n" for line in lines)


def _property(text: str) -> str:
    for char, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        text = text.replace(char, code)
    return text


# Text as a terminal may show it: one line, nothing that moves the cursor, carets where they belong

_COLUMNS = 160  # of a source line that are shown
_JOINERS = "\u200c\u200d"  # Nordic text has none, but emoji and names do: they are drawn, not obeyed
_CONTROLS = ("Cc", "Cf", "Cs", "Zl", "Zp")


def clean(text: str) -> str:
    """`text` without control, line-ending or direction-changing characters; as many characters as before."""
    return "".join(
        "\ufffd" if unicodedata.category(char) in _CONTROLS and char not in _JOINERS else char
        for char in text.replace("\t", " ").replace("\n", " ").replace("\r", " ")
    )


def excerpt(finding: Finding) -> list[str]:
    """The source line with a line of carets under the token; a long line is cut around the token."""
    assert finding.excerpt is not None
    column = finding.column or 1
    width = max(1, (finding.end_column or column + 1) - column) if finding.column else 0
    text, start = finding.excerpt, 0
    if len(text) > _COLUMNS:
        start = max(0, min(column - 1 - _COLUMNS // 3, len(text) - _COLUMNS))
    shown = clean(text[start : start + _COLUMNS])
    gutter = f"{finding.line:>5} | "
    lines = [gutter + shown]
    if width:
        before = columns(shown[: column - 1 - start])
        marks = columns(shown[column - 1 - start : column - 1 - start + width])
        lines.append(" " * (len(gutter) - 2) + "| " + " " * before + "^" * max(1, marks))
    return lines


def columns(text: str) -> int:
    """Columns of a text on a terminal: wide characters take two, combining ones and joiners none."""
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me") or char in _JOINERS
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )


# SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for editors and code scanning

_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def _uri(file: str) -> str:
    return quote(File(file).as_posix(), safe="/:@!$&'()*+,;=~")


def sarif_log(report: Report, lang: str) -> str:
    """One run, one rule for each name of a finding, columns in code points."""
    rules: dict[str, dict[str, Any]] = {}
    results = []
    for finding in report.findings:
        if finding.rule not in rules:
            rules[finding.rule] = {
                "id": finding.rule,
                "shortDescription": {"text": finding.message(lang)},
                "defaultConfiguration": {"level": _LEVELS[finding.severity]},
            }
            if finding.shape and finding.shape.startswith("<"):
                rules[finding.rule]["helpUri"] = finding.shape[1:-1]
        physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding.file)}}
        if finding.line is not None:
            region: dict[str, Any] = {"startLine": finding.line}
            if finding.column is not None:
                region["startColumn"] = finding.column
                if finding.end_column is not None:
                    region["endColumn"] = finding.end_column
            if finding.excerpt is not None:
                region["snippet"] = {"text": finding.excerpt[:1000]}
            physical["region"] = region
        message = finding.message(lang) + (f"\nhelp: {finding.help}" if finding.help else "")
        result: dict[str, Any] = {
            "ruleId": finding.rule,
            "ruleIndex": list(rules).index(finding.rule),
            "level": _LEVELS[finding.severity],
            "message": {"text": message},
            "locations": [{"physicalLocation": physical}],
        }
        if finding.focus is not None:
            result["locations"][0]["logicalLocations"] = [
                {"fullyQualifiedName": finding.focus, "kind": "resource"}
            ]
        results.append(result)
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "kg validate",
                        "version": __version__,
                        "rules": list(rules.values()),
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


# The standard sh:ValidationReport in Turtle (SHACL 1.0, section 3.6)

_REPEATS = {"many": "zeroOrMorePath", "some": "oneOrMorePath", "maybe": "zeroOrOnePath"}


def standard_report(report: Report) -> str:
    """The results of shapes; the place of each, for which SHACL has no property, as a comment."""
    shapes = [finding for finding in report.findings if finding.component is not None]
    prefixes = {name: PREFIXES[name] for name in ("rdf", "rdfs", "sh", "xsd")}
    lines = [f"@prefix {name}: <{iri}> ." for name, iri in sorted(prefixes.items())]
    # What no shape says has no constraint component, which a sh:result must have: it is told as comments.
    others = [finding for finding in report.findings if finding.component is None]
    conforms = not shapes and not report.count("violation")
    lines += ["", f"[] a sh:ValidationReport ;\n    sh:conforms {str(conforms).lower()}"]
    for finding in others:
        told = f"{clean(finding.where)}: {finding.severity}[{finding.rule}]: {clean(finding.message())}"
        lines[-1] += f" ;\n    rdfs:comment {_string(told)}"
    for finding in shapes:
        rows = [
            "a sh:ValidationResult",
            f"sh:focusNode {_term(finding.focus)}",
            f"sh:resultSeverity {finding.severity_iri or 'sh:' + finding.severity.capitalize()}",
            f"sh:sourceConstraintComponent {_term(finding.component)}",
        ]
        if finding.shape:
            rows.append(f"sh:sourceShape {_term(finding.shape)}")
        if finding.path:
            rows.append(f"sh:resultPath {path_turtle(finding.path)}")
        if finding.value is not None:
            rows.append(f"sh:value {_term(finding.value)}")
        for tag, message in sorted(finding.messages.items()):
            rows.append(f"sh:resultMessage {_string(message)}{'@' + tag if tag else ''}")
        place = f"        # {clean(finding.where)}\n"
        lines[-1] += " ;\n    sh:result [\n" + place + " ;\n".join(f"        {row}" for row in rows) + "\n    ]"
    lines[-1] += " ."
    return "\n".join(lines) + "\n"


def _term(key: str | None) -> str:
    assert key is not None
    if not key.startswith('"'):
        return key if key.startswith("<") else "_:" + re.sub(r"[^A-Za-z0-9]", "", key)
    end = key.rindex('"')
    suffix = key[end + 1 :]
    return _string(key[1:end]) + ("" if suffix == f"^^<{PREFIXES['xsd']}string>" else suffix)


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\n", "\\n").replace("\r", "\\r")
    return '"' + re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", lambda m: f"\\u{ord(m[0]):04X}", escaped) + '"'


def path_turtle(path: str) -> str:
    """A property path in SPARQL's spelling as the RDF that SHACL writes for it."""
    return _described(read_spelling(path))


def _described(path: Path) -> str:
    if path.kind == "iri":
        return f"<{path.iri}>"
    parts = [_described(part) for part in path.parts]
    if path.kind == "sequence":
        return f"( {' '.join(parts)} )"
    if path.kind == "alternative":
        return f"[ sh:alternativePath ( {' '.join(parts)} ) ]"
    return f"[ sh:{_REPEATS.get(path.kind, 'inversePath')} {parts[0]} ]"
