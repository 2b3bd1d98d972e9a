"""A report written for people, programs, editors and CI: text, JSON, Turtle, SARIF, GitHub annotations."""

from __future__ import annotations

import json
from typing import Any

from kg.validation.excerpts import clean, excerpt
from kg.validation.report import Finding, Report

FORMATS = ("text", "json", "turtle", "sarif", "github")
_GITHUB_LEVELS = {"violation": "error", "warning": "warning", "info": "notice"}


def write(report: Report, form: str, *, lang: str = "en", limit: int | None = None) -> str:
    """The report in one of FORMATS. `limit` cuts text and GitHub annotations, and says so; data is never cut."""
    if form == "text":
        return _text(report, lang, limit)
    if form == "github":
        return _github(report, lang, limit)
    if form == "json":
        return _json(report, lang)
    if form == "turtle":
        from kg.validation.standard import standard_report

        return standard_report(report)
    from kg.validation.sarif import sarif_log

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
    grave = "" if report.count("violation") else "conforms, with "
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
