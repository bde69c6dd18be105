"""Whatever stands in a file, it is read or refused."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.exchange.terraform.estate_files import CONFIGURED, ESTATE, PLANNED, an_id, plan, refusal


def test_comments_without_end_are_read_over_in_one_go() -> None:
    for text in ("/**/" * 50_000, "# x\n" * 50_000, "/*" * 50_000, " \n" * 50_000, "#" * 100_000):
        assert refusal(text + "!") is not None


KEYS = st.sampled_from(sorted({"resources", "values", "change", "actions", "module_calls", "body", "index", "outputs"}))
WORDS = st.sampled_from(
    ["azurerm_subnet", "azapi_resource", "data", "var.a", "/", "\ud800", an_id("virtualNetworks", "a")]
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)
SHOWN = {"format_version": "1.0", "values": plan(PLANNED, CONFIGURED)["planned_values"]}


def places(document: Any) -> list[tuple[Any, Any]]:
    """Every place in a document at which something may stand: its container and the key there."""
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    return [(document, key) for key, _ in inner] + [each for _, value in inner for each in places(value)]


@settings(max_examples=300)
@given(st.sampled_from([ESTATE, plan(PLANNED, CONFIGURED, resource_changes=[{}]), SHOWN]), st.data())
def test_whatever_stands_anywhere_in_a_file_it_is_read_or_refused(document: Any, data: st.DataObject) -> None:
    document = copy.deepcopy(document)
    for _ in range(3):
        container, key = data.draw(st.sampled_from(places(document)))
        container[key] = data.draw(ANY)
    assert (refusal(document) or "net.json: ").startswith("net.json: ")


@given(ANY)
def test_any_json_is_read_or_refused(document: Any) -> None:
    for one in (document, {"version": 4, "serial": 1, "resources": document}, plan(document, document)):
        assert (refusal(one) or "net.json: ").startswith("net.json: ")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    assert (refusal(text) or "net.json: ").startswith("net.json: ")
