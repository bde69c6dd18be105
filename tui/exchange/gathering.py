"""Gathering: several sources, of whatever formats, read together.

Owns which reader gets which source. Files that stand in a folder that was named need not be anything; one that was
named itself must be.
Invariant: what was found does not depend on how it was spread over sources, and a source that cannot be read stops all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tui.exchange.arm.pairing import Templates
from tui.exchange.decoding import NotUtf8Error, decoded
from tui.exchange.found import Found, Notice, Place, together
from tui.exchange.recognition import Format, recognised
from tui.exchange.source import ExchangeError, Source
from tui.topology.model import State

_OF_EXCEL = "cp1252"


@dataclass(frozen=True, slots=True)
class About:
    """What templates do not say themselves, and the person may."""

    location: str | None = None
    """The region of the resource group that a template is for."""
    resource_group: str = ""
    subscription: str = ""
    """The id of the subscription."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What all sources tell together."""

    found: Found
    formats: tuple[tuple[str, Format], ...]
    """Each source that was read, with its format."""

    @property
    def state(self) -> State:
        """What its things are: planned where all of it was read from templates and plans, else deployed."""
        told = [name for name, form in self.formats if form != "arm-parameters"]
        return "planned" if told and set(told) <= set(self.found.planned) else "deployed"


def gathered(
    sources: Iterable[tuple[str, bytes, bool]],
    *,
    forced: Format | None = None,
    about: About | None = None,
    reading: Callable[[str], None] = lambda name: None,
) -> Gathered:
    """Return what `sources` tell: each a name, its bytes, and whether it was asked for by that name.

    `forced`: the format of all of them, where they are not to be recognised. `reading` is told each name.
    Raises ExchangeError, with the name of the source, for what cannot be read.
    """
    parts: list[Found] = []
    formats: list[tuple[str, Format]] = []
    templates = Templates()
    for name, data, asked_for in sources:
        reading(name)
        try:
            source, form = _decoded(name, data, forced, parts)
            if form == "vnet-tui":
                raise ExchangeError(
                    f"{name}: this is a topology of vnet-tui already",
                    "open it, or compare it (vnet-tui diff, K in the editor)",
                )
        except ExchangeError as error:
            if asked_for:
                raise
            parts.append(_left_out(name, error))
            continue
        if form == "arm":
            templates.sources.append(source)
        elif form == "arm-parameters":
            templates.parameters.append(source)
        else:
            try:
                parts.append(_read(source, form))
            except ExchangeError as error:
                # Data that breaks off is no other thing: what is missing of it would look as if it were not in Azure.
                if asked_for or source.text[:1000].lstrip()[:1] in ("{", "[", "<"):
                    raise
                parts.append(_left_out(name, error))
                continue
        formats.append((name, form))
    about = about or About()
    parts += templates.read(
        location=about.location, subscription=about.subscription, resource_group=about.resource_group
    )
    return Gathered(together(parts), tuple(formats))


def _left_out(name: str, error: ExchangeError) -> Found:
    return Found(notices=(Notice("left out", error.message.removeprefix(f"{name}: "), Place(name)),))


def _decoded(name: str, data: bytes, forced: Format | None, parts: list[Found]) -> tuple[Source, Format]:
    """The text of a source and its format. A table may be in the encoding in which Excel saves it unless told."""
    try:
        source = decoded(name, data)
        return source, _form(source, forced)
    except NotUtf8Error:
        try:
            source = decoded(name, data, _OF_EXCEL)
            form = _form(source, forced)
        except ExchangeError:
            form = None
        if form != "csv":
            raise
    text = "the table is no UTF-8 text and was read as Windows-1252; if letters are wrong, save it as CSV UTF-8"
    parts.append(Found(notices=(Notice("assumed", text, Place(name)),)))
    return source, form


def _form(source: Source, forced: Format | None) -> Format:
    if forced is None:
        return recognised(source)
    # Parameters belong to templates, and are never templates themselves.
    return "arm-parameters" if forced == "arm" and _are_parameters(source) else forced


def _are_parameters(source: Source) -> bool:
    try:
        return recognised(source) == "arm-parameters"
    except ExchangeError:
        return False


def _read(source: Source, form: Format) -> Found:
    # Each reader is imported when a source needs it: the XML reader alone costs more than most files.
    match form:
        case "azure-json":
            from tui.exchange.azure_json import read
        case "terraform":
            from tui.exchange.terraform.reading import read
        case "netcfg":
            from tui.exchange.netcfg.reading import read
        case "csv":
            from tui.exchange.spreadsheet.reading import read
        case "arm" | "arm-parameters" | "vnet-tui":
            raise AssertionError(f"{form} is not read here")
    return read(source)
