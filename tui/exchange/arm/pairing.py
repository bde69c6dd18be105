"""Templates and their parameters: which files belong together, and what a template makes with each set of them.

Owns the pairing by name, and what becomes of a folder that holds the parameters of several environments. Invariant:
values that contradict each other are never mixed: each file of parameters makes resources of its own, and where two
would make the same one differently, nothing is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from tui.exchange.arm.looks import looks_like_export
from tui.exchange.found import Found, Notice, Place
from tui.exchange.source import ExchangeError, Source

_TABLES: Final = ("vnets", "gateways", "local_gateways", "circuits", "connections", "peerings")


class Given(NamedTuple):
    """The values of parameters, by name, and the sources that give them."""

    names: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class Templates:
    """Templates and parameters: which belong together is known when all are there."""

    sources: list[Source] = field(default_factory=list)
    parameters: list[Source] = field(default_factory=list)

    def read(self, *, location: str | None, subscription: str, resource_group: str) -> Iterable[Found]:
        """Yield what each template makes; the arguments are what templates do not say themselves.

        Raises ExchangeError for what is none, and where two files of parameters make one resource differently.
        """
        from tui.exchange.arm import read
        from tui.exchange.arm.parameters import parameters_of

        given: dict[str, list[Given]] = {}
        for source in self.parameters:
            template = self._template_of(source)
            if template is None:
                text = "parameters without the template that they are for"
                yield Found(notices=(Notice("left out", text, Place(source.name)),))
            else:
                given.setdefault(template.name, []).append(Given(source.name, parameters_of(source)))
        default = {"location": location} if location is not None else {}
        for source in self.sources:
            made: list[tuple[Given, Found]] = []
            for one in _sets(given.get(source.name, [Given("", {})])):
                values = {**default, **one.values}
                made.append((one, read(source, values, subscription=subscription, resource_group=resource_group)))
            yield from _apart(source.name, made)
            if not looks_like_export(source.text):
                yield Found(planned=(source.name,))

    def _template_of(self, parameters: Source) -> Source | None:
        """The template whose name the parameters' name begins with; else the only one."""
        name = parameters.name.casefold()
        fitting = [one for one in self.sources if name.startswith(f"{_stem(one.name).casefold()}.")]
        if fitting:
            return max(fitting, key=lambda one: len(_stem(one.name)))
        return self.sources[0] if len(self.sources) == 1 else None


def _sets(given: list[Given]) -> list[Given]:
    """The sets of values with which a template is to be read: one, if no two files give one parameter two values."""
    known: dict[str, Any] = {}
    for one in given:
        for name, value in one.values.items():
            if known.setdefault(name.casefold(), value) != value:
                return given
    values = {name: value for one in given for name, value in one.values.items()}
    return [Given(", ".join(one.names for one in given), values)]


def _apart(template: str, made: list[tuple[Given, Found]]) -> Iterator[Found]:
    """What a template makes with each set of values. Raises ExchangeError where they make one thing differently."""
    if len(made) > 1:
        listed = ", ".join(one.names for one, _ in made)
        text = f"it was read once for each of its files of parameters, which differ: {listed}"
        yield Found(notices=(Notice("assumed", text, Place(template)),))
    told: set[Notice] = set()
    known: dict[tuple[object, ...], tuple[str, Any]] = {}
    for one, found in made:
        for table in _TABLES:
            for thing in getattr(found, table):
                owner = thing.vnet.folded if table == "peerings" else ()
                by, before = known.setdefault((table, thing.identity.folded, owner), (one.names, thing))
                if replace(before, place=thing.place) != thing:
                    raise _contradiction(template, thing.identity.name, by, one.names)
        yield replace(found, notices=tuple(notice for notice in found.notices if notice not in told))
        told.update(found.notices)


def _contradiction(template: str, name: str, first: str, second: str) -> ExchangeError:
    return ExchangeError(
        f'{second}: with these parameters {template} makes another "{name[:60]}" than with {first}',
        "import them one after the other, each together with the template and a --resource-group of its own",
    )


def _stem(name: str) -> str:
    """The name without its last ending: "deploy/azuredeploy" of "deploy/azuredeploy.json"."""
    head, dot, ending = name.rpartition(".")
    return head if dot and "/" not in ending else name
