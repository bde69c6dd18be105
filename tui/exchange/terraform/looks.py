"""What Terraform's states, plans and configuration look like, and what to do about those that are not read.

Invariant: whoever recognises Terraform's own language, one message says what to do about it.
"""

from __future__ import annotations

import re
from typing import Final

from tui.exchange.json_outline import Outline
from tui.exchange.source import ExchangeError

SHOW: Final = (
    "run `terraform show -json > state.json`, or for a plan `terraform plan -out plan`, then "
    "`terraform show -json plan > plan.json`, and import that file"
)
_BLOCK: Final = re.compile(
    r"^[ \t]*(?:(?:resource|data|variable|provider|module|output|check)[ \t]+\"[^\"\n]*\""
    r"|(?:terraform|locals|moved|import|removed)\b)[^\n={]*\{",
    re.MULTILINE,
)
_FIRST_BLOCK: Final = re.compile(
    # Without a way back: comments that match in two ways would take time without end.
    r"(?>\s+|(?:#|//)[^\n]*|/\*(?s:.*?)\*/)*+"
    r"(?:resource|data|provider|terraform|variable|module|locals|output|moved|import|removed|check)\b\s*+[\"{\w]"
)
_OF_STATES: Final = frozenset(
    ("resources", "values", "planned_values", "modules", "outputs", "resource_changes", "configuration", "serial")
)


def looks_like_configuration(text: str) -> bool:
    """Return whether a text looks like Terraform's own language (HCL)."""
    return _BLOCK.search(text) is not None


def begins_as_configuration(text: str) -> bool:
    """Return whether the first that a text says is in Terraform's own language, on however many lines."""
    return _FIRST_BLOCK.match(text) is not None


def configuration_refused(name: str) -> ExchangeError:
    """Return the refusal of a source in Terraform's own language."""
    return ExchangeError(f"{name}: this is Terraform configuration (HCL, .tf), not a state or a plan", SHOW)


def looks_like_state(outline: Outline) -> bool:
    """Return whether a JSON text looks like a state of any version, or like `terraform show -json`."""
    top = outline.top
    if top & {"root_module", "child_modules"}:
        return True  # the values of a plan, cut out of it
    if {"version", "modules"} <= top and ("modules", "path") not in outline.keys and "type" not in top:
        return True  # a state that Terraform wrote before 0.12
    return bool(top & {"terraform_version", "format_version"} and top & _OF_STATES)
