"""The resource instances of a Terraform state or plan, from whichever shape they are written in.

Owns the shapes: a state of version 4, `terraform show -json` of a state, `terraform show -json` of a plan, and the
part of it that a person cut out. HCL and older states are told apart, with what to do about them.
Invariant: outputs, variables and what Terraform marks as sensitive are never looked at, and only instances that exist,
or that the plan will leave existing, are given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from tui.exchange.found import Notice, Place
from tui.exchange.json_elements import document
from tui.exchange.source import ExchangeError, Source
from tui.exchange.terraform.looks import SHOW, begins_as_configuration, configuration_refused

ModulePath: TypeAlias = tuple[tuple[str, str], ...]
"""The modules around an instance, outermost first: the name of each call, and its index as Terraform writes it."""

MAX_ADDRESS: Final = 300
_HCL_JSON: Final = frozenset({"resource", "data", "provider", "variable", "module", "locals", "terraform"})


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance of a resource or a data source."""

    type: str
    name: str
    """The name of its block in the configuration."""
    index: str | int | None
    """Its key under `for_each`, or its number under `count`."""
    data: bool
    """It is a data source: Terraform reads it and does not own it."""
    module: ModulePath
    values: Mapping[str, Any] = field(repr=False)
    place: Place
    """By its address."""


@dataclass(slots=True)
class Instances:
    """What a file holds: the instances, and the configuration that a plan has with it."""

    found: list[Instance] = field(default_factory=list)
    configuration: Mapping[str, Any] = field(default_factory=dict)
    changes: list[Any] = field(default_factory=list)
    planned: bool = False


def instances(source: Source, notices: list[Notice]) -> Instances:
    """Return the instances in a text; adds what is odd to `notices`.

    Raises ExchangeError for HCL, for a state older than version 4, and for what is no state or plan.
    """
    if not source.text.lstrip("\ufeff \t\r\n").startswith("{") and begins_as_configuration(source.text):
        raise configuration_refused(source.name)
    whole = document(source, notices)
    if not isinstance(whole, dict):
        raise ExchangeError(f"{source.name}: no Terraform state or plan", SHOW)
    place = Place(source.name)
    result = Instances()
    if _is_state(whole):
        _check_version(source.name, whole)
        result.found += _of_state(whole, place, notices)
    elif isinstance(whole.get("planned_values"), dict):
        _plan(whole, place, notices, result)
    elif isinstance(whole.get("values"), dict) or set(whole) & {"root_module", "child_modules"} or _is_module(whole):
        shown = whole["values"] if isinstance(whole.get("values"), dict) else whole
        result.found += _of_modules(shown.get("root_module", shown), place, notices, "values")
        # What was cut out of a plan: a state has ids.
        result.planned = shown is whole and not any("id" in instance.values for instance in result.found)
    elif "format_version" in whole and "resource" not in whole:
        notices.append(Notice("missing", "the state holds no resource", place))
    else:
        raise _no_state(source.name, whole)
    return result


def _is_state(whole: Mapping[str, Any]) -> bool:
    return "version" in whole and bool({"terraform_version", "lineage", "serial", "modules"} & set(whole))


def _is_module(whole: Mapping[str, Any]) -> bool:
    resources = whole.get("resources")
    return (
        isinstance(resources, list)
        and resources != []
        and all(isinstance(one, dict) and "values" in one for one in resources)
    )


def _no_state(name: str, whole: Mapping[str, Any]) -> ExchangeError:
    if "encrypted_data" in whole:
        return ExchangeError(f"{name}: this state is encrypted", SHOW)
    if _HCL_JSON & set(whole):
        return ExchangeError(f"{name}: this is Terraform configuration in JSON, not a state or a plan", SHOW)
    return ExchangeError(f"{name}: no Terraform state or plan", SHOW)


def _check_version(name: str, state: Mapping[str, Any]) -> None:
    version = state["version"]
    number = version if isinstance(version, int) and not isinstance(version, bool) else 0
    if number == 4:
        return
    if 0 < number < 4:
        raise ExchangeError(
            f"{name}: this Terraform state is of version {version}, from before Terraform 0.12; 4 is needed",
            "with Terraform 0.12 or newer run `terraform refresh`, which writes version 4, then `terraform state pull`",
        )
    raise ExchangeError(f"{name}: this Terraform state is of a version that is not known; 4 is", SHOW)


