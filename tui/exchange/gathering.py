"""Gathering: several sources, of whatever formats, read together.

Owns which reader gets which source, and which template gets which parameters. Files that stand in a folder that was
named need not be anything; one that was named itself must be.
Invariant: what was found does not depend on how it was spread over sources, and a source that cannot be read stops all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tui.exchange.decoding import decoded
from tui.exchange.found import Found, Notice, Place, together
from tui.exchange.recognition import Format, recognised
from tui.exchange.source import ExchangeError, Source
from tui.topology.model import State


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
    templates = _Templates()
    for name, data, asked_for in sources:
        reading(name)
        try:
            source = decoded(name, data)
            form = _form(source, forced)
            if form == "vnet-tui":
                raise ExchangeError(
                    f"{name}: this is a topology of vnet-tui already",
                    f"open it, or compare it: vnet-tui diff {name} OTHER",
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
    parts += templates.read(about or About())
    return Gathered(together(parts), tuple(formats))


def _left_out(name: str, error: ExchangeError) -> Found:
    return Found(notices=(Notice("left out", error.message.removeprefix(f"{name}: "), Place(name)),))


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


@dataclass(slots=True)
class _Templates:
    """Templates and parameters: which belong together is known when all are there."""

    sources: list[Source] = field(default_factory=list)
    parameters: list[Source] = field(default_factory=list)

    def read(self, about: About) -> Iterable[Found]:
        from tui.exchange.arm import read
        from tui.exchange.arm.template import parameters_of

        values: dict[str, Mapping[str, Any]] = {}
        for source in self.parameters:
            template = self._template_of(source)
            if template is None:
                text = "parameters without the template that they are for"
                yield Found(notices=(Notice("left out", text, Place(source.name)),))
            else:
                values[template.name] = {**values.get(template.name, {}), **parameters_of(source)}
        given = {"location": about.location} if about.location is not None else {}
        for source in self.sources:
            known = {**given, **values.get(source.name, {})}
            yield read(source, known, subscription=about.subscription, resource_group=about.resource_group)
            if not _is_export(source):
                yield Found(planned=(source.name,))

    def _template_of(self, parameters: Source) -> Source | None:
        """The template whose name the parameters' name begins with; else the only one."""
        name = parameters.name.casefold()
        fitting = [one for one in self.sources if name.startswith(f"{_stem(one.name).casefold()}.")]
        if fitting:
            return max(fitting, key=lambda one: len(_stem(one.name)))
        return self.sources[0] if len(self.sources) == 1 else None


def _is_export(template: Source) -> bool:
    """True for an answer of `exportTemplate`, which tells of what is there: the template stands in it as a part."""
    return re.match(r'\s*\{\s*"(template|output|error)"\s*:', template.text, re.IGNORECASE) is not None


def _stem(name: str) -> str:
    """The name without its last ending: "deploy/azuredeploy" of "deploy/azuredeploy.json"."""
    head, dot, ending = name.rpartition(".")
    return head if dot and "/" not in ending else name
