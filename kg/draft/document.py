"""A document as a text to read: plain text, HTML (its main text), PDF with text, or what stands on stdin.

The encoding is told by rules, so that a text never changes with the version of a library: a byte order mark; else
UTF-8 where the bytes are that, which no text of another encoding is by chance; else what a page declares of itself;
else Windows-1252, which is what a Nordic Latin-1 text is.

Anchors count code points of `Document.text`. For a plain text in UTF-8 that is the file as it stands; for
everything else it is the text that was taken out of the file, which is kept beside the draft.
"""

from __future__ import annotations

import codecs
import io
import logging
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from kg.errors import WorldError
from kg.evidence import sha256

# One look decides: a file of another kind is told by its first bytes, whatever its name says.
_PDF = b"%PDF-"
_HTML = re.compile(r"\ufeff?\s*(?:<!doctype html|<html|<\?xml[^>]*>\s*<!doctype html)", re.IGNORECASE)
_XML = re.compile(r"\A\ufeff?\s*<\?xml[^>]*>")
_MOST_BYTES = 200_000_000
_DECLARED = re.compile(
    rb"(?:<meta\b[^>]*?\bcharset|<\?xml\b[^>]*?\bencoding|^content-type:[^\r\n]*?\bcharset)"
    rb"\s*=\s*[\"']?\s*([\w.:-]{1,40})",
    re.IGNORECASE | re.MULTILINE,
)
# Python has codecs that are no character sets (rot13, unicode_escape); these are.
_KNOWN = re.compile(r"utf-8|cp125\d|cp8\d\d|iso8859-\d+|mac-\w+|koi8-\w")
_LANG = re.compile(r"<html[^>]*?\slang\s*=\s*[\"']?([a-z]{2})", re.IGNORECASE)
_HTML_LANGUAGES = {"da": "da", "nb": "nb", "no": "nb", "nn": "nn", "sv": "sv", "en": "en"}


@dataclass(frozen=True, slots=True)
class Document:
    """A text that was read. `checksums`: SHA-256 of the file's bytes, and of the text in UTF-8."""

    name: str
    text: str
    title: str
    language: str | None
    data: bytes

    @property
    def checksum(self) -> str:
        """The SHA-256 of the text that anchors count in, as UTF-8."""
        return sha256(self.text.encode("utf-8"))

    @property
    def checksums(self) -> tuple[str, str]:
        """Every checksum that may stand for this text: the text's and the file's."""
        return self.checksum, sha256(self.data)

    @property
    def as_it_stands(self) -> bool:
        """Whether the text is the file itself, so that no other copy of it is needed."""
        return self.checksums[0] == self.checksums[1]


def read_document(name: str) -> Document:
    """The document in the file `name`, or on standard input for "-".

    Raises WorldError where the file cannot be read, or has no text in it.
    """
    if name == "-":
        data = sys.stdin.buffer.read()
    else:
        try:
            with Path(name).open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise WorldError("file", f"cannot read {name}: {reason}", help="check the path") from None
    if len(data) > _MOST_BYTES:
        raise WorldError("size", f"{name}: more than {_MOST_BYTES // 10**6} MB", help="cut it into parts")
    return document_of(name, data)


def document_of(name: str, data: bytes) -> Document:
    """The document that these bytes are. Raises WorldError where there is no text in them."""
    if data.startswith(_PDF) or _PDF in data[:1024]:
        text, title = _pdf(name, data)
        language = None
    else:
        text, title, language = _plain(name, data), "", None
        if _HTML.match(text[:2048]) or name.lower().endswith((".html", ".htm")):
            declared = _LANG.search(text[:4096])
            language = _HTML_LANGUAGES.get(declared[1].lower()) if declared else None
            text, title = _html(name, text)
    if not text.strip():
        raise WorldError("empty", f"{name}: there is no text in it")
    return Document(name, text, title or _first_line(text), language, data)


def _plain(name: str, data: bytes) -> str:
    """The text of a file: UTF-8 as it stands, else in the encoding that it declares, or Windows-1252."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = data.decode(_declared(data[:4096]) or "cp1252", "replace")
    if "\0" in text:
        raise WorldError("binary", f"{name}: not a text", help="a .txt, .html or .pdf file with text in it")
    return text


def _declared(head: bytes) -> str | None:
    """The encoding that a page declares in its first bytes, or None where it declares none that is known."""
    if not (declared := _DECLARED.search(head)):
        return None
    try:
        encoding = codecs.lookup(declared[1].decode()).name
    except (LookupError, UnicodeDecodeError):
        return None
    # Pages that say Latin-1 or ASCII mean Windows-1252, as the Encoding Standard has it.
    return None if encoding in ("iso8859-1", "ascii") or not _KNOWN.fullmatch(encoding) else encoding


def _html(name: str, page: str) -> tuple[str, str]:
    """The main text of a page, without menus and footers, and its title."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    # A declared encoding has been heeded, and would stop the reader of a text that has none.
    page = _XML.sub("", page, count=1)
    text = trafilatura.extract(
        page, include_comments=False, include_tables=True, favor_recall=True, output_format="txt"
    )
    title = ""
    if written := re.search(r"<title[^>]*>([^<]{1,300})", page, re.IGNORECASE):
        import html

        title = " ".join(html.unescape(written[1]).split())
    if not text:
        raise WorldError(
            "no-main-text",
            f"{name}: no main text was found on the page",
            help="save the text as .txt and draft that",
        )
    return text + "\n", title


def _pdf(name: str, data: bytes) -> tuple[str, str]:
    """The text of a PDF, page after page, and its title. Raises WorldError for a scan or a locked file."""
    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise WorldError("pdf", f"{name}: the PDF is locked", help="save it without a password")
        pages = [page.extract_text() for page in reader.pages]
        title = str((reader.metadata and reader.metadata.title) or "")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        what = " ".join(str(error).split())[:120]
        raise WorldError("pdf", f"{name}: not a PDF that can be read: {what}") from None
    text = "\n\n".join(page.strip("\n") for page in pages).encode("utf-8", "replace").decode("utf-8")
    if not any(character.isalnum() for character in text):
        raise WorldError(
            "no-text",
            f"{name}: the PDF has no text, only pictures of it",
            help="run it through OCR first (ocrmypdf)",
        )
    return text + "\n", " ".join(title.split())


def _first_line(text: str) -> str:
    """The first line with words in it, but for one that only leads to the next ("Statsbudsjettet 2031:")."""
    first = ""
    for line in text[:20_000].splitlines():
        if words := line.strip(" \t\ufeff#*_-–")[:200]:
            if not words.endswith(":"):
                return words
            first = first or words
    return first
