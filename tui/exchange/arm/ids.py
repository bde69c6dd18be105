"""Resource ids: how types and names make one, as resourceId() and its kin do.

Owns the pairing of a type's parts with the parts of a name ("virtualNetworks/subnets" with "vnet/subnet").
Invariant: an id has a name for every part of its type.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.exchange.arm.values import FunctionError


def paired(type_: str, names: Sequence[str]) -> str:
    """Return "Microsoft.Network/virtualNetworks/vnet/subnets/subnet" for a type and its names.

    A name may hold several parts ("vnet/subnet"). Raises FunctionError where parts and names do not match.
    """
    namespace, *parts = type_.strip("/").split("/")
    given = [part for name in names for part in name.strip("/").split("/")]
    if not parts or not all(parts) or len(parts) != len(given) or not all(given):
        raise FunctionError("the names do not match the parts of the resource type")
    return "/".join([namespace, *(f"{part}/{name}" for part, name in zip(parts, given, strict=True))])


def group_id(subscription: str, group: str) -> str:
    """Return the id of a resource group."""
    return f"/subscriptions/{subscription}/resourceGroups/{group}"


def resource_id(texts: Sequence[str], subscription: str, group: str) -> str:
    """resourceId([subscription], [resource group], type, name, …)."""
    before, type_, names = _divided(texts, 2)
    if before:
        group = before[-1]
    if len(before) == 2:
        subscription = before[0]
    return f"{group_id(subscription, group)}/providers/{paired(type_, names)}"


def subscription_id(texts: Sequence[str], subscription: str) -> str:
    """subscriptionResourceId([subscription], type, name, …)."""
    before, type_, names = _divided(texts, 1)
    return f"/subscriptions/{before[0] if before else subscription}/providers/{paired(type_, names)}"


def tenant_id(texts: Sequence[str]) -> str:
    """tenantResourceId(type, name, …)."""
    _, type_, names = _divided(texts, 0)
    return f"/providers/{paired(type_, names)}"


def extension_id(texts: Sequence[str]) -> str:
    """extensionResourceId(id, type, name, …)."""
    if not texts:
        raise FunctionError("it does not take that number of arguments")
    return f"{texts[0].rstrip('/')}{tenant_id(texts[1:])}"


def _divided(texts: Sequence[str], most: int) -> tuple[Sequence[str], str, Sequence[str]]:
    """Divide into what stands before the type, the type, and the names: only a type has a slash in that place."""
    for index, text in enumerate(texts[: most + 1]):
        if "/" in text:
            return texts[:index], text, texts[index + 1 :]
    raise FunctionError("there is no resource type among its arguments")
