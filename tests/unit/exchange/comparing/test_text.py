"""A difference as text and as Markdown: everything is told, and foreign text is only ever text."""

from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.building import topology
from tui.checks.engine import rules
from tui.display import displayable
from tui.exchange.comparing.difference import Difference, difference
from tui.exchange.comparing.markdown import code, markdown
from tui.exchange.comparing.text import text
from tui.exchange.comparing.words import shown
from tui.topology.keypath import toml_key
from tui.topology.prefix import Prefix

TODAY = datetime.date(2026, 11, 23)
BEFORE = """
[vnets.hub]
region = "westeurope"
address_space = ["10.64.0.0/16"]
[vnets.hub.gateway]
sku = "VpnGw1AZ"
[vnets.old-name]
region = "westeurope"
address_space = ["10.1.0.0/16"]
[vnets.gone]
region = "westeurope"
address_space = ["10.3.0.0/16"]
"""
AFTER = """
[vnets.hub]
region = "northeurope"
address_space = ["10.66.0.0/16"]
note = "5"
[vnets.hub.gateway]
sku = "VpnGw2AZ"
[vnets.new-name]
region = "westeurope"
address_space = ["10.1.0.0/16"]
[vnets.added]
region = "nowhere"
address_space = ["10.2.0.0/16"]
"""

HOSTILE = [
    "a|b",
    "a\\|b",
    "\\",
    "`",
    "``",
    "a`b``c",
    "`" * 200,
    "<script>alert(1)</script>",
    "<!-- x",
    "</code>",
    "@octocat @contoso/network",
    "#1 GH-2 contoso/wan#3",
    "https://evil.example/ www.evil.example a@evil.example",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "**bold** _it_ ~~no~~ $x$",
    "a\nb\r\n\n# heading\n| a | b |\n| --- | --- |",
    "&lt;b&gt; &#124;",
    " leading and trailing ",
    "   ",
    "- [ ] task",
    "\x1b[31m\u202e\u200b",
    "| --- |",
    "$`x`$",
    "",
]


def found() -> Difference:
    return difference(topology(BEFORE), topology(AFTER), TODAY)


def test_the_text_tells_everything_by_signs_and_words() -> None:
    lines = list(text(found(), "a.toml", "b.toml"))
    assert lines == [
        "a.toml → b.toml",
        "",
        "+ vnets.added        region         nowhere",
        "                     address_space  [10.2.0.0/16]",
        "~ vnets.new-name     was vnets.old-name",
        "~ vnets.hub          region         westeurope → northeurope",
        "                     address_space  +10.66.0.0/16  -10.64.0.0/16",
        '                     note           – → "5"',
        "~ vnets.hub.gateway  sku  VpnGw1AZ → VpnGw2AZ",
        "- vnets.gone         region         westeurope",
        "                     address_space  [10.3.0.0/16]",
        "",
        "findings",
        "+ warning REG001 added is in nowhere, and there is no such region; did you mean northeurope?",
        "",
        "gateways",
        "~ hub  tunnels 0/30 → 0/30, bandwidth 0/650 → 0/1000 Mbps",
        "",
        "1 added, 1 removed, 2 changed, 1 renamed; findings: 1 new",
    ]


def test_two_that_are_the_same_have_one_line() -> None:
    same = difference(topology(AFTER), topology(AFTER), TODAY)
    assert list(text(same, "a", "b")) == ["no difference"]
    assert list(markdown(same, "a", "b"))[-1] == "No difference."


def test_the_markdown_has_a_table_for_each_kind_of_difference() -> None:
    lines = list(markdown(found(), "a.toml", "b.toml"))
    assert [line for line in lines if line.startswith("#")] == [
        "## Difference of `a.toml` and `b.toml`",
        *("### Added", "### Renamed", "### Changed", "### Removed", "### New findings", "### Gateways"),
    ]
    assert "| `vnets.hub` | `region` | `westeurope` | `northeurope` |" in lines
    assert "| `vnets.hub` | `address_space` | − `10.64.0.0/16` | + `10.66.0.0/16` |" in lines
    assert "| `hub` | 0/30 | 0/30 | 0/650 | 0/1000 |" in lines


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("westeurope", "westeurope"),
        ("203.0.113.1", "203.0.113.1"),
        ("two words", "two words"),
        ("5", '"5"'),
        (5, "5"),
        ("true", '"true"'),
        (True, "true"),
        ("2020-01-01", '"2020-01-01"'),
        (datetime.date(2020, 1, 1), "2020-01-01"),
        ("", '""'),
        (" x", '" x"'),
        ("a, b", '"a, b"'),
        (None, "–"),
        ("–", '"–"'),
        (("a", "b, c"), '[a, "b, c"]'),
        (Prefix.parse("10.0.0.0/8"), "10.0.0.0/8"),
        ("a\nb\x1b", '"a\\nb\\u001b"'),
    ],
)
def test_a_value_cannot_be_taken_for_another_one(value: object, expected: str) -> None:
    assert shown(value) == expected


