"""`import`: a rehearsal, the JSON contract, the exit status, what is written, and what never is."""

from __future__ import annotations

import gzip
import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli import CLEAN, Ran, run, written
from tui.paths import samples

SUBSCRIPTION = "11111111-0000-4000-8000-000000000001"
NETWORK = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network"
REAL = Path(os.environ.get("VNET_TUI_REAL", "/nowhere"))
SECRETS = ("Pl4nted-sh4red-K3y", "Pl4ntedC3rt1f1cate", "Pl4nted-Passw0rd", "Pl4nted-t0ken")


def vnet(name: str, *prefixes: str, **more: Any) -> dict[str, Any]:
    one = {"id": f"{NETWORK}/virtualNetworks/{name}", "name": name, "location": "westeurope"}
    return {**one, "type": "Microsoft.Network/virtualNetworks", "addressSpace": {"addressPrefixes": prefixes}, **more}


def subnet(name: str, prefix: str) -> dict[str, Any]:
    return {"name": name, "addressPrefix": prefix}


HUB = vnet("hub", "10.64.0.0/16", subnets=[subnet("app", "10.64.1.0/24")])
SPOKE = vnet("spoke", "10.65.0.0/16")

FILE = f"""\
schema = 1
# what we have
[planning.pools]
weu = ["10.64.0.0/10"]  # the pool

[subscriptions.prod]
id = "{SUBSCRIPTION}"   # production

[vnets.later]     # comes next year
subscription = "prod"
region = "westeurope"
address_space = ["10.80.0.0/16"]

[vnets.center]    # the hub of all
azure_name = "hub"
subscription = "prod"
resource_group = "rg"
region = "westeurope"
state = "deployed"
address_space = ["10.64.0.0/17"]
growth = ["10.66.0.0/16"]
note = "never touch"

[vnets.old]
subscription = "prod"
resource_group = "rg"
region = "westeurope"
state = "deployed"
address_space = ["10.90.0.0/16"]
"""


@pytest.fixture
def sources(tmp_path: Path) -> str:
    return written(tmp_path, json.dumps([HUB, SPOKE]), "vnets.json")


@pytest.fixture
def file(tmp_path: Path) -> str:
    return written(tmp_path, FILE)


def names_in(file: str | Path) -> set[str]:
    return set(tomllib.loads(Path(file).read_text()).get("vnets", {}))


# What is written


def test_a_rehearsal_writes_nothing(tmp_path: Path, sources: str) -> None:
    ran = run("import", sources)
    assert (ran.status, ran.err) == (0, "")
    assert "+ new       vnets.hub" in ran.out
    assert ran.out.splitlines()[-1].endswith("this was a rehearsal: -o FILE writes it")
    assert os.listdir(tmp_path) == ["vnets.json"]


def test_a_new_file_holds_what_was_imported(tmp_path: Path, sources: str) -> None:
    target = tmp_path / "new.toml"
    ran = run("import", sources, "-o", str(target))
    assert ran.status == 0
    assert ran.out.splitlines()[-1] == f"3 new; {target} is written"
    document = tomllib.loads(target.read_text())
    hub = document["vnets"]["hub"]
    assert (hub["address_space"], hub["resource_group"], hub["state"]) == (["10.64.0.0/16"], "rg", "deployed")
    assert "app" in hub["subnets"]
    assert run("check", str(target)).status in (0, 1)
    assert run("diff", str(target), sources).status == 0


def test_an_existing_file_keeps_its_comments_words_and_order(file: str, sources: str) -> None:
    ran = run("import", sources, "-o", file)
    assert ran.status == 0
    text = Path(file).read_text()
    expected = FILE.replace('"10.64.0.0/17"', '"10.64.0.0/16"').splitlines()
    remaining = iter(text.splitlines())
    assert [line for line in expected if line not in remaining] == []
    assert names_in(file) == {"later", "center", "old", "spoke"}
    assert "~ changed   vnets.center" in ran.out
    assert "address_space: +10.64.0.0/16  -10.64.0.0/17" in ran.out
    assert "--prune takes them out" in ran.out
    assert "  vnets.old" in ran.out.splitlines()


