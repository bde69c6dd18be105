"""Unrolling: which resources a template makes, before their properties are looked at.

Owns the walk over the resources of a template and of the templates within it: copy loops, conditions, children in
resources, symbolic names. Properties are evaluated later and only where they matter, for by then every resource that
reference() may ask for is known. Invariant: a resource has a name and an id, or it is left out and told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from tui.exchange.arm.document import field
from tui.exchange.arm.expressions import is_expression
from tui.exchange.arm.ids import group_id, paired, tenant_id
from tui.exchange.arm.parameters import declared_functions, declared_parameters, given_values
from tui.exchange.arm.scope import NOWHERE, TOO_DEEP, Reachable, Scope, Surroundings, Target
from tui.exchange.arm.settling import TemplateNotices
from tui.exchange.arm.values import MAX_DEPTH, FunctionError, Lazy, NotKnown, Value, without_marks
from tui.exchange.found import Notice, Place
from tui.exchange.json_paths import within

DEPLOYMENT = "microsoft.resources/deployments"
GROUP = "microsoft.resources/resourcegroups"
_LEVELS_OF_NESTING = 12
NO_REGION = NotKnown(
    "the region of the resource group is not told by a template: give it on the command line (--location westeurope),"
    ' or as the parameter "location": {"value": "westeurope"} in a parameters file',
    "region",
)


@dataclass(slots=True)
class Resource:
    """One resource that the template makes."""

    path: str
    raw: dict[str, Any]
    type: str
    name: str | NotKnown
    """With the names of its parents: "vnet/subnet"; without marks."""
    id: str
    """Empty where the name is not known. It may hold marks."""
    scope: Scope
    around: Surroundings
    inner: Lazy | None = None
    """Of a deployment: what the template in it makes."""


class Spot(NamedTuple):
    """Where in a template a resource stands, and with which values its expressions are evaluated."""

    scope: Scope
    target: Target
    around: Surroundings = NOWHERE
    parent: Resource | None = None


@dataclass(slots=True)
class Unrolled:
    """The resources of one template, and its outputs."""

    resources: list[Resource]
    outputs: Lazy
    """{name: {"value": …}}."""


class Unroller:
    """Unrolls one source."""

    def __init__(self, notices: TemplateNotices, matters: Callable[[str], object]) -> None:
        self._notices = notices
        self._matters = matters
        """Which folded types are told of when they are left out."""
        self._regions: dict[str, Lazy] = {}
        """The regions of the resource groups that the source itself makes."""

    def unrolled(self, template: dict[str, Any], path: str, scope: Scope, target: Target) -> Unrolled:
        """Return the resources of a template and of those within it, in the order of their appearance."""
        resources = list(self._resources(field(template, "resources"), f"{path}resources", Spot(scope, target)))
        for one in resources:
            if one.inner is not None:
                one.inner.value()
        return Unrolled(resources, Lazy(lambda: _outputs(field(template, "outputs"), scope), "an output"))

    def _resources(self, raw: Any, path: str, spot: Spot) -> Iterator[Resource]:
        if isinstance(raw, dict):
            for symbol, one in raw.items():
                yield from self._copies(one, within(path, symbol), symbol, spot)
        elif isinstance(raw, list):
            for index, one in enumerate(raw):
                yield from self._copies(one, f"{path}[{index}]", "", spot)
        elif raw is not None:
            self._tell("the resources are neither a list nor an object", path)

    def _tell(self, text: str, path: str) -> None:
        self._notices.tell(Notice("not understood", text, Place(self._notices.source, path)))

    def _copies(self, raw: Any, path: str, symbol: str, spot: Spot) -> Iterator[Resource]:
        spot.scope.work.step()
        type_ = field(raw, "type")
        if not isinstance(raw, dict) or not isinstance(type_, str) or is_expression(type_):
            self._tell("this resource has no type", path)
            return
        type_ = _full_type(type_, spot.parent)
        loop = field(raw, "copy")
        if not isinstance(loop, dict):
            yield from self._one(raw, path, type_, symbol, spot)
            return
        count = spot.scope.count_of(loop, spot.around)
        if isinstance(count, NotKnown):
            self._leave_out(count, within(path, "copy"), type_, "how often it is copied")
            return
        name = field(loop, "name")
        for index in range(count):
            around = spot.around.within(name if isinstance(name, str) else "", index, of_resource=True)
            named = f"{symbol}[{index}]" if symbol else ""
            yield from self._one(raw, path, type_, named, spot._replace(around=around))

    def _leave_out(self, why: NotKnown, path: str, type_: str, what: str) -> None:
        if self._matters(type_.casefold()):
            self._notices.unknown(why, path, f"a {type_[:120]} is left out, because {what} is not known")

    def _one(self, raw: dict[str, Any], path: str, type_: str, symbol: str, spot: Spot) -> Iterator[Resource]:
        scope, target, around, _ = spot
        condition = scope.expanded(field(raw, "condition"), around) if field(raw, "condition") is not None else True
        if condition is False or (isinstance(condition, str) and condition.casefold() == "false"):
            return
        if condition is not True and not (isinstance(condition, str) and condition.casefold() == "true"):
            why = condition if isinstance(condition, NotKnown) else NotKnown("it is neither true nor false")
            self._leave_out(why, within(path, "condition"), type_, "its condition")
            return
        name = self._name(raw, type_, spot)
        one = Resource(path, raw, type_, name, "", scope, around)
        exists = field(raw, "existing") is True
        if not isinstance(name, NotKnown):
            own = self._target(raw, spot) if exists else target
            if isinstance(own, NotKnown):
                return
            one.id = _id_of(type_, name, own)
        if type_.casefold() == DEPLOYMENT and not exists:
            one.inner = Lazy(lambda: self._nested(one, target), "the deployment")
        self._make_reachable(one, symbol)
        if exists:
            return
        if isinstance(name, NotKnown) and one.inner is None:
            self._leave_out(name, within(path, "name"), type_, "its name")
        yield one
        # A template may nest as deep as JSON does; every level here is a few calls of Python.
        if scope.work.depth + 2 > MAX_DEPTH:
            self._notices.unknown(TOO_DEEP, path)
            return
        scope.work.depth += 2
        try:
            inner = spot._replace(parent=one)
            yield from self._resources(field(raw, "resources"), within(path, "resources"), inner)
        finally:
            scope.work.depth -= 2

    def _name(self, raw: dict[str, Any], type_: str, spot: Spot) -> str | NotKnown:
        parent = spot.parent
        name = spot.scope.expanded(field(raw, "name"), spot.around)
        if isinstance(name, NotKnown):
            return name
        if not isinstance(name, str) or not name:
            return NotKnown("it is no text")
        name = without_marks(name)
        if isinstance(name, NotKnown):
            return name
        # Nested in its parent a child's name is short; with its type in full, it may be in full as well.
        is_nested = parent is not None and type_.casefold().startswith(f"{parent.type.casefold()}/")
        if parent is not None and is_nested and name.count("/") + 1 < type_.count("/"):
            if isinstance(parent.name, NotKnown):
                return parent.name
            name = f"{parent.name}/{name}"
        try:
            paired(type_, [name])
        except FunctionError as error:
            return NotKnown(str(error))
        return name

    def _target(self, raw: dict[str, Any], spot: Spot) -> Target | NotKnown:
        """Return where a deployment or an existing resource is: its own subscription and group, if it names them."""
        target = spot.target
        subscription, group = field(raw, "subscriptionId"), field(raw, "resourceGroup")
        values = []
        for own, default in ((subscription, target.subscription), (group, target.group)):
            value = default if own is None else spot.scope.expanded(own, spot.around)
            if isinstance(value, NotKnown):
                return value
            if not isinstance(value, str):
                return NotKnown("it is no text")
            values.append(value)
        if values == [target.subscription, target.group]:
            return target
        known = self._regions.get(values[1].casefold())
        return Target(values[0], values[1], known.value() if known else NO_REGION)

    def _make_reachable(self, one: Resource, symbol: str) -> None:
        inner = one.inner
        # The name of a deployment matters to nobody; where it is not known, neither is the id.
        name = one.name if isinstance(one.name, str) else ""
        own = {"id": one.id, "name": name, "type": one.type} if name else {"type": one.type}

        def full() -> Value:
            if inner is not None:
                made = inner.value()
                if not isinstance(made, Unrolled):
                    return made
                return {**own, "properties": {"outputs": made.outputs.value()}}
            properties = one.scope.expanded(field(one.raw, "properties"), one.around)
            location = one.scope.expanded(field(one.raw, "location"), one.around)
            return {**own, "location": location, "properties": properties}

        reachable = Reachable(one.id, Lazy(full, "the resource"), inner is not None)
        if symbol:
            one.scope.symbols[symbol.casefold()] = reachable
        if not name:
            self._make_reachable_unnamed(one, reachable)
            return
        one.scope.ids.setdefault(one.id.casefold(), reachable)
        same = one.scope.names.get(name.casefold(), reachable)
        one.scope.names[name.casefold()] = reachable if same and same.id.casefold() == one.id.casefold() else None
        if one.type.casefold() == GROUP:
            raw, scope, around = one.raw, one.scope, one.around
            region = Lazy(lambda: scope.expanded(field(raw, "location"), around), "the region")
            self._regions.setdefault(name.casefold(), region)

    def _make_reachable_unnamed(self, one: Resource, reachable: Reachable) -> None:
        written = field(one.raw, "name")
        if isinstance(written, str) and is_expression(written) and not one.around.loops:
            node = one.scope.node_of(written)
            if not isinstance(node, NotKnown):
                key = (one.type.casefold(), node)
                one.scope.unnamed[key] = None if key in one.scope.unnamed else reachable

    def _nested(self, one: Resource, target: Target) -> Unrolled | NotKnown:
        """Unrolled the template in a deployment."""
        properties = field(one.raw, "properties")
        path = within(one.path, "properties")
        template = field(properties, "template")
        if not isinstance(template, dict):
            text = "a linked template is not in this file: import it as well"
            self._notices.tell(Notice("missing", text, Place(self._notices.source, within(path, "templateLink"))))
            return NotKnown("the linked template is not in this file")
        own = self._target(one.raw, Spot(one.scope, target, one.around))
        if isinstance(own, NotKnown):
            self._notices.unknown(own, one.path, "what is deployed here is left out, because its group is not known")
            return own
        work = one.scope.work
        if work.depth + _LEVELS_OF_NESTING > MAX_DEPTH:
            self._notices.unknown(TOO_DEEP, path)
            return TOO_DEEP
        work.depth += _LEVELS_OF_NESTING
        try:
            options = field(field(properties, "expressionEvaluationOptions"), "scope")
            if isinstance(options, str) and options.casefold() == "inner":
                scope = _inner_scope(one, template, field(properties, "parameters"), own)
            else:
                scope = one.scope.for_nested()
            return self.unrolled(template, f"{within(path, 'template')}.", scope, own)
        finally:
            work.depth -= _LEVELS_OF_NESTING


def _outputs(raw: Any, scope: Scope) -> dict[str, Value]:
    outputs: dict[str, Value] = {}
    for name, output in raw.items() if isinstance(raw, dict) else ():
        loop = field(output, "copy")
        if str(field(output, "type")).casefold().startswith("secure"):
            value = NotKnown(f'the output "{name[:80]}" is a secret', "secret")
        elif isinstance(loop, dict):
            value = scope.repeated(loop, NOWHERE)
        else:
            value = scope.expanded(field(output, "value"), NOWHERE)
        outputs[name] = {"value": value}
    return outputs


def _inner_scope(one: Resource, template: dict[str, Any], raw: Any, target: Target) -> Scope:
    def given(value: Any) -> Any:
        return lambda: value if isinstance(value, NotKnown) else one.scope.expanded(value, one.around)

    values = {name.casefold(): given(value) for name, value in given_values(raw).items()}
    return scope_of(template, values, replace(one.scope, target=target))


def scope_of(template: dict[str, Any], given: dict[str, Any], outer: Scope) -> Scope:
    """Return the scope of a template that has parameters and variables of its own."""
    defined = [field(template, name) for name in ("parameters", "variables", "functions", "outputs")]
    outer.work.step(len(given) + sum(len(one) for one in defined if isinstance(one, dict | list)))
    scope = Scope(outer.work, outer.target, outer.ids)
    scope.parameters = declared_parameters(template, given, lambda: scope)
    scope.functions = declared_functions(template)
    scope.define_variables(field(template, "variables"))
    return scope


def _full_type(type_: str, parent: Resource | None) -> str:
    """A child's type is short ("subnets"), unless it is written in full all the same."""
    type_ = type_.strip("/")
    return type_ if parent is None or "." in type_.partition("/")[0] else f"{parent.type}/{type_}"


def _id_of(type_: str, name: str, target: Target) -> str:
    if type_.casefold() == GROUP:
        return group_id(target.subscription, name)
    return f"{group_id(target.subscription, target.group)}{tenant_id([type_, name])}"
