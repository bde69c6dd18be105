"""VNets of an import: what could not be read of them."""

from __future__ import annotations

import pytest

from tests.unit.exchange.azure_side import prefixes, vnet
from tui.exchange.assembling.assembly import assembled
from tui.exchange.found import Found, FoundSubnet
from tui.exchange.rehearsing.rehearsal import merged


@pytest.mark.parametrize("is_known", [True, False])
def test_a_prefix_that_cannot_be_read_takes_none_of_the_file_back_and_is_said(is_known: bool) -> None:
    whole = vnet("hub", "10.8.0.0/16", "10.9.0.0/16")
    file = merged(None, assembled(Found(vnets=(whole,)))).after if is_known else None
    assembly = assembled(Found(vnets=(vnet("hub", "10.9.0.0/16", is_partial=True),)), file)
    after = merged(file, assembly).after
    assert after.vnets["hub"].address_space == (whole.prefixes if is_known else prefixes("10.9.0.0/16"))
    (notice,) = assembly.notices
    assert notice.kind == "missing"
    assert ("those of the file stay" if is_known else "more than is imported") in notice.text
    assert merged(after, assembled(Found(vnets=(vnet("hub", "10.9.0.0/16", is_partial=True),)), after)).after is after


def test_a_subnet_that_is_read_in_part_keeps_its_prefixes() -> None:
    whole = FoundSubnet(name="app", prefixes=prefixes("10.0.1.0/24", "10.0.2.0/24"))
    file = merged(None, assembled(Found(vnets=(vnet("hub", "10.0.0.0/16", subnets=(whole,)),)))).after
    part = FoundSubnet(name="APP", prefixes=prefixes("10.0.2.0/24"), is_partial=True)
    assert merged(file, assembled(Found(vnets=(vnet("hub", "10.0.0.0/16", subnets=(part,)),)), file)).after is file