def test_a_second_import_changes_no_byte(file: str, sources: str) -> None:
    run("import", sources, "-o", file)
    before, status = Path(file).read_bytes(), os.stat(file)
    ran = run("import", sources, "-o", file)
    assert ran.out.splitlines()[-1] == f"3 identical; {file} says so already"
    assert run("import", sources, "-o", file, "--format", "json").json["written"] is False
    assert Path(file).read_bytes() == before
    assert (os.stat(file).st_mtime_ns, os.stat(file).st_ino) == (status.st_mtime_ns, status.st_ino)


def test_a_dry_run_rehearses_what_would_be_written(tmp_path: Path, file: str, sources: str) -> None:
    ran = run("import", sources, "-o", file, "--dry-run")
    assert ran.status == 0
    assert ran.out.splitlines()[-1].endswith(f"{file} is not written: this was a rehearsal")
    assert "vnets.center" in ran.out
    assert Path(file).read_text() == FILE
    assert run("import", sources, "-o", str(tmp_path / "new.toml"), "--dry-run").status == 0
    assert not (tmp_path / "new.toml").exists()


def test_pruning_takes_out_what_is_gone_and_nothing_planned(file: str, sources: str) -> None:
    ran = run("import", sources, "-o", file, "--prune")
    assert "- gone      vnets.old" in ran.out
    assert names_in(file) == {"later", "center", "spoke"}


def test_a_conflict_is_exit_status_one_and_stays_as_it_is(tmp_path: Path, file: str) -> None:
    one = written(tmp_path, json.dumps([HUB, SPOKE]), "a.json")
    other = written(tmp_path, json.dumps([vnet("HUB", "10.70.0.0/16")]), "b.json")
    ran = run("import", one, other, "-o", file)
    assert ran.status == 1
    assert "! conflict  vnets.center" in ran.out
    assert "1 in conflict (what is in conflict stays as it is)" in ran.out.splitlines()[-1]
    assert 'address_space = ["10.64.0.0/17"]' in Path(file).read_text()
    assert "spoke" in names_in(file)


FRUITLESS: dict[str, tuple[str, str]] = {
    "an empty list": ("[]", "nothing that can be imported"),
    "an empty object": ("{}", "nothing tells what kind of resource this is"),
    "an error of Azure": ('{"error": {"code": "AuthorizationFailed", "message": "no"}}', "tells an error"),
    "values of a query": ('[{"name": "hub", "prefix": ["10.0.0.0/16"]}]', "source.json: [0]"),
    "a list without properties": (
        json.dumps([{"id": HUB["id"], "name": "hub", "type": HUB["type"], "location": "westeurope"}]),
        "without their properties",
    ),
    "a template that cannot be evaluated": (
        json.dumps(
            {
                "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                "parameters": {"name": {"type": "string"}},
                "resources": [{**HUB, "name": "[parameters('name')]", "apiVersion": "2024-01-01"}],
            }
        ),
        "its name is not known",
    ),
}


@pytest.mark.parametrize("kind", FRUITLESS)
def test_a_source_with_nothing_in_it_is_exit_status_two_and_no_file_is_made(
    tmp_path: Path, file: str, kind: str
) -> None:
    data, why = FRUITLESS[kind]
    source = written(tmp_path, data, "source.json")
    for more in ((), ("-o", file, "--prune"), ("-o", str(tmp_path / "new.toml")), ("--format", "json")):
        ran = run("import", source, *more)
        assert (ran.status, ran.out) == (2, "")
        assert "source.json" in ran.err
        assert why in ran.err
    assert not (tmp_path / "new.toml").exists()
    assert Path(file).read_text() == FILE


def test_beside_others_an_empty_list_is_fine_and_what_is_not_understood_is_not(tmp_path: Path, sources: str) -> None:
    assert run("import", sources, written(tmp_path, "[]", "empty.json")).status == 0
    ran = run("import", sources, written(tmp_path, FRUITLESS["an error of Azure"][0], "error.json"))
    assert (ran.status, ran.out) == (2, "")
    assert "error.json" in ran.err
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a.json", "b.json"):
        written(folder, json.dumps([HUB]) if name == "a.json" else "{}", name)
    assert run("import", str(folder)).status == 0, "what only lies there need not be anything"


