"""The speed of an import: `python -m tests.bench.exchange`, or `make bench`.

A list of 10,000 VNets as `az network vnet list` prints it, about 30 MB. Whole processes, in turn with one that only
parses the file; what it costs to write the result is taken in one process beside it.
"""

from __future__ import annotations

import compileall
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tui
from tui.storage.load import load
from tui.storage.save import save_new

_RUNS = 5
_VNETS = 10_000
_MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
_SUBSCRIPTION = "00000000-0000-4000-8000-0000000000{:02}"


def main() -> None:
    """Print every figure with its limit."""
    compileall.compile_dir(tui.__path__[0], quiet=2)  # as an installed program is
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {_RUNS} runs each, medians")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "vnets.json", Path(folder) / "plan.toml"
        source.write_text(json.dumps([vnet(number) for number in range(_VNETS)], indent=2))
        size = source.stat().st_size
        print(f"{_VNETS} VNets, {size / 1e6:.1f} MB")
        command = [sys.executable, "-m", "tui", "import", str(source), "-o", str(target)]
        parse = [sys.executable, "-c", f"import json; json.load(open({str(source)!r}))"]
        _seconds(command, target), _seconds(parse)
        writing = _writing(target)
        pairs = [(_seconds(command, target), _seconds(parse)) for _ in range(_RUNS)]
        ratio = statistics.median((whole - writing) / parsed for whole, parsed in pairs)
        whole = statistics.median(one for one, _ in pairs)
        _say(f"import ({whole:.2f} s) less writing ({writing:.2f} s) : json.load", ratio, "at most 4")
        target.unlink()
        _say("memory : the file", _bytes(command) / size, "at most 6")


def vnet(number: int) -> dict[str, Any]:
    """Return a VNet as the command line prints one: three subnets, tags, and what else Azure says of it."""
    subscription = _SUBSCRIPTION.format(number % 20)
    group, name = f"rg-network-{number % 200}", f"vnet-{number}"
    place = f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network"
    own = f"{place}/virtualNetworks/{name}"
    first = (10 << 24) + number * 1024
    return {
        "addressSpace": {"addressPrefixes": [f"{_dotted(first)}/22"]},
        "bgpCommunities": None,
        "ddosProtectionPlan": None,
        "dhcpOptions": {"dnsServers": ["10.0.0.4", "10.0.0.5"]},
        "enableDdosProtection": False,
        "enableVmProtection": None,
        "etag": f'W/"{number:08}-0000-4000-8000-000000000000"',
        "extendedLocation": None,
        "flowTimeoutInMinutes": None,
        "id": own,
        "location": ("westeurope", "northeurope", "eastus", "westus2")[number % 4],
        "name": name,
        "provisioningState": "Succeeded",
        "resourceGroup": group,
        "resourceGuid": f"{number:08}-0000-4000-8000-000000000001",
        "subnets": [_subnet(own, place, group, part, first + part * 256) for part in range(3)],
        "tags": {"owner": f"team {number % 50}", "cost-center": str(1000 + number % 90), "environment": "production"},
        "type": "Microsoft.Network/virtualNetworks",
        "virtualNetworkPeerings": [],
    }


def _subnet(vnet_id: str, place: str, group: str, part: int, first: int) -> dict[str, Any]:
    name = ("web", "app", "data")[part]
    return {
        "addressPrefix": f"{_dotted(first)}/24",
        "addressPrefixes": None,
        "applicationGatewayIpConfigurations": None,
        "delegations": [],
        "etag": 'W/"00000000-0000-4000-8000-000000000002"',
        "id": f"{vnet_id}/subnets/{name}",
        "ipAllocations": None,
        "ipConfigurationProfiles": None,
        "ipConfigurations": None,
        "name": name,
        "natGateway": None,
        "networkSecurityGroup": {"id": f"{place}/networkSecurityGroups/nsg-{name}", "resourceGroup": group},
        "privateEndpointNetworkPolicies": "Enabled",
        "privateEndpoints": None,
        "privateLinkServiceNetworkPolicies": "Enabled",
        "provisioningState": "Succeeded",
        "purpose": None,
        "resourceGroup": group,
        "routeTable": {"id": f"{place}/routeTables/rt-{name}", "resourceGroup": group},
        "serviceEndpoints": [],
        "type": "Microsoft.Network/virtualNetworks/subnets",
    }


def _dotted(address: int) -> str:
    return ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0))


def _seconds(command: Sequence[str], target: Path | None = None) -> float:
    if target is not None:
        target.unlink(missing_ok=True)
    begin = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begin


def _writing(target: Path) -> float:
    """Seconds that it takes to write what was imported."""
    topology, times = load(target).topology, []
    for number in range(_RUNS):
        begin = time.perf_counter()
        save_new(target.with_suffix(f".{number}.toml"), topology)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def _bytes(command: Sequence[str]) -> float:
    # From a small process: what a child has is counted from what its parent had when it was begun.
    done = subprocess.run([sys.executable, "-c", _MEASURE, *command], capture_output=True, text=True, check=True)
    return float(done.stdout) * 1024


def _say(what: str, figure: float, limit: str) -> None:
    print(f"{what:75} {figure:8.2f}   ({limit})")


if __name__ == "__main__":
    main()
