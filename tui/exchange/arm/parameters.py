"""Parameters: what a template declares, what a parameters file gives, and which of it is a secret.

Owns where the value of a parameter comes from: what is given, else the default, else nobody knows.
Invariant: the value of a secure parameter, or of one whose name says that it is a secret, is never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tui.exchange.arm.document import field, is_parameters, json_of
from tui.exchange.arm.scope import NOWHERE, Scope, UserFunction
from tui.exchange.arm.values import Lazy, NotKnown, Value
from tui.exchange.secrets import secret_by_key
from tui.exchange.source import ExchangeError, Source

_NAMES_SOMETHING = re.compile(r"(?:name|names|id|ids|uri|url|location|prefix|prefixes|type|sku|version|length)\Z", re.I)
_MAY_BE_SECRET = ("string", "object", "array", "")
IN_KEY_VAULT = NotKnown("its value is kept in a Key Vault", "secret")


def parameters_of(source: Source) -> Mapping[str, Any]:
    """Return the values that a parameters file gives, by name.

    What it keeps in a Key Vault is there as a NotKnown, so that its use is reported and no default takes its place.
    Raises ExchangeError where the source is no parameters file.
    """
    document = json_of(source, [])
    if not is_parameters(document):
        raise ExchangeError(
            f"{source.name}: this is no parameters file",
            'a parameters file holds "parameters": {"location": {"value": "westeurope"}}',
        )
    return given_values(field(document, "parameters"))


def given_values(raw: Any) -> dict[str, Any]:
    """Return the values of {name: {"value": …}}, with a NotKnown for what is kept in a Key Vault."""
    values: dict[str, Any] = {}
    for name, given in raw.items() if isinstance(raw, dict) else ():
        if field(given, "reference") is not None:
            values[name] = IN_KEY_VAULT
        elif isinstance(given, dict) and any(key.casefold() == "value" for key in given):
            values[name] = field(given, "value")
    return values


def declared_parameters(
    template: dict[str, Any], given: Mapping[str, Callable[[], Value]], scope: Callable[[], Scope]
) -> dict[str, Lazy]:
    """Return the parameters of a template by folded name; `given` has the values by folded name.

    `scope` gives the scope in which defaults are evaluated, which does not exist yet.
    """
    declared = field(template, "parameters")
    definitions = field(template, "definitions")
    return {
        name.casefold(): _parameter(name, declaration, definitions, given.get(name.casefold()), scope)
        for name, declaration in (declared.items() if isinstance(declared, dict) else ())
    }


def _parameter(
    name: str, declaration: Any, definitions: Any, given: Callable[[], Value] | None, scope: Callable[[], Scope]
) -> Lazy:
    def compute() -> Value:
        if _is_secret(name, declaration, definitions):
            return NotKnown(f'the parameter "{name[:80]}" is a secret', "secret")
        if given is not None:
            value = given()
            return NotKnown(f'the parameter "{name[:80]}" is a secret', "secret") if value is IN_KEY_VAULT else value
        if isinstance(declaration, dict) and any(key.casefold() == "defaultvalue" for key in declaration):
            return scope().expanded(field(declaration, "defaultValue"), NOWHERE)
        if field(declaration, "nullable") is True:
            return None
        return NotKnown(f'the parameter "{name[:80]}" has no value: give it in a parameters file')

    return Lazy(compute, f'the parameter "{name[:80]}"')


def _is_secret(name: str, declaration: Any, definitions: Any) -> bool:
    type_ = field(declaration, "type")
    reference = field(declaration, "$ref")
    if type_ is None and isinstance(reference, str):
        type_ = field(field(definitions, reference.rpartition("/")[2]), "type")
    kind = type_.strip().casefold() if isinstance(type_, str) else ""
    if kind.startswith("secure"):
        return True
    return kind in _MAY_BE_SECRET and secret_by_key(name) and not _NAMES_SOMETHING.search(name)


def declared_functions(template: dict[str, Any]) -> dict[str, UserFunction]:
    """Return the functions that a template defines, by folded name with its namespace."""
    functions: dict[str, UserFunction] = {}
    groups = field(template, "functions")
    for group in groups if isinstance(groups, list) else ():
        namespace, members = field(group, "namespace"), field(group, "members")
        for name, member in members.items() if isinstance(members, dict) and isinstance(namespace, str) else ():
            declared = field(member, "parameters")
            names = [field(one, "name") for one in (declared if isinstance(declared, list) else ())]
            if all(isinstance(one, str) for one in names):
                output = field(field(member, "output"), "value")
                functions[f"{namespace}.{name}".casefold()] = UserFunction(tuple(names), output)
    return functions