def test_a_rehearsal_tells_what_it_understood_of_each_new_thing(tmp_path: Path) -> None:
    group = f"{NETWORK}/localNetworkGateways"
    gateway = {
        "id": f"{group}/dublin",
        "name": "dublin",
        "type": "Microsoft.Network/localNetworkGateways",
        "location": "westeurope",
        "gatewayIpAddress": "203.0.113.1",
        "localNetworkAddressSpace": {"addressPrefixes": ["192.168.0.0/16"]},
    }
    source = written(tmp_path, json.dumps([HUB, gateway]), "all.json")
    told = run("import", source).out.splitlines()
    assert "+ new       vnets.hub: 10.64.0.0/16, westeurope, prod, subnets app".replace("prod", "sub-11111111") in told
    (site,) = [line for line in told if line.startswith("+ new       sites.")]
    assert "dublin: 192.168.0.0/16, device 203.0.113.1" in site
    told = run("import", source, "--verbose").out.splitlines()
    place = told.index("+ new       vnets.hub")
    assert "              address_space: [10.64.0.0/16]" in told[place:]
    assert "              subnets.app.prefixes: [10.64.1.0/24]" in told[place:]
    assert "              vpn_device: 203.0.113.1" in told


def test_a_changed_gateway_names_no_field_that_stays_as_it_is(tmp_path: Path) -> None:
    gateway = {
        "id": f"{NETWORK}/virtualNetworkGateways/gw",
        "name": "gw",
        "type": "Microsoft.Network/virtualNetworkGateways",
        "location": "westeurope",
        "gatewayType": "Vpn",
        "vpnType": "RouteBased",
        "sku": {"name": "VpnGw1AZ"},
        "ipConfigurations": [{"subnet": {"id": f"{HUB['id']}/subnets/GatewaySubnet"}}],
    }
    file = written(tmp_path, FILE)
    ran = run("import", written(tmp_path, json.dumps([HUB, gateway]), "v.json"), "-o", file, "--dry-run")
    fields = {line.split(":")[0].strip() for line in ran.out.splitlines() if line.startswith("     ")}
    assert "gateway.sku" in fields
    assert not fields & {"gateway.p2s_pools", "gateway.active_active", "gateway.vpn_type", "gateway.asn"}


def test_a_finding_that_a_waiver_of_the_file_accepts_is_told_as_accepted(tmp_path: Path) -> None:
    waiver = '\n[waivers.w]\ncode = "ADR002"\nwhere = ["vnets.*"]\nreason = "on purpose"\n'
    file = written(tmp_path, FILE + waiver)
    source = written(tmp_path, json.dumps([vnet("clash", "10.80.0.0/16")]), "v.json")
    ran = run("import", source, "-o", file, "--dry-run")
    assert "[waived: on purpose]" in ran.out
    found = run("import", source, "-o", file, "--dry-run", "--format", "json").json["findings"]["new"]
    assert [one["waived"] for one in found if one["code"] == "ADR002"] == ["on purpose"]


def test_more_findings_than_are_named_are_named_with_verbose(tmp_path: Path) -> None:
    many = [vnet(f"v{number}", "10.80.0.0/16") for number in range(10)]
    source = written(tmp_path, json.dumps(many), "v.json")
    ran = run("import", source)
    (more,) = [line for line in ran.out.splitlines() if line.startswith("  and ") and line.endswith("names them)")]
    assert "--verbose" in more, "there is no file yet that could be checked"
    assert ran.out.count(" ADR002 ") < run("import", source, "--verbose").out.count(" ADR002 ") == 45


def test_templates_are_planned_and_a_person_may_say_otherwise(tmp_path: Path) -> None:
    made = {
        "type": "Microsoft.Network/virtualNetworks",
        "name": "made",
        "location": "[resourceGroup().location]",
        "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}},
    }
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    source = written(tmp_path, json.dumps({"$schema": schema, "resources": [made]}), "azuredeploy.json")
    told = ("--location", "West Europe", "--resource-group", "rg", "--subscription", SUBSCRIPTION)
    for more, state in (((), "planned"), (("--state", "deployed"), "deployed")):
        target = tmp_path / f"{state}.toml"
        assert run("import", source, *told, *more, "-o", str(target)).status == 0
        document = tomllib.loads(target.read_text())
        part = document["vnets"]["made"]
        assert part.get("state", "planned") == state
        assert (part["region"], part["resource_group"]) == ("westeurope", "rg")
        assert [one["id"] for one in document["subscriptions"].values()] == [SUBSCRIPTION]


