"""Terraform's files are known by what stands in them, and its own language is refused in one way."""

from __future__ import annotations

import pytest

from tui.exchange.json_outline import outline
from tui.exchange.recognition import recognised
from tui.exchange.source import ExchangeError, Source
from tui.exchange.terraform.looks import looks_like_state
from tui.exchange.terraform.reading import read


@pytest.mark.parametrize(
    "text",
    [
        'resource "azurerm_virtual_network" "a" {\n  name = "x"\n}\n',
        "# the hub\n\nterraform {\n  required_version = 1\n}\n",
        'import {\n  to = azurerm_virtual_network.a\n  id = "x"\n}\n',
        "locals {\n}\n",
    ],
)
def test_terraforms_own_language_is_refused_alike_whether_recognised_or_named(text: str) -> None:
    source = Source("main.tf", text)
    with pytest.raises(ExchangeError) as unasked:
        recognised(source)
    with pytest.raises(ExchangeError) as asked:
        read(source)
    assert (unasked.value.message, unasked.value.hint) == (asked.value.message, asked.value.hint)
    assert "terraform show -json" in asked.value.hint


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"version": 4, "terraform_version": "1", "resources": []}', True),
        ('{"version": 3, "modules": [{"path": ["root"], "resources": {}}]}', True),
        ('{"format_version": "1.0", "values": {}}', True),
        ('{"root_module": {}}', True),
        ('{"version": "2.0", "value": []}', False),
        ('{"value": [{"terraform_version": "1"}]}', False),
    ],
)
def test_a_state_of_any_version_is_known_by_its_keys(text: str, wanted: bool) -> None:
    assert looks_like_state(outline(text)) is wanted


def test_an_old_state_says_which_version_is_needed_and_what_prints_it() -> None:
    with pytest.raises(ExchangeError) as caught:
        read(Source("old.tfstate", '{"version": 3, "modules": [{"path": ["root"]}]}'))
    assert "version 3" in caught.value.message
    assert "4 is needed" in caught.value.message
    assert "terraform state pull" in caught.value.hint
