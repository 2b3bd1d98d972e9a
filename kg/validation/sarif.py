"""The report as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for editors and code scanning."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kg import __version__
from kg.validation.report import Report

_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def _uri(file: str) -> str:
    return quote(Path(file).as_posix(), safe="/:@!$&'()*+,;=~")


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
