"""The shapes of a validation: their files, the local files that these import, and what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pyoxigraph import NamedNode

from kg import formats
from kg.errors import Place, UsageError, nearest
from kg.files import shown
from kg.shacl import syntax
from kg.shacl.graph import OWL, TYPE, Graph, Index, Node, key
from kg.shacl.syntax import Fault
from kg.shacl.targets import target_classes, targeted
from kg.shacl.vocabulary import sh
from kg.terms import shorten
from kg.validation.inputs import Input, read, syntax_of
from kg.validation.report import Finding
from kg.validation.source_map import Locator, Question

_IMPORTS = OWL + "imports"
_LISTED = 3


class ShapesGraph:
    """Shapes files as one graph, with the place of what is wrong in them."""

    def __init__(self, given: tuple[Input, ...]) -> None:
        """Read the files and the local ones that they import. Raises Refused where one cannot be read."""
        self.given = given
        self.body = read(given, relative=True)
        while more := [
            source for source in map(_local, self._imports()) if source and source.name not in self._names()
        ]:
            self.body = read((*self.body.inputs, *more[:1]), relative=True)

    @property
    def index(self) -> Index:
        """The graph."""
        return self.body.index

    def refuse(self) -> None:
        """Raises UsageError, with place, for what makes the shapes unusable whatever the data."""
        self._raise(fault for fault in syntax.faults(self.index) if fault.severity == "violation")

    def refuse_ill_formed(self, error: Exception, surely: bool) -> None:
        """Raises UsageError where the shapes are ill-formed: where pyshacl failed with `error`, this is why.

        `surely`: pyshacl has refused the shapes. Where no rule tells more it is its words, at the shape.
        """
        faults = syntax.ill_formed(self.index)
        if surely and not faults:
            words = " ".join(str(error).split())
            faults = [Fault("shapes", words[:400], getattr(error, "shape", None) or "")]
        self._raise(faults)

    def findings(self) -> Iterator[Finding]:
        """What was not checked because of the shapes: unknown words, features, imports."""
        faults = [fault for fault in syntax.faults(self.index) if fault.severity != "violation"]
        faults += [
            Fault(
                "not-imported",
                f"<{iri.value}> is imported and was not read: what it says was not checked",
                key(subject),
                f"<{_IMPORTS}>",
                key(iri),
                "only local files are read: give it with --shapes FILE as well",
                "warning",
            )
            for subject, iri in self.index.pairs(_IMPORTS)
            if isinstance(iri, NamedNode) and iri in self._imports() and not self._has(iri)
        ]
        yield from map(self._finding, faults)

    def doubts(self) -> Iterator[Finding]:
        """Where shapes that were left to pyshacl whole are ill-formed, and it said nothing of that."""
        yield from (self._finding(fault._replace(severity="warning")) for fault in syntax.ill_formed(self.index))

    def unchecked(self, data: Graph, file: str) -> Finding:
        """That nothing of the data was looked at, and what the shapes look for."""
        wanted = dict(_wanted(self.index))
        if not wanted:
            names = ", ".join(source.name for source in self.given)
            return _warning(
                file, f"nothing was checked: no shape in {names} has a target", "give shapes with --shapes"
            )
        looked = "; ".join(list(wanted)[:_LISTED]) + ("; …" if len(wanted) > _LISTED else "")
        there = {_local_name(iri): iri for iri in _named(data)}
        near = (
            (iri, there[name])
            for iri in wanted.values()
            for name in nearest(_local_name(iri), there, 1)
            if there[name] != iri
        )
        meant = next(near, None)
        help = f"the shapes have {shorten(meant[0])}, the data {shorten(meant[1])}" if meant else None
        return _warning(file, f"nothing was checked: the shapes look for {looked}, and there is none", help)

    def _names(self) -> list[str]:
        return [source.name for source in self.body.inputs]

    def _imports(self) -> list[NamedNode]:
        """What is imported and is no part of the graph yet."""
        return [
            iri
            for _, iri in self.index.pairs(_IMPORTS)
            if isinstance(iri, NamedNode) and iri not in self.index.subjects(TYPE, NamedNode(OWL + "Ontology"))
        ]

    def _has(self, iri: NamedNode) -> bool:
        source = _local(iri)
        return source is not None and source.name in self._names()

    def _finding(self, fault: Fault) -> Finding:
        locator = Locator(self.body.inputs, self.body.blanks, bases=self.body.bases)
        question = Question(fault.focus, fault.predicate, fault.value)
        locator.prepare([question])
        answer = locator.find(question) if fault.focus else None
        finding = Finding.of(fault, self.given[0].name)
        return finding if answer is None else finding.at(answer.file, answer.spot, answer.exact)

    def _raise(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            found = self._finding(fault)
            raise UsageError(
                "shapes",
                fault.message,
                place=Place(found.file, found.line, found.column),
                excerpt=found.excerpt,
                help=fault.help or "mend the shapes",
            )


def _warning(file: str, message: str, help: str | None) -> Finding:
    return Finding(file, "warning", "nothing-checked", {"en": message}, help=help)


def _local(iri: NamedNode) -> Input | None:
    """The file that an IRI names, where it is one of this machine with RDF in it."""
    parts = urlsplit(iri.value)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    path = Path(unquote(parts.path))
    if not path.is_file() or formats.of_ending(path, formats.RDF) is None:
        return None
    name = shown(path)
    return Input(name, None, syntax_of(name))


def _wanted(shapes: Index) -> Iterator[tuple[str, str]]:
    """What the shapes look for: in words, and the IRI."""
    for shape in targeted(shapes):
        for kind in target_classes(shapes, shape):
            yield f"a {_shown(kind)}", str(kind.value)
    for name, words in (
        ("targetSubjectsOf", "what has"),
        ("targetObjectsOf", "a value of"),
        ("targetNode", "the node"),
    ):
        for _, value in shapes.pairs(sh(name)):
            yield f"{words} {_shown(value)}", str(value.value)


def _shown(node: Node) -> str:
    return shorten(node.value) if isinstance(node, NamedNode) else str(node.value)


def _named(data: Graph) -> Iterator[str]:
    """The classes and properties that data has."""
    yield from data.predicates()
    yield from (kind.value for _, kind in data.pairs(TYPE) if isinstance(kind, NamedNode))


def _local_name(iri: str) -> str:
    return iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :] or iri