# Sources


def test_standard_input_is_a_source() -> None:
    ran = run("import", "-", "--format", "json", stdin=json.dumps([HUB]).encode())
    (item,) = [one for one in ran.json["items"] if one["path"] == "vnets.hub"]
    assert (item["status"], item["source"], item["at"]) == ("new", "-", "[0]")


def test_a_folder_means_all_in_it_and_below_it(tmp_path: Path) -> None:
    (tmp_path / "azure" / "below").mkdir(parents=True)
    written(tmp_path / "azure", json.dumps([HUB]), "a.json")
    written(tmp_path / "azure" / "below", json.dumps({"value": [SPOKE]}), "b.json")
    written(tmp_path / "azure", "# Notes\n\nabout it\n", "README.md")
    target = written(tmp_path / "azure", CLEAN, "plan.toml")
    for _ in range(2):
        ran = run("import", str(tmp_path / "azure"), "-o", target)
        assert (ran.status, ran.err) == (0, "")
        assert f"{tmp_path}/azure/README.md: " in ran.out
        assert f"{target}: this is a topology of vnet-tui already" in ran.out
    assert names_in(target) == {"hub", "spoke"}


# The JSON contract


def test_the_document_names_everything(file: str, tmp_path: Path) -> None:
    source = written(tmp_path, json.dumps([HUB, {**SPOKE, "tags": {"password": SECRETS[2]}}]), "v.json")
    ran = run("import", source, "-o", file, "--format", "json")
    document = ran.json
    assert list(document) == ["items", "absent", "notices", "findings", "written"]
    assert {tuple(item) for item in document["items"]} == {("path", "status", "changes", "why", "source", "at")}
    by_path = {item["path"]: item for item in document["items"]}
    assert by_path["vnets.center"] == {
        "path": "vnets.center",
        "status": "changed",
        "changes": [
            {"field": "address_space", "before": ["10.64.0.0/17"], "after": ["10.64.0.0/16"]},
            {"field": "subnets.app.prefixes", "before": None, "after": ["10.64.1.0/24"]},
        ],
        "why": None,
        "source": source,
        "at": "[0]",
    }
    assert by_path["subscriptions.prod"]["status"] == "identical"
    assert by_path["vnets.spoke"]["status"] == "new"
    assert document["absent"] == ["vnets.old"]
    (notice,) = document["notices"]
    assert (notice["kind"], notice["source"], notice["at"]) == ("secret", source, "[1]")
    assert list(document["findings"]) == ["new", "gone"]
    assert {tuple(one) for one in document["findings"]["new"]} <= {
        ("code", "severity", "where", "line", "column", "message", "help", "waived")
    }
    assert document["written"] is True


def test_a_finding_that_the_result_would_have_is_told(tmp_path: Path, file: str) -> None:
    source = written(tmp_path, json.dumps([vnet("clash", "10.80.0.0/16")]), "v.json")
    ran = run("import", source, "-o", file, "--dry-run", "--format", "json")
    new = ran.json["findings"]["new"]
    assert any("vnets.clash" in place for one in new for place in one["where"])
    text = run("import", source, "-o", file, "--dry-run").out
    assert f"new findings ({len(new)}" in text
    assert new[0]["message"] in text


# Bad input


LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    + "]>\n<NetworkConfiguration>&l9;</NetworkConfiguration>"
)
OUTSIDE = '<!DOCTYPE a [\n<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<NetworkConfiguration>&x;</NetworkConfiguration>'