def _of_state(state: Mapping[str, Any], place: Place, notices: list[Notice]) -> Iterator[Instance]:
    for number, resource in enumerate(_list(state.get("resources"))):
        where = Place(place.source, f"resources[{number}]")
        if not isinstance(resource, dict) or not _is_text(resource, "type", "name"):
            notices.append(Notice("not understood", "a resource without a type and a name", where))
            continue
        kind, name, data = resource["type"], resource["name"], resource.get("mode") == "data"
        module = resource.get("module")
        for one in _list(resource.get("instances")):
            attributes = one.get("attributes") if isinstance(one, dict) else None
            if not isinstance(attributes, dict):
                notices.append(Notice("not understood", "an instance without attributes", where))
                continue
            index = _index(one.get("index_key"))
            address = _address(module if isinstance(module, str) else "", kind, name, index, data)
            made = Instance(kind, name, index, data, (), attributes, Place(place.source, address))
            if "deposed" in one:
                _tell_of_deposed(made, notices)
                continue
            if one.get("status") == "tainted":
                _tell_of_tainted(made, notices)
            yield made


def _of_modules(root: Any, place: Place, notices: list[Notice], path: str) -> Iterator[Instance]:
    """The instances of a module of `show -json` and of those in it."""
    below: list[tuple[Any, ModulePath, str, str]] = [(root, (), "", path)]
    while below:
        module, inside, prefix, path = below.pop()
        if not isinstance(module, dict):
            notices.append(Notice("not understood", "a module that is no object", Place(place.source, path)))
            continue
        for number, resource in enumerate(_list(module.get("resources"))):
            where = Place(place.source, f"{path}.resources[{number}]")
            if not isinstance(resource, dict) or not _is_text(resource, "type", "name"):
                notices.append(Notice("not understood", "a resource without a type and a name", where))
                continue
            values = resource.get("values")
            kind, name, data = resource["type"], resource["name"], resource.get("mode") == "data"
            index = _index(resource.get("index"))
            address = resource.get("address")
            shown = cut(address) if isinstance(address, str) else _address(prefix, kind, name, index, data)
            made = Instance(
                kind, name, index, data, inside, values if isinstance(values, dict) else {}, Place(place.source, shown)
            )
            if "deposed_key" in resource:
                _tell_of_deposed(made, notices)
                continue
            if resource.get("tainted") is True:
                _tell_of_tainted(made, notices)
            yield made
        children = _list(module.get("child_modules"))
        for number, child in reversed(list(enumerate(children))):
            address = child.get("address") if isinstance(child, dict) else None
            address = address if isinstance(address, str) else ""
            step = _step(address.removeprefix(prefix).removeprefix("."))
            below.append((child, (*inside, step), address, f"{path}.child_modules[{number}]"))


def _plan(plan: Mapping[str, Any], place: Place, notices: list[Notice], result: Instances) -> None:
    result.planned = True
    shown = plan["planned_values"]
    result.found += _of_modules(shown.get("root_module", {}), place, notices, "planned_values.root_module")
    prior = plan.get("prior_state")
    values = prior.get("values") if isinstance(prior, dict) else None
    if isinstance(values, dict):
        before = _of_modules(values.get("root_module", {}), place, [], "prior_state.values.root_module")
        result.found += [one for one in before if one.data]
    configuration = plan.get("configuration")
    root = configuration.get("root_module") if isinstance(configuration, dict) else None
    result.configuration = root if isinstance(root, dict) else {}
    result.changes = _list(plan.get("resource_changes"))
    if plan.get("errored") is True:
        notices.append(Notice("missing", "the plan ended with an error, and may lack resources", place))


def _step(address: str) -> tuple[str, str]:
    """The name and the index of a module call: `module.spoke["a"]`."""
    name, bracket, rest = address.removeprefix("module.").partition("[")
    return name, bracket + rest


def index_text(index: str | int | None) -> str:
    """An index as Terraform writes it after an address: `["a"]`, `[0]`, or nothing."""
    if index is None:
        return ""
    if isinstance(index, int):
        return f"[{index}]"
    escaped = index.replace("\\", "\\\\").replace('"', '\\"')
    return f'["{escaped}"]'


def _address(module: str, kind: str, name: str, index: str | int | None, data: bool) -> str:
    parts = [module] if module else []
    parts += ["data"] if data else []
    return cut(".".join([*parts, kind, name]) + index_text(index))


def cut(address: str) -> str:
    """An address as a message or a place may show it."""
    if not address.isascii():
        # JSON can name half of a surrogate pair, which no terminal can show.
        address = address.encode("utf-8", "replace").decode("utf-8")
    return address if len(address) <= MAX_ADDRESS else f"{address[: MAX_ADDRESS - 1]}…"


def _index(value: object) -> str | int | None:
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def _is_text(table: Mapping[str, Any], *keys: str) -> bool:
    return all(isinstance(table.get(key), str) for key in keys)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _tell_of_deposed(instance: Instance, notices: list[Notice]) -> None:
    notices.append(Notice("left out", "a deposed instance, which Terraform is going to destroy", instance.place))


def _tell_of_tainted(instance: Instance, notices: list[Notice]) -> None:
    notices.append(
        Notice("assumed", "a tainted instance, which Terraform will replace, is read as it is", instance.place)
    )
