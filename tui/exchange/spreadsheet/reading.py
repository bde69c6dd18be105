"""CSV: the spreadsheet that people have, with a row for each VNet or for each subnet.

Owns what the rows of such a table mean; which columns there are, and the names that each goes by, is in `header`:

- VNet (or a resource id), subscription (a name or an id), resource group: which VNet the row is about. Parts that a
  later row leaves empty fit every VNet that has been named so far; a row with a subnet and no VNet, as merged cells
  leave it, belongs to the VNet above.
- region, prefix, DNS servers: of the VNet. Several prefixes stand in one cell, with ";", "," or blanks between.
- subnet, subnet prefix: one subnet a row. A table without a column for the subnet's prefix writes it in the column
  of the VNet's: there the prefix of a row with a subnet is the subnet's.
- gateway: the SKU of its gateway, or "yes"; asn: its AS number.
- site, site prefix, VPN device: an on-premises network to which the VNet has a VPN connection; a row with a site and
  no VNet describes the site alone.
- peering: VNets with which it is peered; connected to: VNets or sites to which it has a VPN connection. Each link
  need stand in one row only.

Invariant: no cell is quoted in a message unless it names something, and a link of the table has two ends.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from tui.exchange.addresses import device_address, ip_address, prefixes_in
from tui.exchange.allowed_names import with_allowed_names
from tui.exchange.found import Found, FoundSubscription, Identity, Notice, NoticeKind, Place
from tui.exchange.notices import Notices
from tui.exchange.resource_ids import parsed_id
from tui.exchange.source import Source
from tui.exchange.spreadsheet.header import Column
from tui.exchange.spreadsheet.links import Links, SubnetRow, VNetIndex, VNetRow
from tui.exchange.spreadsheet.rows import Row, table
from tui.topology.catalog import region_name, sku_names
from tui.topology.prefix import Prefix

_SEPARATORS: Final = re.compile(r"[;,|\n]")
_LONGEST_PREFIX: Final = 200
_OF_A_LIST: Final = str.maketrans(dict.fromkeys('[]"'))
"""Signs around the items of a JSON list, which is how Resource Graph exports several prefixes."""
_NO: Final = frozenset({"no", "none", "false", "0", "-", "–", "n/a"})
_YES: Final = frozenset({"yes", "true", "1", "x"})
_VNET_TYPE: Final = "microsoft.network/virtualnetworks"


def read(source: Source) -> Found:
    """Return what a table tells.

    Raises ExchangeError for a table without a column that names VNets or sites, and for one whose quotes do not match.
    """
    reader = _Reader(source.name)
    found = table(source)
    for notice in found.notices:
        reader.notices.tell(notice)
    reader.prefix_is_subnets = "subnet" in found.columns and "subnet prefix" not in found.columns
    empty = True
    for row in found.rows:
        empty = False
        if isinstance(row, Notice):
            reader.notices.tell(row)
        else:
            reader.take(row)
    if empty:
        reader.notice("missing", "the table has a header and no rows", 1)
    return reader.found()


class _Reader:
    """Takes the rows one by one."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.notices = Notices(source)
        self.prefix_is_subnets = False
        self.vnets: list[VNetRow] = []
        self.index = VNetIndex()
        self.above: VNetRow | None = None
        self.continued: set[int] = set()
        self.links = Links(self.index, self.notices.tell)
        self.subscriptions: dict[str, FoundSubscription] = {}

    def found(self) -> Found:
        for vnet in self.vnets:
            if not vnet.prefixes:
                self.notice("missing", f'the VNet "{vnet.identity.name}" has no address space in the table', vnet.line)
        linked = self.links.made(self.vnets)
        found = Found(
            subscriptions=tuple(self.subscriptions.values()),
            vnets=tuple(vnet.found() for vnet in self.vnets),
            gateways=linked.gateways,
            local_gateways=linked.local_gateways,
            connections=linked.connections,
            peerings=linked.peerings,
        )
        found = with_allowed_names(found, self.notices.tell)
        return replace(found, notices=self.notices.all())

    def notice(self, kind: NoticeKind, text: str, line: int) -> None:
        self.notices.tell(Notice(kind, text, Place(self.source, f"line {line}")))

    def take(self, row: Row) -> None:
        vnet = self.vnet(row)
        cells = row.cells
        if vnet is not None:
            self.above = vnet
            self.describe(vnet, row)
            for column in ("peering", "connected to"):
                names = _names(cells.get(column, ""))
                self.links.wanted += [(vnet, column, name, self.place(row)) for name in names]
        sites = _names(cells.get("site", ""))
        for name in sites:
            site = self.links.site(name, self.place(row))
            if vnet is not None:
                self.links.wanted.append((vnet, "site", name, self.place(row)))
            if len(sites) == 1:
                prefixes, is_partial = self.prefixes(row, "site prefix")
                site.prefixes |= dict.fromkeys(prefixes)
                site.is_partial |= is_partial
                site.address = site.address or self.device(row)
        if len(sites) != 1 and ("site prefix" in cells or "vpn device" in cells):
            text = "a prefix or a device of a site, in a row that does not name one site"
            self.notice("not understood", text, row.line)

    def vnet(self, row: Row) -> VNetRow | None:
        """The VNet that a row is about; None where it is about a site, or cannot be told."""
        identity = self.identity(row)
        if identity is None:
            return None
        if identity.name:
            return self.known_or_new(identity, row.line)
        if "subnet" in row.cells and self.above is not None:
            if self.above.line not in self.continued:
                self.continued.add(self.above.line)
                text = (
                    f'rows with a subnet and no VNet are read as parts of the VNet above, "{self.above.identity.name}"'
                )
                self.notice("assumed", text, row.line)
            return self.above
        if "site" not in row.cells:
            self.notice("not understood", "the row names no VNet", row.line)
        return None

    def identity(self, row: Row) -> Identity | None:
        cells = row.cells
        if "id" in cells:
            found = parsed_id(cells["id"])
            if found is not None and found.type.startswith(_VNET_TYPE) and found.top.name:
                return found.top
            if "vnet" not in cells:
                self.notice("not understood", "the resource id is not that of a VNet", row.line)
                return None
        subscription = cells.get("subscription id") or cells.get("subscription", "")
        if "subscription id" in cells and "subscription" in cells:
            self.subscriptions.setdefault(
                subscription.casefold(),
                FoundSubscription(id=subscription, name=cells["subscription"], place=self.place(row)),
            )
        return Identity(subscription, cells.get("resource group", ""), cells.get("vnet", ""))

    def known_or_new(self, identity: Identity, line: int) -> VNetRow | None:
        fitting = self.index.named_by(identity)
        exact = [vnet for vnet in fitting if vnet.identity.folded == identity.folded]
        if exact or len(fitting) == 1:
            return (exact or fitting)[0]
        if fitting:
            text = f'which VNet "{identity.name}" is meant: its subscription or resource group is not told'
            self.notice("not understood", text, line)
            return None
        vnet = VNetRow(identity, Place(self.source, f"line {line}"), line)
        self.vnets.append(vnet)
        self.index.add(vnet)
        return vnet

    def describe(self, vnet: VNetRow, row: Row) -> None:
        cells = row.cells
        subnet = cells.get("subnet")
        if subnet is None or not self.prefix_is_subnets:
            prefixes, is_partial = self.prefixes(row, "prefix")
            vnet.prefixes |= dict.fromkeys(prefixes)
            vnet.is_partial |= is_partial
        if subnet is not None:
            prefixes, is_partial = self.prefixes(row, "prefix" if self.prefix_is_subnets else "subnet prefix")
            known = vnet.subnets.setdefault(subnet.casefold(), SubnetRow(subnet))
            known.prefixes |= dict.fromkeys(prefixes)
            known.is_partial |= is_partial
        elif "subnet prefix" in cells:
            self.notice("not understood", "a subnet's prefix in a row that names no subnet", row.line)
        region = cells.get("region")
        if region is not None:
            region = region_name(region)
            if vnet.region is not None and vnet.region != region:
                self.notice(
                    "differs", f'the region of the VNet "{vnet.identity.name}"; the first one is kept', row.line
                )
            vnet.region = vnet.region or region
        for text in re.split(r"[;,|\s]+", cells["dns servers"]) if "dns servers" in cells else ():
            address = ip_address(text)
            if address is not None:
                vnet.dns_servers[address] = None
            elif text:
                self.notice("not understood", "a DNS server that is no IP address", row.line)
        self.gateway(vnet, row)

    def gateway(self, vnet: VNetRow, row: Row) -> None:
        for written in _names(row.cells.get("gateway", "")):
            if written.casefold() in _NO:
                continue
            name = None if written.casefold() in _YES else _SKUS.get(written.casefold(), written)
            vnet.add_gateway(name)
        asn = row.cells.get("asn")
        if asn is None:
            return
        number = int(asn) if asn.isascii() and asn.isdigit() and len(asn) < 11 else -1
        if not 0 <= number <= 0xFFFFFFFF:
            self.notice("not understood", "the AS number is none", row.line)
        elif vnet.asn is None:
            vnet.asn = number
        elif vnet.asn != number:
            self.notice("differs", f'the AS number of the VNet "{vnet.identity.name}"; the first one is kept', row.line)

    def prefixes(self, row: Row, column: Column) -> tuple[tuple[Prefix, ...], bool]:
        """The prefixes, and whether there are more, which could not be read."""
        if column not in row.cells:
            return (), False
        place = Place(self.source, f"line {row.line}, {column}")
        cell = row.cells[column]
        if cell.startswith("["):
            cell = cell.translate(_OF_A_LIST)
        texts = [text for text in _SEPARATORS.split(cell) if text.strip()]
        if any(len(text) > _LONGEST_PREFIX for text in texts):
            texts = [piece for text in texts for piece in text.split()]
        prefixes, notices, is_partial = prefixes_in([text for text in texts if len(text) <= _LONGEST_PREFIX], place)
        for notice in notices:
            self.notices.tell(notice)
        if any(len(text) > _LONGEST_PREFIX for text in texts):
            self.notices.tell(Notice("not understood", "a text that is longer than any prefix", place))
            is_partial = True
        return prefixes, is_partial

    def device(self, row: Row) -> str | None:
        if "vpn device" not in row.cells:
            return None
        address = device_address(row.cells["vpn device"])
        if address is None:
            self.notice("not understood", "the VPN device is neither an IP address nor a host name", row.line)
        return address

    def place(self, row: Row) -> Place:
        return Place(self.source, f"line {row.line}")


_SKUS: Final = {name.casefold(): name for name in sku_names()}


def _names(cell: str) -> list[str]:
    """The names in a cell, each once; a cell that says "none" has none."""
    names = dict.fromkeys(name for each in _SEPARATORS.split(cell) if (name := each.strip()))
    return [name for name in names if name.casefold() not in _NO] if len(names) == 1 else list(names)