BAD: dict[str, tuple[str, bytes, str]] = {
    "truncated": ("v.json", json.dumps([HUB, SPOKE], indent=1).encode()[:-30], "line "),
    "truncated in a character": ("v.json", '[{"name": "é'.encode()[:-1], "line 1"),
    "not UTF-8": ("v.json", json.dumps([HUB]).encode() + b"\n\xe9\xe8 ", "line 2"),
    "binary": ("v.json", b"[\0\0\0{" * 100, "zero bytes"),
    "empty": ("v.json", b" \r\n", "nothing in it"),
    "billion laughs": ("net.xml", LAUGHS.encode(), "net.xml: "),
    "external entity": ("net.xml", OUTSIDE.encode(), "net.xml: "),
    "malformed xml": ("net.netcfg", b"<NetworkConfiguration>\n<a></b></NetworkConfiguration>", "line 2"),
    "deep lists": ("v.json", b"[" * 200_000, "v.json: "),
    "deep objects": ("v.json", b'[{"a": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}]", "v.json: "),
    "login page": ("v.json", b"\n<!DOCTYPE html><html><title>Sign in to your account</title></html>", "web page"),
    "gzip": ("v.json", gzip.compress(b"[]", mtime=0), "gzip"),
    "a table of az": ("v.json", b"Name    ResourceGroup\n------  ---------------\nhub     rg\n", "-o table"),
    "a wrong comma": ("v.json", b'[\n  {"name": "hub",}\n]', "line 2"),
    "something else": ("v.txt", b"hello\n", "not known"),
    "a topology": ("v.toml", CLEAN.encode(), "topology of vnet-tui"),
    "csv without a VNet": ("v.csv", b"region,colour\nwesteurope,red\n", "v.csv: "),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", BAD)
def test_what_cannot_be_read_is_told_with_its_place_and_nothing_is_written(
    tmp_path: Path, file: str, sources: str, kind: str
) -> None:
    name, data, said = BAD[kind]
    bad = written(tmp_path, data, name)
    for target in (file, str(tmp_path / "new.toml")):
        ran = run("import", sources, bad, "-o", target)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.startswith(f"vnet-tui: {bad}: ") or f"{bad}: " in ran.err
        assert said in ran.err
        assert "Traceback" not in ran.err
        assert "root:" not in ran.err
        assert len(ran.err) < 2000
    assert Path(file).read_text() == FILE
    assert not (tmp_path / "new.toml").exists()


def test_what_is_too_large_is_not_read(
    tmp_path: Path, file: str, sources: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.cli.importing.MAX_BYTES", 1000)
    large = written(tmp_path, json.dumps([HUB] * 10), "large.json")
    for name, stdin in ((large, b""), ("-", Path(large).read_bytes())):
        ran = run("import", name, "-o", file, stdin=stdin)
        assert (ran.status, ran.out) == (2, "")
        assert "larger than" in ran.err
    assert Path(file).read_text() == FILE


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le"),
        lambda text: b"WARNING: This command is in preview.\n" + text.encode(),
    ],
)
def test_every_encoding_of_azures_tools_is_read(tmp_path: Path, encode: Callable[[str], bytes]) -> None:
    source = written(tmp_path, encode(json.dumps([HUB, SPOKE], indent=2)), "v.json")
    ran = run("import", source, "--format", "json")
    assert ran.status == 0
    assert [one["path"] for one in ran.json["items"] if one["path"].startswith("vnets")] == ["vnets.hub", "vnets.spoke"]


@pytest.mark.parametrize("name", ["hub-and-spoke", "hub-and-spoke.toml"])
def test_a_sample_is_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sources: str, name: str) -> None:
    sample = samples()["hub-and-spoke"]
    before = sample.read_bytes()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.toml").symlink_to(sample)
    for target in (name, str(sample), "link.toml"):
        ran = run("import", sources, "-o", target)
        assert (ran.status, ran.out) == (2, "")
        assert "sample" in ran.err
    assert sample.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import",), "SOURCE"),
        (("import", "vnets.json", "-o", "-"), "standard input cannot be written to"),
        (("import", "missing.json"), "missing.json"),
        (("import", "vnets.json", "-o", "nowhere/plan.toml"), "nowhere"),
        (("import", "vnets.json", "-o", "broken.toml"), "broken.toml:2:"),
        (("import", "vnets.json", "-o", "vnets.json"), "vnets.json"),
        (("import", "vnets.json", "-o", "."), "folder"),
        (("import", "vnets.json", "--from", "yaml"), "yaml"),
        (("import", "vnets.json", "--state", "retiring"), "retiring"),
        (("import", "empty"), "no file"),
        (("import", "vnets.json", "--from", "netcfg"), "vnets.json"),
    ],
)
def test_what_cannot_be_done_is_exit_status_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sources: str, arguments: tuple[str, ...], said: str
) -> None:
    written(tmp_path, "schema = 1\nname = 5\n", "broken.toml")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