FULL = """
[limits.skus.VpnGw1AZ]
tunnels = 12
[vnets.new]
subscription = "prod"
address_space = ["10.0.0.0/16"]
growth = ["10.1.0.0/16"]
transit = true
tags.owner = "net"
subnets.app = "10.0.1.0/24"
gateway = { sku = "VpnGw1AZ", asn = 65010 }
[connections.c]
between = ["new", "dub"]
bgp = true
bandwidth_mbps = 500
[waivers.w]
code = "ADR002"
where = ["vnets.*"]
reason = "on purpose"
"""


def test_what_was_added_or_removed_tells_every_field_and_what_is_in_it() -> None:
    fields = [
        ("vnets.new", "subscription", "prod"),
        ("vnets.new", "address_space", "[10.0.0.0/16]"),
        ("vnets.new", "growth", "[10.1.0.0/16]"),
        ("vnets.new", "transit", "true"),
        ("vnets.new", "tags.owner", "net"),
        ("vnets.new", "subnets.app.prefixes", "[10.0.1.0/24]"),
        ("vnets.new", "gateway.sku", "VpnGw1AZ"),
        ("vnets.new", "gateway.asn", "65010"),
        ("limits.skus.VpnGw1AZ", "tunnels", "12"),
        ("connections.c", "between", "[new, dub]"),
        ("connections.c", "bgp", "true"),
        ("connections.c", "bandwidth_mbps", "500"),
        ("waivers.w", "where", '["vnets.*"]'),
        ("waivers.w", "reason", "on purpose"),
    ]
    empty, full = topology(""), topology(FULL)
    for sign, before, after in (("+", empty, full), ("-", full, empty)):
        found = difference(before, after, TODAY)
        lines = list(text(found, "a", "b"))
        begun = {line.split()[1]: number for number, line in enumerate(lines) if line.startswith(f"{sign} ")}
        rows = list(markdown(found, "a", "b"))
        for thing, field, value in fields:
            told = [line[2:].removeprefix(thing).split(maxsplit=1) for line in lines[begun[thing] :]]
            assert [field, value] in told, field
            assert f"| `{thing}` | `{field}` | `{value}` |" in rows


def test_two_new_things_that_differ_in_any_field_are_told_apart() -> None:
    told = {
        tuple(text(difference(topology(""), topology(one), TODAY), "a", "b")) for one in (FULL, FULL + "owner = 'x'")
    }
    assert len(told) == 2


def test_a_finding_that_comes_with_its_own_waiver_is_told() -> None:
    before = '[vnets.a]\nregion = "westeurope"\naddress_space = ["10.0.0.0/20"]\n'
    waiver = '[waivers.w]\ncode = "ADR002"\nwhere = ["vnets.*"]\nreason = "on | purpose"\n'
    found = difference(topology(before), topology(before + before.replace("[vnets.a]", "[vnets.b]") + waiver), TODAY)
    (line,) = [line for line in text(found, "a", "b") if " ADR002 " in line]
    assert line.startswith("+ warning ADR002 ")
    assert line.endswith(" [waived: on | purpose]")
    (row,) = [row for row in markdown(found, "a", "b") if "| ADR002 |" in row]
    assert row.endswith("waived: `on \\| purpose` |")
    assert list(text(found, "a", "b"))[-1].endswith(", 1 new and waived")


def test_wide_characters_shift_no_column() -> None:
    found = difference(topology(""), topology('[vnets."東京"]\nregion = "x"\n[vnets.osaka]\nregion = "x"\n'), TODAY)
    lines = [line for line in text(found, "a", "b") if line.startswith("+ vnets")]
    assert lines == ['+ vnets."東京"  region  x', "+ vnets.osaka   region  x"]


def test_the_markdown_fits_into_a_comment_of_a_forge_and_counts_what_is_left_out() -> None:
    many = "".join(
        f'[vnets.v{n}]\nregion = "westeurope"\naddress_space = ["10.{n // 256}.{n % 256}.0/24"]\nnote = "{n}"\n'
        for n in range(2000)
    )
    small = '[vnets.small]\nregion = "eastus"\naddress_space = ["192.168.0.0/24"]\n'
    found = difference(topology(small), topology(many), TODAY)
    whole = list(markdown(found, "a", "b", whole=True))
    cut = list(markdown(found, "a", "b"))
    assert sum(map(len, whole)) + len(whole) > 100_000
    assert 55_000 < sum(map(len, cut)) + len(cut) < 65_536
    assert "| `vnets.small` | `region` | `eastus` |" in cut, "a small table is not cut for a large one"
    (left,) = [line for line in cut if "left out" in line]
    rows = [sum(row.startswith("| `vnets.v") for row in lines) for lines in (cut, whole)]
    assert left == f"{rows[1] - rows[0]} more of {rows[1]} rows are left out: `--verbose` writes them all."
    assert not [line for line in whole if "left out" in line]


