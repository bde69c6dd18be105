"""What stands in a form means what was there, and what a person types means what it says."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.app.forms.fields import choices, default_text, shape, text_of, value_of
from tui.app.forms.kinds import KINDS
from tui.app.forms.prefix_text import plain
from tui.display import displayable
from tui.errors import EditError
from tui.topology.model import Connection, Gateway, Part, Planning, Service, Topology, VNet, Waiver
from tui.topology.prefix import BITS, Prefix

FIELDS = [(kind.model, line.of) for kind in KINDS.values() for line in kind.own_lines]

ANY = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
PLAIN = st.one_of(ANY, st.integers(-(2**53), 2**53), st.booleans(), st.floats(allow_nan=False, allow_infinity=False))
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY, inner, max_size=3))
PREFIXES = st.builds(
    lambda version, address, length: Prefix(version, address % (1 << BITS[version]), BITS[version]).shortened(
        length % (BITS[version] + 1)
    ),
    st.sampled_from([4, 6]),
    st.integers(0, 2**128 - 1),
    st.integers(0, 128),
)


def values(model: type[Part], of: str) -> st.SearchStrategy[Any]:
    """What the file can say in the field."""
    known = choices(model, of)
    return {
        "prefixes": st.lists(PREFIXES, min_size=1, max_size=4, unique=True).map(tuple),
        "names": st.lists(ANY, min_size=1, max_size=4).map(tuple),
        "pair": st.tuples(ANY, ANY),
        "words": st.lists(st.sampled_from(known or ("x",)), min_size=1, max_size=3).map(tuple),
        "choice": st.sampled_from(known or ("x",)),
        "flag": st.booleans(),
        "whole": st.integers(0, 2**32),
        "number": st.one_of(st.integers(0, 10**6), st.floats(0, 1e9)),
        "day": st.dates(),
        # What cannot be shown as it is, or is parted from blanks, stays as it is instead.
        "text": ANY.filter(lambda text: displayable(text) == text == text.strip()),
        "tags": st.dictionaries(ANY, VALUES, min_size=1, max_size=3),
        "pairs": st.dictionaries(ANY, ANY, min_size=1, max_size=3),
        "toml": VALUES,
    }[shape(model, of)]


@pytest.mark.parametrize(("model", "of"), FIELDS, ids=lambda one: one if isinstance(one, str) else one.__name__)
def test_what_stands_in_a_field_is_one_displayable_line_that_means_what_the_file_says(
    model: type[Part], of: str
) -> None:
    @settings(max_examples=25)
    @given(values(model, of))
    def holds(value: Any) -> None:
        text = text_of(model, of, value)
        assert displayable(text) == text
        if shape(model, of) == "prefixes":
            assert plain(text, lengths="").prefixes == value
        else:
            assert value_of(model, of, text) == value
            assert type(value_of(model, of, text)) is type(value)

    holds()


@pytest.mark.parametrize(
    ("model", "of", "text", "value"),
    [
        (VNet, "tags", 'owner = "network team", ticket = "NET-12"', {"owner": "network team", "ticket": "NET-12"}),
        (VNet, "tags", "owner = network team, ticket = NET-12", {"owner": "network team", "ticket": "NET-12"}),
        (VNet, "tags", 'owner = team, note = "a, b"', {"owner": "team", "note": "a, b"}),
        (VNet, "tags", "count = 3, live = true", {"count": 3, "live": True}),
        (VNet, "dns_servers", '["10.0.0.4", "10.0.0.5"]', ["10.0.0.4", "10.0.0.5"]),
        (VNet, "isolated", "Yes", True),
        (VNet, "state", "DEPLOYED", "deployed"),
        (VNet, "note", "  ", None),
        (Gateway, "vpn_type", "policybased", "PolicyBased"),
        (Gateway, "asn", "65010", 65010),
        (Connection, "bandwidth_mbps", "2.5", 2.5),
        (Connection, "bandwidth_mbps", "200", 200),
        (Connection, "between", "hub ,  app one", ("hub", "app one")),
        (Connection, "between", '"a, b", c', ("a, b", "c")),
        (Waiver, "expires", "2027-04-30", datetime.date(2027, 4, 30)),
        (Planning, "avoid", '"10.244.0.0/16" = AKS pods', {"10.244.0.0/16": "AKS pods"}),
        (Topology, "checks", "ADR006 = info", {"ADR006": "info"}),
    ],
)
def test_what_a_person_types_is_understood(model: type[Part], of: str, text: str, value: Any) -> None:
    assert value_of(model, of, text) == value


@pytest.mark.parametrize(
    ("model", "of", "text", "message", "hint"),
    [
        (VNet, "state", "deploid", "it is one of planned, deployed, retiring", "deployed"),
        (VNet, "isolated", "maybe", "it is one of yes, no", ""),
        (Gateway, "asn", "65k", "it is a whole number", ""),
        (Connection, "bandwidth_mbps", "inf", "it is a number, such as 200 or 2.5", ""),
        (Connection, "bandwidth_mbps", "fast", "it is a number, such as 200 or 2.5", ""),
        (Connection, "between", "hub", "it takes two names, and here are 1", "write them as hub, app"),
        (Waiver, "expires", "30.4.2027", "a day is written as year-month-day, such as 2027-04-30", ""),
        (Waiver, "expires", "2027-02-30", "there is no such day", ""),
        (VNet, "tags", "owner", 'it takes pairs, parted by commas: owner = "network team", ticket = NET-12', ""),
        (VNet, "tags", "a b = c, a b = d", "a b stands there twice", ""),
        (
            Planning,
            "workloads",
            "aks, dcker",
            "each is one of aks, container-apps, docker",
            "aks, docker",
        ),
    ],
)
def test_what_means_nothing_is_refused_with_what_would(
    model: type[Part], of: str, text: str, message: str, hint: str
) -> None:
    with pytest.raises(EditError) as caught:
        value_of(model, of, text)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_half_a_toml_value_is_refused() -> None:
    for text in ("[1, 2", "1\nw = 2", "yes please"):
        with pytest.raises(EditError, match="TOML value"):
            value_of(VNet, "dns_servers", text)


def test_while_the_file_says_nothing_the_default_stands_in_the_field() -> None:
    assert default_text(Gateway, "asn") == "65515"
    assert default_text(VNet, "isolated") == "no"
    assert default_text(VNet, "address_space") == ""
    assert default_text(Service, "kind") == ""
