"""A file of requests is understood as a whole, or everything wrong with it is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.errors import FileError
from tui.planner.batch.wanted import VNetWanted
from tui.planner.subnets.wanted import SubnetWanted
from tui.storage.problems import Problem, UnreadableTopologyError
from tui.storage.requests import parse_requests, parse_requests_bytes, read_requests

FULL = """\
[vnets.app-weu]
size = "/22"
region = "westeurope"
pool = "weu-prod"
subscription = "prod"
family = 4
growth = "/20"
note = "the app"
[vnets.app-weu.subnets]
GatewaySubnet = "/27"
web = { hosts = 100, note = "web tier" }
db = { size = "/26" }
AzureBastionSubnet = {}

[vnets.small]
hosts = 500

[vnets."of its pool"]
pool = "weu-prod"

[vnets.six]
family = 6
subnets.a = "/64"
"""


def wrong(text: str) -> list[Problem]:
    with pytest.raises(UnreadableTopologyError) as raised:
        parse_requests(text, "r.toml")
    return list(raised.value.problems)


def messages(text: str) -> list[str]:
    return [problem.message for problem in wrong(text)]


def test_everything_that_a_request_may_say_is_read() -> None:
    assert parse_requests(FULL, "r.toml").wanted == (
        VNetWanted(
            "app-weu",
            length=22,
            subnets=(
                SubnetWanted("GatewaySubnet", 27),
                SubnetWanted("web", 25),
                SubnetWanted("db", 26),
                SubnetWanted("AzureBastionSubnet", 26),
            ),
            subnet_notes=(("web", "web tier"),),
            region="westeurope",
            pool="weu-prod",
            subscription="prod",
            growth=20,
            note="the app",
        ),
        VNetWanted("small", hosts=500),
        VNetWanted("of its pool", pool="weu-prod"),
        VNetWanted("six", family=6, subnets=(SubnetWanted("a", 64, 6),)),
    )


def test_a_subnet_for_hosts_of_a_service_with_a_size_of_its_own_has_at_least_that() -> None:
    read = parse_requests("[vnets.a.subnets]\nAzureFirewallSubnet = { hosts = 5 }\nweb = { hosts = 5 }", "r")
    assert read.wanted[0].subnets == (SubnetWanted("AzureFirewallSubnet", 26), SubnetWanted("web", 28))


@pytest.mark.parametrize("text", [FULL, "\ufeff" + FULL, FULL.replace("\n", "\r\n")])
def test_a_byte_order_mark_and_line_ends_of_windows_change_nothing(text: str, tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_bytes(text.encode())
    read = read_requests(path)
    assert read.wanted == parse_requests(FULL, "r").wanted
    assert parse_requests_bytes(text.encode(), "-").wanted == read.wanted
    assert read.position(("app-weu", "pool"))[0] == 4
    assert read.position(("app-weu", "subnets", "web"))[0] == 11
    assert read.position(("small", "nothing"))[0] == 15


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    found = wrong(
        """\