# Foreign text


def parsed(lines: list[str]) -> list[Token]:
    """The tokens of the Markdown, with tables, strikethrough, raw HTML and bare links made into links."""
    document = MarkdownIt("gfm-like", {"html": True, "linkify": True}).parse("\n".join(lines))
    return [token for outer in document for token in (outer, *(outer.children or ()))]


HARMLESS = re.compile(
    r"(heading|paragraph|table|thead|tbody|tr|th|td)_(open|close)|inline|text|code_inline|softbreak",
)


def assert_only_text(lines: list[str], own: set[str]) -> list[str]:
    """Assert that nothing in the Markdown is more than a table or text, and return what stands in code spans."""
    assert not [line for line in lines if "\n" in line or "\r" in line]
    tokens = parsed(lines)
    assert not [token for token in tokens if not HARMLESS.fullmatch(token.type)]
    written = {token.content.strip(" ,") for token in tokens if token.type == "text"}
    assert not {one for one in written if one and one not in own and not one.endswith(("gone.", "new."))}
    rows = [line for line in lines if line.startswith("|")]
    assert sum(token.type == "tr_open" for token in tokens) == sum(not line.startswith("| ---") for line in rows)
    return [token.content for token in tokens if token.type == "code_inline"]


OWN = {"Difference of", "and", "Added", "Removed", "Renamed", "Changed", "New findings", "Findings gone", "Gateways"}
OWN |= {"thing", "value", "field", "before", "after", "severity", "code", "finding", "gateway"}
OWN |= {"tunnels before", "tunnels after", "Mbps before", "Mbps after", "the topology", "–", "+", "−", "waived now:"}
OWN |= {*rules(), "and –", "error", "warning", "info", "0/30", "0/10", "0/650", "0/100"}


def hostile(name: str, other: str) -> tuple[str, str]:
    """Two files in which whatever can have a name or a text has a hostile one."""
    key, word = toml_key(name), toml_key(f"x{other}")
    before = f"[vnets.a]\nnote = {word}\n[vnets.{toml_key(name + 'gone')}]\nregion = {word}"
    after = (
        f"[vnets.a]\nnote = {toml_key(f'y{name}')}\n{key} = {word}\ntags = {{{key} = [{word}]}}\n"
        f"[vnets.{toml_key(name + 'new')}]\nregion = {word}\n[vnets.{toml_key(name + 'new')}.gateway]\nsku = {word}"
    )
    # A basic string of TOML has quotes, which a bare key lacks.
    return tuple(re.sub(r"(= \[?)([A-Za-z0-9_-]+)", r'\1"\2"', side) for side in (before, after))  # type: ignore[return-value]


@pytest.mark.parametrize("name", HOSTILE)
def test_foreign_text_is_nothing_but_text_in_markdown(name: str) -> None:
    before, after = (topology(side) for side in hostile(name, name))
    lines = list(markdown(difference(before, after, TODAY), f"{name}.toml", name))
    own = OWN | {"?", "0/?"}
    assert_only_text(lines, own)


@given(st.text(max_size=12) | st.text(alphabet="`|\\ \n@<>#*_[]()!&;:/.a1-~$", max_size=16))
@settings(max_examples=400)
def test_a_code_span_holds_exactly_the_text_wherever_it_stands(foreign: str) -> None:
    visible = displayable(foreign)
    row = f"| {code(foreign)} | {code(foreign)}, + {code(foreign)} |"
    spans = assert_only_text(["| a | b |", "| --- | --- |", row], {"a", "b", "–", "+", "–, + –"})
    assert spans == [visible] * 3 if visible else spans == []
    assert assert_only_text([f"## of {code(foreign, in_table=False)}"], {"of", "of –"}) == [visible] * bool(visible)


def test_a_run_of_backticks_that_no_renderer_would_close_is_written_out() -> None:
    assert code("`" * 200) == "`" + "\\x60" * 200 + "`"


@pytest.mark.parametrize("name", HOSTILE)
def test_foreign_text_stays_on_its_line_in_text(name: str) -> None:
    before, after = (topology(side) for side in hostile(name, name))
    lines = list(text(difference(before, after, TODAY), name, name))
    assert lines == [displayable(line) for line in lines]
