"""What becomes of findings from one topology to the next."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tui.checks.against import key_of, turnover
from tui.checks.rule import Finding


def finding(name: str, waived: str | None = None) -> Finding:
    """A finding of one place."""
    return Finding("ADR001", "error", (("vnets", name),), "it is wrong", "mend it", waived=waived)


def names(findings: tuple[Finding, ...]) -> list[str]:
    return [one.where[0][1] for one in findings]


def test_what_comes_with_a_waiver_is_accepted_and_what_was_there_is_not_new() -> None:
    found = turnover(
        [finding("stays"), finding("goes"), finding("was accepted", "x"), finding("is accepted")],
        [finding("stays"), finding("comes"), finding("was accepted"), finding("is accepted", "y"), finding("z", "w")],
    )
    assert names(found.new) == ["comes", "was accepted"]
    assert names(found.accepted) == ["z"]
    assert names(found.gone) == ["goes", "is accepted"]


several = st.lists(st.builds(finding, st.sampled_from("abc"), st.sampled_from([None, "why"])), max_size=8)


@given(several, several)
def test_new_and_gone_are_what_is_more_on_either_side(before: list[Finding], after: list[Finding]) -> None:
    def counted(findings: list[Finding]) -> Counter[object]:
        return Counter(key_of(one) for one in findings if one.waived is None)

    found = turnover(before, after)
    assert Counter(map(key_of, found.new)) == counted(after) - counted(before)
    assert Counter(map(key_of, found.gone)) == counted(before) - counted(after)
    assert all(one.waived is not None for one in found.accepted)
    assert not turnover(after, after).accepted


@given(several, several)
def test_nothing_is_more_that_is_not_told(before: list[Finding], after: list[Finding]) -> None:
    found = turnover(before, after)
    more = Counter(map(key_of, after)) - Counter(map(key_of, before))
    told = Counter(map(key_of, (*found.new, *found.accepted)))
    assert more <= told
