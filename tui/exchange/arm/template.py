"""Templates: the resources of an ARM template as Azure would answer them, as far as the template tells.

Owns what is evaluated of a resource and in which form it is handed on: the fields of Azure's own answers, so that one
reader understands both. Invariant: a value is evaluated or missing with a notice; it is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from tui.exchange.arm.document import field, is_parameters, json_of, template_in, told_of_export
from tui.exchange.arm.parameters import IN_KEY_VAULT, given_values
from tui.exchange.arm.scope import Scope, Target
from tui.exchange.arm.settling import TemplateNotices, settled
from tui.exchange.arm.unrolling import DEPLOYMENT, NO_REGION, Resource, Unrolled, Unroller, scope_of
from tui.exchange.arm.values import GROUP_MARK, SUBSCRIPTION_MARK, NotKnown, Work, without_marks
from tui.exchange.found import Notice, Place
from tui.exchange.json_paths import within
from tui.exchange.source import ExchangeError, Source
from tui.topology.catalog import region_name

_MATTERS = re.compile(
    r"microsoft\.network/(?:virtualnetworks(?:/subnets|/virtualnetworkpeerings)?|virtualnetworkgateways"
    r"|localnetworkgateways|connections|expressroutecircuits|virtualwans|virtualhubs(?:/hubvirtualnetworkconnections)?"
    r"|vpngateways(?:/vpnconnections)?|vpnsites|expressroutegateways|p2svpngateways)|microsoft\.resources/deployments"
)
_FIELDS = ("location", "tags", "sku", "properties")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Evaluated(NamedTuple):
    """What a template makes."""

    resources: tuple[tuple[str, dict[str, Any]], ...]
    """Each with its JSON path: {"id", "type", "name", "location", "tags", "sku", "properties"}. The name is the last
    one of the id, as in Azure's answers; parts of an id that a template does not tell are empty. A resource of a type
    that a topology has no place for has no properties, and where its name is not known, no name and id either."""
    notices: tuple[Notice, ...]


def evaluated(
    source: Source, parameters: Mapping[str, Any] = _NOTHING, *, subscription: str = "", resource_group: str = ""
) -> Evaluated:
    """Return the resources that a template makes with these parameters (values by name, as `parameters_of` gives).

    The parameter "location" is the region of the resource group too. `subscription` and `resource_group` say where the
    template is deployed to, if that is known. Raises ExchangeError where the source holds no template, or one that
    makes too much.
    """
    read: list[Notice] = []
    document = json_of(source, read)
    template = template_in(document)
    if template is None:
        raise _no_template(source, document)
    notices = TemplateNotices(source.name)
    for notice in [*read, *told_of_export(document, source.name)]:
        notices.tell(notice)
    values = {**given_values(template.parameters), **parameters}
    for name, value in values.items():
        if value is IN_KEY_VAULT:
            text = f'the parameter "{name[:80]}" is kept in a Key Vault and is not read'
            notices.tell(Notice("secret", text, Place(source.name, f"{template.path}parameters")))
    location = next((value for name, value in values.items() if name.casefold() == "location"), None)
    target = Target(
        subscription or SUBSCRIPTION_MARK,
        resource_group or GROUP_MARK,
        region_name(location) if isinstance(location, str) and location else NO_REGION,
    )
    given = {name.casefold(): (lambda value=value: value) for name, value in values.items()}
    work = Work(source.name, len(source.text))
    scope = scope_of(template.body, given, Scope(work, target, {}))
    unroller = Unroller(notices, _MATTERS.fullmatch)
    try:
        made = unroller.unrolled(template.body, template.path, scope, target)
        resources = tuple(_answers(made, notices, work))
    except RecursionError:
        raise ExchangeError(f"{source.name}: the template nests too deep", "it is no template of Azure's") from None
    return Evaluated(resources, notices.all())


def _no_template(source: Source, document: Any) -> ExchangeError:
    if is_parameters(document):
        return ExchangeError(
            f"{source.name}: this is a parameters file, without the template that it is for",
            "import the template (azuredeploy.json) together with it",
        )
    return ExchangeError(
        f"{source.name}: this is no ARM template",
        'a template has "$schema": "…/deploymentTemplate.json#" and "resources"',
    )


def _answers(made: Unrolled, notices: TemplateNotices, work: Work) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in made.resources:
        if one.inner is not None:
            inner = one.inner.value()
            if isinstance(inner, Unrolled):
                yield from _answers(inner, notices, work)
        elif one.type.casefold() != DEPLOYMENT:
            answer = _answer(one, notices, work)
            if answer is not None:
                yield one.path, answer


def _answer(one: Resource, notices: TemplateNotices, work: Work) -> dict[str, Any] | None:
    matters = _MATTERS.fullmatch(one.type.casefold()) is not None
    if isinstance(one.name, NotKnown):
        return None if matters else {"type": one.type}
    id_ = without_marks(one.id)
    result = {"id": id_ if isinstance(id_, str) else "", "type": one.type, "name": one.name.rpartition("/")[2]}
    for name in _FIELDS if matters else ():
        raw = field(one.raw, name)
        if raw is None:
            continue
        path = within(one.path, name)
        value = settled(one.scope.expanded(raw, one.around), path, notices, work)
        if isinstance(value, NotKnown):
            notices.unknown(value, path)
        else:
            result[name] = value
    return result
