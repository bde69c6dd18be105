"""Recognition: which format a text is in, by what stands in it and never by the name of its file.

Owns the order in which the formats are asked whether a text looks like theirs, and what to do about those that cannot
be read but can be printed in another way. Invariant: only the beginning of a text is looked at, in time that is linear
in it.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from tui.exchange.arm.looks import looks_like_parameters, looks_like_template
from tui.exchange.decoding import decoded
from tui.exchange.json_outline import is_one_text, outline
from tui.exchange.netcfg.looks import looks_like_network_configuration
from tui.exchange.source import ExchangeError, Source
from tui.exchange.spreadsheet.header import looks_like_table
from tui.exchange.terraform.looks import configuration_refused, looks_like_configuration, looks_like_state

Format: TypeAlias = Literal["azure-json", "arm", "arm-parameters", "terraform", "netcfg", "csv", "vnet-tui"]

_SOURCE_ENDINGS = frozenset({"json", "tfstate", "netcfg", "xml", "csv", "tsv"})

_HEAD = 1 << 18
"""Characters that are looked at."""
_JSON_BEGIN = re.compile(r"\{\s*+[\"}]|\[\s*+[\[{\"\]]")
_JSON_LINE = re.compile(r"^[ \t]*(\{\s*+[\"}]|\[\s*+[\[{\"\]])", re.M)
_TOML = re.compile(r"^schema[ \t]*=", re.M)
_TOML_TABLE = re.compile(r"^\[(?:vnets|sites|subscriptions|connections|planning|peerings)(?:\.[^\]\n]{1,200})?\]", re.M)
_BICEP = re.compile(
    r"^(?:resource|module)[ \t]+\w+[ \t]+'|^param[ \t]+\w+[ \t]+\w+|^targetScope[ \t]*="
    r"|^var[ \t]+\w+[ \t]*=|^using[ \t]+'",
    re.M,
)
_YAML = re.compile(r"\A(?:---[ \t]*\n)?(?:#[^\n]*\n)*(?:-[ \t]+)?[\w.$-]+:(?:[ \t]+[^\n]*)?\n", re.S)
_AZ_TABLE = re.compile(r"\A[^\n]*\n-{2,}(?:[ \t]+-{2,})*[ \t]*(?:\n|\Z)")
_AZ_BOX = re.compile(r"\A[+|]-{2,}")
_VALUE = re.compile(r"\d+(?:\.\d+){0,3}(?:/\d+)?|/subscriptions/.*|true|false|none|null", re.I)
_OUTPUT_JSON = "print it again with `-o json`, for example `az network vnet list -o json`"


def recognised(source: Source) -> Format:
    """Return the format of a text. Raises ExchangeError that says what it looks like where it is none that is read."""
    head = source.text[:_HEAD]
    text = head.lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        if looks_like_network_configuration(head):
            return "netcfg"
        raise _unread(
            source, "XML that is no network configuration", "export the classic network configuration (netcfg)"
        )
    if "\x1b[" in text[:2000]:
        raise _unread(source, "JSON with colours (`-o jsonc`)", _OUTPUT_JSON)
    if text.startswith('"') and not is_one_text(text) and looks_like_table(text):
        return "csv"  # with its cells in quotes, as Export-Csv, the portal and Resource Graph write them
    if text.startswith(("{", '"')) or (text.startswith("[") and not _TOML_TABLE.match(text)):
        return _json_format(text)
    if _TOML.search(text) or _TOML_TABLE.search(text):
        return "vnet-tui"
    if looks_like_configuration(text):
        raise configuration_refused(source.name)
    if _BICEP.search(text):
        raise _unread(source, "Bicep", "build it to a template: `az bicep build --file FILE`")
    if _is_table_of_az(text):
        raise _unread(source, "a table (`-o table` or `-o tsv`)", _OUTPUT_JSON)
    # Labels and warnings may stand before JSON.
    match = _JSON_LINE.search(text)
    if match is not None:
        return _json_format(text[match.start(1) :])
    if looks_like_table(text):
        return "csv"
    match = _JSON_BEGIN.search(text)
    if match is not None:
        return _json_format(text[match.start() :])
    if _YAML.match(text):
        raise _unread(source, "YAML (`-o yaml`)", _OUTPUT_JSON)
    raise ExchangeError(f"{source.name}: its format is not known", "see `vnet-tui import --help` for what is read")


def is_topology(name: str, data: bytes) -> bool:
    """Return whether the bytes of what goes by `name` are a topology, as opposed to a source of an import.

    Of what is neither, the name says which it was meant as, for the reader of that to say what is wrong with it.
    """
    ending = name.rpartition(".")[2].lower()
    if ending == "toml":
        return True
    try:
        return recognised(decoded(name, data)) == "vnet-tui"
    except ExchangeError:
        return ending not in _SOURCE_ENDINGS


def _unread(source: Source, what: str, hint: str) -> ExchangeError:
    return ExchangeError(f"{source.name}: this looks like {what}, which is not read", hint)


def _json_format(text: str) -> Format:
    """The format of a JSON text, by the keys of its outer levels."""
    if text.startswith('"'):
        return "azure-json"
    keys = outline(text)
    if looks_like_parameters(keys):
        return "arm-parameters"
    if looks_like_template(keys):
        return "arm"
    return "terraform" if looks_like_state(keys) else "azure-json"


def _is_table_of_az(text: str) -> bool:
    if _AZ_TABLE.match(text) or _AZ_BOX.match(text):
        return True
    first = text.partition("\n")[0]
    cells = first.split("\t")
    return len(cells) > 2 and any(_VALUE.fullmatch(cell.strip()) for cell in cells)
