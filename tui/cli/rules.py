"""`vnet-tui rules`: what the checks look for, why, and where that is written.

Invariant: everything printed comes from the rules themselves.
"""

from __future__ import annotations

import argparse
import textwrap

from tui.checks.engine import rules
from tui.checks.rule import Rule
from tui.cli.output import complain, say, say_json, say_table
from tui.topology.catalog import nearest


def run(options: argparse.Namespace) -> int:
    """Print the list of rules, or explain one."""
    known = rules()
    if options.code is None:
        if options.format == "json":
            say_json([_document(rule) for rule in known.values()])
        else:
            say_table(("code", "severity", "holds when"), [(r.code, r.severity, r.title) for r in known.values()])
        return 0
    rule = known.get(options.code.upper())
    if rule is None:
        close = nearest(options.code.upper(), known)
        complain(f"there is no rule {options.code}" + (f"; did you mean {close}?" if close else ""))
        return 2
    if options.format == "json":
        say_json(_document(rule))
    else:
        say(f"{rule.code} ({rule.severity}): {rule.title}")
        for label, text in (("Why", rule.why), ("What to do", rule.help), ("Source", rule.source)):
            say()
            say(label)
            for line in textwrap.wrap(text, 76):
                say(f"  {line}")
    return 0


def _document(rule: Rule) -> dict[str, str]:
    return {
        "code": rule.code,
        "severity": rule.severity,
        "title": rule.title,
        "why": rule.why,
        "help": rule.help,
        "source": rule.source,
    }
