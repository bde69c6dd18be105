"""XML of others: elements with their lines, and nothing from outside of the text."""

from __future__ import annotations

import pytest

from tui.exchange.netcfg.xml_elements import MAX_CHARACTERS, MAX_DEPTH, MAX_ELEMENTS, parse
from tui.exchange.source import ExchangeError, Source


def refusal(text: str) -> ExchangeError:
    with pytest.raises(ExchangeError) as caught:
        parse(Source("net.xml", text))
    assert caught.value.hint
    return caught.value


def test_an_element_has_its_namespace_its_text_and_the_line_it_begins_on() -> None:
    root = parse(Source("net.xml", '\n\n<a xmlns="urn:x">\n <b  k=" v ">one<c/>two </b>\n <b/>\n</a>'))
    first, second = root.named("b")
    assert (root.namespace, root.name, root.line) == ("urn:x", "a", 3)
    assert (first.text, first.attribute("k"), first.attribute("gone"), first.line) == ("onetwo", "v", "", 4)
    assert (second.line, [child.name for child in first.children]) == (5, ["c"])


@pytest.mark.parametrize(
    "text",
    ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', '<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>'],
    ids=["entity", "file"],
)
def test_a_document_type_is_refused_unread(text: str) -> None:
    assert "line 1: a document type or an entity" in refusal(text).message


def test_what_is_too_large_too_deep_or_too_much_is_refused() -> None:
    assert "million characters" in refusal("<a>" + " " * MAX_CHARACTERS + "</a>").message
    assert f"more than {MAX_DEPTH} deep" in refusal("<a>" * (MAX_DEPTH + 1)).message
    assert f"more than {MAX_ELEMENTS} elements" in refusal("<a>" + "<b/>" * MAX_ELEMENTS + "</a>").message


def test_what_is_no_xml_says_where_and_which_element_is_open() -> None:
    error = refusal("\n  <a>\n<b>\n</a>")
    assert "line 4, column 3" in error.message
    assert '"b" that begins at line 3' in error.hint