regions = 1
[vnets.a]
siz = "/22"
growth = 20
region = true
[vnets.b]
hosts = 0
subnets = { web = { hots = 3, size = "/26" }, db = 5, c = {}, d = "/30" }
[vnets.c]
family = "4"
"""
    )
    assert [(one.line, one.key) for one in found] == [
        (1, "regions"),
        (3, "vnets.a.siz"),
        (4, "vnets.a.growth"),
        (5, "vnets.a.region"),
        (7, "vnets.b.hosts"),
        (8, "vnets.b.subnets.web.hots"),
        (8, "vnets.b.subnets.db"),
        (8, "vnets.b.subnets.c"),
        (8, "vnets.b.subnets.d"),
        (10, "vnets.c.family"),
    ]
    by_key = {one.key: one for one in found}
    assert by_key["vnets.a.siz"].message == "vnets.a.siz is no key of a request; did you mean size?"
    assert (by_key["vnets.a.siz"].found, by_key["vnets.a.siz"].nearest) == ("siz", "size")
    growth = by_key["vnets.a.growth"]
    assert (growth.found, growth.allowed, growth.nearest) == ("20", 'a prefix length in quotes, such as "/22"', '"/20"')
    assert by_key["vnets.b.subnets.web.hots"].nearest == "hosts"
    assert by_key["vnets.b.subnets.c"].message == 'vnets.b.subnets.c has no size; write size = "/26", or hosts'
    assert by_key["vnets.b.subnets.d"].allowed == "/2 to /29"
    assert by_key["vnets.c.family"].message == 'vnets.c.family is "4"; allowed is 4 or 6'


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ('[vnets.a]\nsize = "/24"\nhosts = 5', "vnets.a.hosts", "one of them says how large it is"),
        ("[vnets.a]\nnote = 'x'", "vnets.a", "a has no size"),
        ('[vnets.a]\nsize = "/24"\nsubnets.x = "/23"', "vnets.a.size", "need a /23"),
        ('[vnets.a]\nsize = "/24"\ngrowth = "/25"', "vnets.a.growth", "cannot grow to a /25"),
        ('[vnets.a]\nsize = "/31"', "vnets.a.size", "an IPv4 VNet is /2 to /29"),
        ('[vnets.a]\nsize = "/022"', "vnets.a.size", 'did you mean "/22"?'),
        ('[vnets.a]\nsize = "/129"', "vnets.a.size", "allowed is a prefix length"),
        ('[vnets.a]\nfamily = 6\nsubnets.x = "/60"', "vnets.a.subnets.x", "exactly /64"),
        ('[vnets.a]\nfamily = 6\nsubnets.GatewaySubnet = "/27"', "vnets.a.subnets.GatewaySubnet", "of family 4"),
        ("[vnets.a]\nfamily = 6\nsubnets.GatewaySubnet = {}", "vnets.a.subnets.GatewaySubnet", "needs IPv4"),
        ('[vnets.a]\nsubnets.GatewaySubnet = "/30"', "vnets.a.subnets.GatewaySubnet", "/29"),
        ("[vnets.a]\nsubnets.x = { hosts = 9999999999 }", "vnets.a.subnets.x.hosts", "no subnet has room"),
        ("[vnets.a]\nhosts = true", "vnets.a.hosts", "allowed is a whole number"),
        ("[vnets.a]\nhosts = 2.5", "vnets.a.hosts", "2.5"),
        ('[vnets.a]\nsubnets = ["/24"]', "vnets.a.subnets", "is a list"),
        ('[vnets.a]\nsubnets = { web = "/26", WEB = "/26" }', "vnets.a.subnets.WEB", "one name to Azure"),
        ('[vnets.a]\nsubnets = { "" = "/26" }', 'vnets.a.subnets.""', "empty name"),
        ('[vnets.""]\nsize = "/24"', 'vnets.""', "empty name"),
        ("vnets = 5", "vnets", "a table for each VNet"),
        ("vnets.a = 5", "vnets.a", "allowed is a table"),
        ("", "vnets", "nothing is asked for"),
        ("[vnets]", "vnets", "nothing is asked for"),
        ('[vnets.a]\nsize = "/24" "', "", "no valid TOML"),
        ('[vnets."a\\u0000"]\nsize = "/24"', 'vnets."a\\u0000"', "NUL"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_key(text: str, key: str, said: str) -> None:
    (problem,) = wrong(text)
    assert said in problem.message
    assert problem.key == key


def test_a_region_may_say_the_size_as_a_pool_may() -> None:
    for where in ('pool = "weu"', 'region = "westeurope"'):
        (one,) = parse_requests(f"[vnets.a]\n{where}", "r.toml").wanted
        assert (one.length, one.hosts, one.subnets) == (None, None, ())


def test_a_file_that_is_no_text_or_not_there_says_so(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    with pytest.raises(FileError):
        read_requests(path)
    path.write_bytes(b"[vnets.a]\nsize = '\xff'")
    with pytest.raises(FileError, match=r"r\.toml:2:9: not UTF-8"):
        read_requests(path)
    with pytest.raises(FileError, match="deep"):
        parse_requests("a = " + "[" * 1000, "r.toml")


def test_texts_of_problems_hold_no_escape_sequences() -> None:
    for message in messages('[vnets."\\u001b[31m"]\n"\\u001b]0;x" = "\\u001b"\nsize = "\\u001b[2J"'):
        assert "\x1b" not in message