# Foreign text


def test_hostile_names_reach_no_terminal_and_come_back_as_they_were(tmp_path: Path) -> None:
    evil = "a\x1b]0;owned\x07\u202eb\n[vnets.x]\r\"'"
    one = vnet("plain", "10.0.0.0/16", tags={evil: evil}, subnets=[subnet(evil.replace("/", ""), "10.0.0.0/24")])
    two = {**vnet("x", "10.1.0.0/16"), "id": f"{NETWORK}/virtualNetworks/{evil}", "name": evil, "location": evil}
    source = written(
        tmp_path, json.dumps([one, two, {"name": evil, "type": evil}, {evil: evil}]), "v\x1b[2J\u202e.json"
    )
    target = tmp_path / "new.toml"
    for form in ("text", "json"):
        assert run("import", source, "--verbose", "--format", form).status in (0, 1)
    assert run("import", source, "-o", str(target)).status == 0
    document = tomllib.loads(target.read_text())
    assert document["vnets"]["plain"]["tags"] == {evil: evil}
    assert len(document["vnets"]) == 2
    assert run("import", source, "-o", str(target), "--format", "json").json["written"] is False


def shouting(ran: Ran, *files: Path) -> list[str]:
    """Which of the planted secrets can be read somewhere."""
    text = ran.out + ran.err + "".join(file.read_text() for file in files)
    return [secret for secret in SECRETS if secret in text]


def test_no_planted_secret_is_ever_printed_or_written(tmp_path: Path) -> None:
    key, certificate, password, token = SECRETS
    tags = {"vpnPassword": password, "owner": "network team", "note": f"SharedAccessKey={token}", "api-key": token}
    client = {
        "vpnClientAddressPool": {"addressPrefixes": ["172.16.0.0/24"]},
        "vpnClientRootCertificates": [{"name": "root", "publicCertData": certificate}],
        "radiusServerSecret": password,
    }
    gateway = {
        "id": f"{NETWORK}/virtualNetworkGateways/gw", "name": "gw", "gatewayType": "Vpn", "vpnType": "RouteBased",
        "sku": {"name": "VpnGw1AZ"}, "vpnClientConfiguration": client, "tags": tags,
        "ipConfigurations": [{"subnet": {"id": f"{NETWORK}/virtualNetworks/hub/subnets/GatewaySubnet"}}],
    }  # fmt: skip
    local = {
        "id": f"{NETWORK}/localNetworkGateways/site", "name": "site", "gatewayIpAddress": "203.0.113.1", "tags": tags,
        "localNetworkAddressSpace": {"addressPrefixes": ["192.168.0.0/24"]},
    }  # fmt: skip
    link = {
        "id": f"{NETWORK}/connections/link", "name": "link", "connectionType": "IPsec", "sharedKey": key,
        "authorizationKey": key, "virtualNetworkGateway1": {"id": gateway["id"], "sharedKey": key}, "tags": tags,
        "localNetworkGateway2": {"id": local["id"]}, "routingWeight": password, "enableBgp": token,
    }  # fmt: skip
    hub = {**HUB, "tags": tags, "subnets": [*HUB["subnets"], subnet("GatewaySubnet", "10.64.0.0/27")]}
    every = written(tmp_path, json.dumps([hub, gateway, local, link, {"value": key}, {"sharedKey": key}]), "all.json")
    alone = written(tmp_path, json.dumps({"value": key}), "key.json")
    target = tmp_path / "new.toml"
    for form in ("text", "json"):
        ran = run("import", every, alone, "--verbose", "--format", form)
        assert ran.status == 0
        assert "secret" in ran.out
        assert shouting(ran) == []
    ran = run("import", every, alone, "-o", str(target))
    assert ran.status == 0
    assert shouting(ran, target) == []
    document = tomllib.loads(target.read_text())
    assert document["connections"]["link"]["between"] == ["hub", "site"]
    assert document["vnets"]["hub"]["tags"] == {"owner": "network team"}
    # A source that breaks off next to a secret is not quoted.
    broken = written(tmp_path, f'[{{"sharedKey": "{key}", "tags": {{"token": "{token}", }}', "broken.json")
    ran = run("import", broken, "-o", str(target))
    assert (ran.status, shouting(ran, target)) == (2, [])


