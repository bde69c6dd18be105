"""XML that somebody else wrote: its elements with the lines they begin on, or a message where it is no XML.

Owns the limits of such a document and the refusal of everything that makes parsing dangerous: document type
declarations, entities, references to other files. defusedxml does the refusing; it is imported here alone.
Invariant: nothing outside the text is read, an entity is never expanded, and every failure names line and column.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from tui.exchange.source import ExchangeError, Source

MAX_CHARACTERS: Final = 16 << 20
"""Of one document. A subscription with the hundred VNets that it may have is a quarter of a megabyte."""
MAX_ELEMENTS: Final = 200_000
MAX_DEPTH: Final = 64


@dataclass(slots=True)
class Element:
    """One element. Names of other namespaces than its own are in Clark notation (`{namespace}name`)."""

    namespace: str
    name: str
    line: int
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text without blanks at both ends."""
        return "".join(self.pieces).strip()

    def named(self, name: str) -> Iterator[Element]:
        """Its children of one name, whatever their namespace is."""
        return (child for child in self.children if child.name == name)

    def attribute(self, name: str) -> str:
        """The value of an attribute without blanks at both ends; empty where there is none."""
        return self.attributes.get(name, "").strip()


class _Builder:
    """What the parser tells its events to: keeps the elements that are open."""

    def __init__(self, source: Source, before: str) -> None:
        self.source = source
        self.first_line = before.count("\n")
        self.first_column = len(before.rpartition("\n")[2])
        self.root: Element | None = None
        self.open: list[Element] = []
        self.number = 0
        self.expat: Any = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
        element = Element(namespace, name, self.expat.CurrentLineNumber + self.first_line, attributes)
        self.number += 1
        if self.number > MAX_ELEMENTS:
            self._refuse(element, f"more than {MAX_ELEMENTS} elements")
        if len(self.open) >= MAX_DEPTH:
            self._refuse(element, f"elements more than {MAX_DEPTH} deep")
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, tag: str) -> None:
        self.open.pop()

    def data(self, text: str) -> None:
        self.open[-1].pieces.append(text)

    def close(self) -> None:
        """The parser calls it at the end of the document."""

    def _refuse(self, element: Element, what: str) -> NoReturn:
        raise ExchangeError(
            f"{self.source.name}: line {element.line}: {what}, which no network configuration has",
            "choose the file that Azure's tools exported",
        )


def parse(source: Source) -> Element:
    """Return the root element of an XML document; blanks and a byte order mark before it do not matter.

    Raises ExchangeError with line and column for what is no XML, is too large or too deep, or declares a document
    type or an entity.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    text = source.text.lstrip("\ufeff \t\r\n")
    if len(text) > MAX_CHARACTERS:
        raise ExchangeError(
            f"{source.name}: more than {MAX_CHARACTERS >> 20} million characters of XML",
            "a network configuration is far smaller; choose the file that Azure's tools exported",
        )
    before = source.text[: len(source.text) - len(text)]
    builder = _Builder(source, before)
    parser: Any = DefusedXMLParser(target=builder, forbid_dtd=True)
    builder.expat = parser.parser
    try:
        parser.feed(text)
        parser.close()
    except DefusedXmlException:
        line = builder.expat.CurrentLineNumber + builder.first_line
        raise ExchangeError(
            f"{source.name}: line {line}: a document type or an entity is declared, and such files are not read",
            "delete the <!DOCTYPE …> part: a network configuration has none",
        ) from None
    except ParseError as error:
        raise _no_xml(source, builder, error) from None
    except UnicodeEncodeError:
        raise ExchangeError(f"{source.name}: holds characters that are no text", "export the file again") from None
    if builder.root is None:
        raise ExchangeError(f"{source.name}: no XML element in it", "export the file again")
    return builder.root


def _no_xml(source: Source, builder: _Builder, error: Any) -> ExchangeError:
    from xml.parsers.expat import ErrorString

    line, column = error.position
    column += builder.first_column if line == 1 else 0
    place = f"line {line + builder.first_line}, column {column + 1}"
    hint = "correct the file at this line, or export it again"
    if builder.open:
        last = builder.open[-1]
        hint = f'the element "{last.name}" that begins at line {last.line} is still open there; {hint}'
    return ExchangeError(f"{source.name}: {place}: no well-formed XML ({ErrorString(error.code)})", hint)
