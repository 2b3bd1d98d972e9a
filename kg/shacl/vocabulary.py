"""The terms of SHACL 1.0: which are compiled, and which constrain nothing by themselves."""

from __future__ import annotations

SH = "http://www.w3.org/ns/shacl#"


def sh(name: str) -> str:
    """The IRI of a term of the SHACL vocabulary."""
    return SH + name


TARGETS = tuple(sh(name) for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"))
SPARQL = sh("sparql")
SILENT = frozenset(
    sh(name)
    for name in [
        "name",
        "description",
        "message",
        "severity",
        "order",
        "group",
        "defaultValue",
        "path",
        "flags",
        "ignoredProperties",
        "targetClass",
        "targetNode",
        "targetSubjectsOf",
        "targetObjectsOf",
        "deactivated",
        "qualifiedMinCount",
        "qualifiedMaxCount",
        "qualifiedValueShapesDisjoint",
    ]
)
KNOWN = frozenset(
    [
        "minCount",
        "maxCount",
        "datatype",
        "nodeKind",
        "class",
        "minLength",
        "maxLength",
        "pattern",
        "languageIn",
        "in",
        "hasValue",
        "uniqueLang",
        "minInclusive",
        "minExclusive",
        "maxInclusive",
        "maxExclusive",
        "equals",
        "disjoint",
        "lessThan",
        "lessThanOrEquals",
        "closed",
        "sparql",
        "node",
        "property",
        "and",
        "or",
        "xone",
        "not",
        "qualifiedValueShape",
    ]
)
# Parameters that may be given several times, each a constraint of its own.
MANY = frozenset(
    [
        "class",
        "hasValue",
        "equals",
        "disjoint",
        "lessThan",
        "lessThanOrEquals",
        "node",
        "property",
        "and",
        "or",
        "xone",
        "not",
        "sparql",
    ]
)
OF_PROPERTIES = frozenset(
    ["minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape"]
)
