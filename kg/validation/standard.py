"""The standard sh:ValidationReport in Turtle (SHACL 1.0, section 3.6)."""

from __future__ import annotations

import re

from kg.terms import PREFIXES
from kg.validation.excerpts import clean
from kg.validation.paths import Path
from kg.validation.report import Report
from kg.validation.spelling import read_spelling

_REPEATS = {"many": "zeroOrMorePath", "some": "oneOrMorePath", "maybe": "zeroOrOnePath"}


def standard_report(report: Report) -> str:
    """The results of shapes; the place of each, for which SHACL has no property, as a comment."""
    shapes = [finding for finding in report.findings if finding.component is not None]
    prefixes = {name: PREFIXES[name] for name in ("rdf", "sh", "xsd")}
    lines = [f"@prefix {name}: <{iri}> ." for name, iri in sorted(prefixes.items())]
    conforms = "false" if shapes else "true"
    lines += ["", f"[] a sh:ValidationReport ;\n    sh:conforms {conforms}"]
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