# Much


@pytest.fixture(scope="module")
def ten_thousand(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Every second VNet has a peering that leads nowhere, which is told."""
    far = {"id": f"{NETWORK}/virtualNetworks/elsewhere"}
    peering = {"name": "p", "remoteVirtualNetwork": far, "peeringState": "Connected"}
    every = [
        vnet(f"v{n}", f"10.{n >> 8}.{n & 255}.0/24", virtualNetworkPeerings=[peering] * (n % 2)) for n in range(10_000)
    ]
    return written(tmp_path_factory.mktemp("much"), json.dumps(every), "vnets.json")


def test_ten_thousand_things_are_counted_and_not_listed(ten_thousand: str, tmp_path: Path) -> None:
    ran = run("import", ten_thousand)
    lines = ran.out.splitlines()
    assert len(lines) < 300
    assert "+ new       vnets: 9980 more (--verbose names them)" in lines
    assert "  and 4980 more (--verbose names them)" in lines
    assert "10001 new" in lines[-1]


def test_new_and_changed_things_that_alternate_are_counted_too(tmp_path: Path) -> None:
    every = [vnet(f"v{n:04}", f"10.{n >> 8}.{n & 255}.0/24") for n in range(1000)]
    target = str(tmp_path / "plan.toml")
    assert run("import", written(tmp_path, json.dumps(every[::2]), "half.json"), "-o", target).status == 0
    other = [{**one, "location": "northeurope"} for one in every]
    all_of_it = written(tmp_path, json.dumps(other), "all.json")
    lines = run("import", all_of_it, "-o", target, "--dry-run").out.splitlines()
    assert len(lines) < 200
    assert "+ new       vnets: 480 more (--verbose names them)" in lines
    assert "~ changed   vnets: 480 more (--verbose names them)" in lines
    verbose = run("import", all_of_it, "-o", target, "--dry-run", "--verbose").out
    assert all(f"vnets.v{n:04}" in verbose for n in range(1000))


# Other people's files


@pytest.mark.skipif("VNET_TUI_REAL" not in os.environ, reason="VNET_TUI_REAL does not name the folder")
def test_every_folder_of_real_files_is_rehearsed(tmp_path: Path) -> None:
    folders = sorted(path for path in [REAL, *REAL.rglob("*")] if path.is_dir())
    assert folders
    for folder in folders:
        target = tmp_path / "new.toml"
        ran = run("import", str(folder), "-o", str(target))
        assert ran.status in (0, 1, 2), folder
        assert "Traceback" not in ran.err
        assert target.exists() == (ran.status != 2)
        if ran.status == 2:
            assert str(folder) in ran.err
            continue
        assert run("import", str(folder), "-o", str(target), "--format", "json").json["written"] is False, folder
        target.unlink()


_CLASSIC = """<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">
<VirtualNetworkConfiguration><VirtualNetworkSites><VirtualNetworkSite name="hub" Location="West Europe"><AddressSpace>
<AddressPrefix>%s</AddressPrefix><AddressPrefix>10.9.0.0/16</AddressPrefix></AddressSpace>
</VirtualNetworkSite></VirtualNetworkSites></VirtualNetworkConfiguration></NetworkConfiguration>"""
_TABLE = "vnet,prefix\nhub,%s; 10.9.0.0/16\n"


@pytest.mark.parametrize(("name", "text"), [("net.xml", _CLASSIC), ("net.csv", _TABLE)])
def test_a_prefix_that_cannot_be_read_takes_none_from_the_file(tmp_path: Path, name: str, text: str) -> None:
    target = tmp_path / "plan.toml"
    assert run("import", written(tmp_path, (text % "10.8.0.0/16").encode(), name), "-o", str(target)).status == 0
    before = target.read_text()
    assert "10.8.0.0/16" in before
    ran = run("import", written(tmp_path, (text % "10.8.0.x/16").encode(), name), "-o", str(target))
    assert "not understood" in ran.out
    assert target.read_text() == before
