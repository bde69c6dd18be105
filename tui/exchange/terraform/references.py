"""References of a plan: what an attribute will be made of that is known only after apply.

Owns how the expressions of a plan's configuration are followed, through variables and outputs of modules, to the
instances that they mean. A local value is not in a plan, so a reference to one leads nowhere.
Invariant: an expression that can mean two instances means none, and following one ends after a bounded number of steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final, TypeVar

from tui.exchange.terraform.instances import Instance, Instances, ModulePath, index_text

T = TypeVar("T")

_MOST_STEPS: Final = 200
_INDEX: Final = r"(?P<index>\[(?:\d+|\"(?:[^\"\\]|\\.)*+\")\])?"
_RESOURCE: Final = re.compile(rf"(?P<data>data\.)?(?P<type>[A-Za-z]\w*)\.(?P<name>[\w-]+){_INDEX}")
_OUTPUT: Final = re.compile(rf"module\.(?P<call>[\w-]+){_INDEX}\.(?P<output>[\w-]+)")
_NO_RESOURCE: Final = frozenset({"var", "local", "module", "each", "count", "path", "terraform", "self"})


class References:
    """Follows the expressions of one plan."""

    def __init__(self, instances: Instances) -> None:
        self._root = instances.configuration
        self._blocks: dict[tuple[str, ...], dict[tuple[bool, str, str], Mapping[str, Any]]] = {}
        # By their index, because each instance of one block may refer to its counterpart of another.
        self._instances: dict[tuple[ModulePath, bool, str, str], dict[str, Instance]] = {}
        self._modules: dict[tuple[ModulePath, str], dict[str, ModulePath]] = {}
        if self._root:
            for one in instances.found:
                instances_of_block = self._instances.setdefault((one.module, one.data, one.type, one.name), {})
                instances_of_block.setdefault(index_text(one.index), one)
                for depth, (name, index) in enumerate(one.module):
                    self._modules.setdefault((one.module[:depth], name), {}).setdefault(index, one.module[: depth + 1])

    def meant(self, instance: Instance, attribute: str, types: Iterable[str]) -> Instance | None:
        """Return the instance of one of `types` that an attribute refers to: the first type that there is one of.

        `attribute` may name a part of a block ("ip_configuration.subnet_id"). None where there is no such instance,
        or more than one.
        """
        block = self._block(instance)
        expression: Any = block.get("expressions")
        for key in attribute.split("."):
            expression = expression[0] if isinstance(expression, list) and expression else expression
            expression = expression.get(key) if isinstance(expression, dict) else None
        walk = _Walk(self)
        walk.follow(expression, instance.module, index_text(instance.index), block)
        for kind in types:
            meant = [one for one in walk.found.values() if one.type == kind]
            if meant:
                return meant[0] if len(meant) == 1 else None
        return None

    def instances_of(self, path: ModulePath, data: bool, kind: str, name: str) -> Mapping[str, Instance]:
        """The instances of one block within one instance of its module, by their index."""
        return self._instances.get((path, data, kind, name), {})

    def modules_of(self, path: ModulePath, call: str) -> Mapping[str, ModulePath]:
        """The instances of one module call, by their index."""
        return self._modules.get((path, call), {})

    def module_at(self, path: ModulePath) -> Mapping[str, Any]:
        """The configuration of a module."""
        module: Any = self._root
        for name, _ in path:
            module = call_of(module, name).get("module")
        return module if isinstance(module, dict) else {}

    def _block(self, instance: Instance) -> Mapping[str, Any]:
        calls = tuple(name for name, _ in instance.module)
        blocks = self._blocks.get(calls)
        if blocks is None:
            blocks = self._blocks[calls] = {}
            resources = self.module_at(instance.module).get("resources")
            for block in resources if isinstance(resources, list) else ():
                if (
                    isinstance(block, dict)
                    and isinstance(block.get("type"), str)
                    and isinstance(block.get("name"), str)
                ):
                    blocks.setdefault((block.get("mode") == "data", block["type"], block["name"]), block)
        return blocks.get((instance.data, instance.type, instance.name), {})


class _Walk:
    """One expression with all that it leads to."""

    def __init__(self, references: References) -> None:
        self.references = references
        self.found: dict[int, Instance] = {}
        self.steps = 0

    def follow(self, expression: Any, path: ModulePath, index: str, block: Mapping[str, Any]) -> None:
        """Add the instances that an expression means, in the module at `path`, for the instance `index` of `block`."""
        texts = _references(expression)
        own_index = index if any(text.startswith(("each.key", "count.index")) for text in texts) else ""
        with_index = {base for text in texts if (base := _without_index(text))}
        for text in texts:
            self.steps += 1
            if self.steps > _MOST_STEPS:
                return
            first, _, rest = text.partition(".")
            if first == "var" and path:
                call = call_of(self.references.module_at(path[:-1]), path[-1][0])
                expressions = call.get("expressions")
                inner = expressions.get(re.split(r"[.\[]", rest)[0]) if isinstance(expressions, dict) else None
                self.follow(inner, path[:-1], path[-1][1], call)
            elif first == "each" and rest.startswith("value"):
                for source in _references(block.get("for_each_expression")):
                    self._resource(source, path, index)
            elif first == "module":
                self._output(text, path, own_index)
            elif text not in with_index:
                # Terraform lists "x.a[0].id", "x.a[0]" and "x.a" for one reference.
                self._resource(text, path, own_index)

    def _output(self, text: str, path: ModulePath, index: str) -> None:
        match = _OUTPUT.match(text)
        if match is None:
            return
        for one in _meant(self.references.modules_of(path, match["call"]), match["index"] or index):
            outputs = self.references.module_at(one).get("outputs")
            output = outputs.get(match["output"]) if isinstance(outputs, dict) else None
            self.follow(output.get("expression") if isinstance(output, dict) else None, one, "", {})

    def _resource(self, text: str, path: ModulePath, index: str) -> None:
        match = _RESOURCE.match(text)
        if match is None or match["type"] in _NO_RESOURCE:
            return
        known = self.references.instances_of(path, match["data"] is not None, match["type"], match["name"])
        for one in _meant(known, match["index"] or index):
            self.found[id(one)] = one


def _meant(known: Mapping[str, T], index: str) -> list[T]:
    """The one of this index where there are several; else two, which are enough to know that it is not clear."""
    if len(known) > 1 and index:
        return [known[index]] if index in known else []
    return list(islice(known.values(), 2))


def _references(expression: Any) -> list[str]:
    named = expression.get("references") if isinstance(expression, dict) else None
    return [text for text in named if isinstance(text, str)] if isinstance(named, list) else []


def _without_index(text: str) -> str:
    """What a reference with an index is without it; empty for one without."""
    match = _RESOURCE.match(text)
    return match[0].removesuffix(match["index"]) if match and match["index"] else ""


def call_of(module: Any, name: str) -> Mapping[str, Any]:
    """The call of a module in the configuration of another one; empty where there is none."""
    calls = module.get("module_calls") if isinstance(module, dict) else None
    call = calls.get(name) if isinstance(calls, dict) else None
    return call if isinstance(call, dict) else {}
