"""What a validation found: findings with their places, in a stable order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kg.shacl.syntax import Fault
    from kg.turtle.places import Spot

SEVERITIES = ("violation", "warning", "info")
# What was not looked at: where a report has one of these, it does not say that anything conforms.
UNCHECKED = frozenset(
    ("shapes", "nothing-checked", "no-statement", "no-shacl-term", "not-carried-out", "not-imported")
)


class Finding(NamedTuple):
    """One thing that is wrong.

    `rule` is the name to look up: the local name of the shape, or the slug of an error (docs/errors.md).
    Terms (`focus`, `path`, `value`) are written as kg.turtle.triples writes keys; `path` is a property path
    in SPARQL's spelling. `messages` are by language tag, "" without one. Line and column count from 1; None
    where the syntax gives none. `exact` is False where the place is that of the subject only, found by search.
    """

    file: str
    severity: str
    rule: str
    messages: Mapping[str, str]
    line: int | None = None
    column: int | None = None
    end_column: int | None = None
    excerpt: str | None = None
    help: str | None = None
    shape: str | None = None
    component: str | None = None
    focus: str | None = None
    path: str | None = None
    value: str | None = None
    exact: bool = True
    severity_iri: str | None = None  # as the shape has it, where that is not one of the three

    def message(self, language: str = "en") -> str:
        """The message in `language`, else in English, else in the first language there is."""
        for tag in (language, "en", ""):
            if tag in self.messages:
                return self.messages[tag]
        return next(iter(self.messages.values()), "")

    @classmethod
    def of(cls, fault: Fault, file: str) -> Finding:
        """A fault of a file, without its place."""
        return cls(
            file,
            fault.severity,
            fault.rule,
            {"en": fault.message},
            help=fault.help,
            focus=fault.focus,
            path=fault.predicate,
            value=fault.value,
        )

    def at(self, file: str, spot: Spot, exact: bool) -> Finding:
        """The same at a place."""
        return self._replace(
            file=file,
            line=spot.line,
            column=spot.column,
            end_column=spot.column + spot.length,
            excerpt=spot.excerpt,
            exact=exact,
        )

    @property
    def where(self) -> str:
        """`file:line:column`, as far as they are known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    def order(self) -> tuple[object, ...]:
        """The sort key: by file and place, then by what is said."""
        return (
            self.file,
            self.line or 0,
            self.column or 0,
            SEVERITIES.index(self.severity),
            self.rule,
            self.focus or "",
            self.path or "",
            self.value or "",
            self.component or "",
            sorted(self.messages.items()),
        )


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one run, sorted; `files` are those that were checked, `engine` what decided.

    `compiled` shapes were evaluated here, and pyshacl decided on what they did not surely pass; `left` went to pyshacl
    whole. Where files are checked one by one, each counts.
    """

    findings: tuple[Finding, ...]
    files: tuple[str, ...] = ()
    triples: int = 0
    engine: str = "auto"
    notes: tuple[str, ...] = field(default=())
    compiled: int = 0
    left: int = 0

    @property
    def conforms(self) -> bool:
        """Whether nothing was found, not even an information."""
        return not self.findings

    @property
    def unchecked(self) -> bool:
        """Whether something was not looked at, so that nothing can be said to conform."""
        return any(finding.rule in UNCHECKED for finding in self.findings)

    def count(self, severity: str) -> int:
        """How many findings have this severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def fails(self, fail_on: str = "violation") -> bool:
        """Whether a finding is at least as grave as `fail_on` (violation, warning, info; never)."""
        if fail_on == "never":
            return False
        limit = SEVERITIES.index(fail_on)
        return any(SEVERITIES.index(finding.severity) <= limit for finding in self.findings)
