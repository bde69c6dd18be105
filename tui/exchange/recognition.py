"""Recognition: which format a text is in, by what stands in it and never by the name of its file.

Owns how each format is told from the others, and what to do about those that cannot be read but can be printed in
another way. Invariant: only the beginning of a text is looked at, in time that is linear in it.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from tui.exchange.source import ExchangeError, Source

Format: TypeAlias = Literal["azure-json", "arm", "arm-parameters", "terraform", "netcfg", "csv", "vnet-tui"]

_HEAD = 1 << 18
"""Characters that are looked at."""
_JSON_TOKEN = re.compile(r'"(?:[^"\\]++|\\.|\\\Z)*+(?:"|\Z)|[{}\[\]:,]', re.S)
_JSON_BEGIN = re.compile(r"\{\s*+[\"}]|\[\s*+[\[{\"\]]")
_JSON_LINE = re.compile(r"^[ \t]*(\{\s*+[\"}]|\[\s*+[\[{\"\]])", re.M)
_NETCFG = re.compile(r"<(?:[A-Za-z]\w{0,20}:)?(?:NetworkConfiguration|VirtualNetworkSites?|LocalNetworkSites?)[\s>/]")
_TOML = re.compile(r"^schema[ \t]*=", re.M)
_TOML_TABLE = re.compile(r"^\[(?:vnets|sites|subscriptions|connections|planning|peerings)(?:\.[^\]\n]{1,200})?\]", re.M)
_HCL = re.compile(
    r"^[ \t]*(?:(?:resource|data|variable|provider|module|output)[ \t]+\"[^\"\n]*\"|terraform|locals)[^\n={]*\{", re.M
)
_BICEP = re.compile(
    r"^(?:resource|module)[ \t]+\w+[ \t]+'|^param[ \t]+\w+[ \t]+\w+|^targetScope[ \t]*="
    r"|^var[ \t]+\w+[ \t]*=|^using[ \t]+'",
    re.M,
)
_YAML = re.compile(r"\A(?:---[ \t]*\n)?(?:#[^\n]*\n)*(?:-[ \t]+)?[\w.$-]+:(?:[ \t]+[^\n]*)?\n", re.S)
_AZ_TABLE = re.compile(r"\A[^\n]*\n-{2,}(?:[ \t]+-{2,})*[ \t]*(?:\n|\Z)")
_AZ_BOX = re.compile(r"\A[+|]-{2,}")
_COLUMN_WORDS = re.compile(
    r"vnet|network|subscription|region|location|prefix|cidr|address|subnet|resource[ _-]?group|name", re.I
)
_VALUE = re.compile(r"\d+(?:\.\d+){0,3}(?:/\d+)?|/subscriptions/.*|true|false|none|null", re.I)
_OUTPUT_JSON = "print it again with `-o json`, for example `az network vnet list -o json`"


def recognised(source: Source) -> Format:
    """Return the format of a text. Raises ExchangeError that says what it looks like where it is none that is read."""
    head = source.text[:_HEAD]
    text = head.lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        if _NETCFG.search(head):
            return "netcfg"
        raise _unread(
            source, "XML that is no network configuration", "export the classic network configuration (netcfg)"
        )
    if "\x1b[" in text[:2000]:
        raise _unread(source, "JSON with colours (`-o jsonc`)", _OUTPUT_JSON)
    if text.startswith(("{", '"')) or (text.startswith("[") and not _TOML_TABLE.match(text)):
        return _json_format(text)
    if _TOML.search(text) or _TOML_TABLE.search(text):
        return "vnet-tui"
    if _HCL.search(text):
        hint = "print it as JSON: `terraform show -json`, or `terraform show -json PLAN` for a plan"
        raise _unread(source, "Terraform's own language (.tf)", hint)
    if _BICEP.search(text):
        raise _unread(source, "Bicep", "build it to a template: `az bicep build --file FILE`")
    if _is_table_of_az(text):
        raise _unread(source, "a table (`-o table` or `-o tsv`)", _OUTPUT_JSON)
    # Labels and warnings may stand before JSON.
    match = _JSON_LINE.search(text)
    if match is not None:
        return _json_format(text[match.start(1) :])
    if _is_csv(text):
        return "csv"
    match = _JSON_BEGIN.search(text)
    if match is not None:
        return _json_format(text[match.start() :])
    if _YAML.match(text):
        raise _unread(source, "YAML (`-o yaml`)", _OUTPUT_JSON)
    raise _unread(source, "text of a format that is not known", "see `vnet-tui import --help` for what is read")


def _unread(source: Source, what: str, hint: str) -> ExchangeError:
    return ExchangeError(f"{source.name}: this looks like {what}, which is not read", hint)


def _json_format(text: str) -> Format:
    """The format of a JSON text, by the keys of its outer levels."""
    if text.startswith('"'):
        return "azure-json"
    keys, schema = _outer_keys(text)
    top = {path[0] for path in keys}
    schema = schema.lower()
    if "deploymentparameters.json" in schema:
        return "arm-parameters"
    if "deploymenttemplate.json" in schema or ("template",) in keys or ("properties", "template") in keys:
        return "arm"
    if "contentversion" in top and "resources" in top:
        return "arm"
    if "parameters" in top and top <= {"$schema", "contentversion", "parameters"}:
        inner = {path[2] for path in keys if len(path) > 2}
        if inner and inner <= {"value", "reference", "metadata", "expression", "keyvault", "secretname"}:
            return "arm-parameters"
    if top & {"root_module", "child_modules"}:
        return "terraform"  # the values of a plan, cut out of it
    if top & {"terraform_version", "format_version"} and top & {
        "resources", "values", "planned_values", "modules", "outputs", "resource_changes", "configuration", "serial"
    }:  # fmt: skip
        return "terraform"
    return "azure-json"


def _outer_keys(text: str) -> tuple[set[tuple[str, ...]], str]:
    """The paths of keys to the third level of a JSON object, in lower case, and its $schema."""
    keys: set[tuple[str, ...]] = set()
    path: list[str] = []
    schema = ""
    depth = 0
    """How many brackets are open; only while they are all objects does `path` grow."""
    word = ""
    schema_next = False
    for match in _JSON_TOKEN.finditer(text):
        token = match[0]
        if token in ("{", "["):
            depth += 1
            if depth == 1 and token == "[":
                break
            schema_next = False
        elif token in ("}", "]"):
            depth -= 1
            del path[max(depth - 1, 0) :]
            if depth <= 0:
                break
        elif token == ":":
            if depth <= 3 and len(path) >= depth - 1:
                del path[depth - 1 :]
                path.append(word[:100].lower())
                keys.add(tuple(path))
                schema_next = word == "$schema"
        elif token != ",":
            word = token[1:-1]
            if schema_next:
                schema, schema_next = word[:300], False
    return keys, schema


def _is_table_of_az(text: str) -> bool:
    if _AZ_TABLE.match(text) or _AZ_BOX.match(text):
        return True
    first = text.partition("\n")[0]
    cells = first.split("\t")
    return len(cells) > 2 and any(_VALUE.fullmatch(cell.strip()) for cell in cells)


def _is_csv(text: str) -> bool:
    """True if the first line is a header: short words, at least one of which names what an import wants to know."""
    lines = (line for line in text[:20000].splitlines() if line.strip(" \t,;") and not line.startswith("#"))
    header = next(lines, "")
    if header.lower().startswith("sep="):
        header = next(lines, "")
    separator = max(",;\t|", key=header.count)
    cells = [cell.strip().strip('"').strip() for cell in header.split(separator)]
    if any(len(cell) > 60 or _VALUE.fullmatch(cell) or re.search(r"[{}=:<>]", cell) for cell in cells):
        return False
    named = [cell for cell in cells if _COLUMN_WORDS.search(cell)]
    return bool(named) and (len(cells) > 1 or (" " not in header and len(header) < 30))
