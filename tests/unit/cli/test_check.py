"""`check`: what it prints as text and as JSON, where it says things stand, and how it ends."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli import CLEAN, process, run, written
from tui.paths import samples

PLAN = """\
schema = 1

[subscriptions.prod]

[vnets.hub]
subscription = "prod"
region = "westeurope"
address_space = ["10.64.0.0/16"]

[vnets.app]
subscription = "prodd"
region = "westeurop"
address_space = ["10.64.1.0/24"]

[peerings.hub-to-app]
between = ["hub", "app"]
"""

OVERLAP: dict[str, Any] = {
    "code": "ADR001",
    "severity": "error",
    "where": ["vnets.hub", "vnets.app"],
    "line": 5,
    "column": 1,
    "message": "hub and app overlap: 10.64.0.0/16 and 10.64.1.0/24; they are linked directly",
    "help": "give one of the two other addresses, or part them",
    "waived": None,
}
REFERENCE: dict[str, Any] = {
    "code": "REF001",
    "severity": "error",
    "where": ["vnets.app"],
    "line": 10,
    "column": 1,
    "message": "subscription of app names prodd, and there is no such subscription; did you mean prod?",
    "help": "correct the name, or add what it names",
    "waived": None,
}
REGION: dict[str, Any] = {
    "code": "REG001",
    "severity": "warning",
    "where": ["vnets.app"],
    "line": 10,
    "column": 1,
    "message": "app is in westeurop, and there is no such region; did you mean westeurope?",
    "help": "correct the region, or waive it if it is newer than this program",
    "waived": None,
}
SUMMARY = {"error": 2, "warning": 1, "info": 0, "waived": 0}

WARNING = CLEAN.replace("westeurope", "westeurop")
INFO = CLEAN + 'pool_size = "/24"\n'
ERROR = CLEAN.replace('"prod"', '"prodd"')
BROKEN = "schema = 1\nname = 5\n"


# Text


def test_text_is_what_editors_read_then_a_blank_line_and_a_summary(tmp_path: Path) -> None:
    path = written(tmp_path, PLAN)
    ran = run("check", path)
    assert ran.out.splitlines() == [
        f"{path}:5:1: error ADR001 {OVERLAP['message']}",
        f"{path}:10:1: error REF001 {REFERENCE['message']}",
        f"{path}:10:1: warning REG001 {REGION['message']}",
        "",
        f"{path}: 2 errors, 1 warning, 0 info",
    ]
    assert (ran.status, ran.err) == (1, "")


def test_a_clean_file_has_a_summary_alone(tmp_path: Path) -> None:
    path = written(tmp_path, CLEAN)
    assert run("check", path).out == f"{path}: 0 errors, 0 warnings, 0 info\n"


def test_verbose_says_what_to_do_and_which_fixes_there_are(tmp_path: Path) -> None:
    path = written(tmp_path, PLAN)
    lines = run("check", path, "--verbose").out.splitlines()
    at = lines.index(f"{path}:10:1: error REF001 {REFERENCE['message']}")
    assert lines[at + 1 : at + 3] == ["    correct the name, or add what it names", "    fix: Write prod for prodd"]


def test_files_follow_one_another_in_the_order_of_the_arguments(tmp_path: Path) -> None:
    one, two = written(tmp_path, ERROR, "one.toml"), written(tmp_path, CLEAN, "two.toml")
    lines = run("check", two, one, two).out.splitlines()
    assert [line.split(":")[0] for line in lines if line] == [two, one, one, two]


def crowd(count: int) -> str:
    vnets = (f'[vnets.v{number}]\naddress_space = ["10.0.0.0/16"]\n' for number in range(count))
    links = (f'[peerings.p{number}]\nbetween = ["v0", "v{number}"]\n' for number in range(1, count))
    return 'schema = 1\n[checks]\nADR006 = "off"\nNAM001 = "off"\n' + "".join(vnets) + "".join(links)


def test_many_findings_of_one_kind_are_folded_into_one_line(tmp_path: Path) -> None:
    path = written(tmp_path, crowd(22))
    lines = run("check", path).out.splitlines()
    assert lines == [
        f"{path}:5:1: error ADR001 22 VNets share 10.0.0.0/16: 231 pairs",
        "",
        f"{path}: 231 errors, 0 warnings, 0 info",
    ]


def test_verbose_folds_nothing(tmp_path: Path) -> None:
    lines = run("check", written(tmp_path, crowd(22)), "--verbose").out.splitlines()
    assert sum(" error ADR001 " in line for line in lines) == 231


def test_json_folds_nothing(tmp_path: Path) -> None:
    document = run("check", written(tmp_path, crowd(22)), "--format", "json").json
    assert len(document["findings"]) == 231
    assert document["findings"][0]["where"] == ["vnets.v0", "vnets.v1"]


def test_unlinked_overlaps_are_folded_apart_from_linked_ones(tmp_path: Path) -> None:
    path = written(tmp_path, crowd(5).split("[peerings")[0])
    assert run("check", path).out.startswith(
        f"{path}:5:1: warning ADR002 5 VNets that are not joined share 10.0.0.0/16: 10 pairs\n"
    )


def test_few_findings_are_printed_each(tmp_path: Path) -> None:
    assert run("check", written(tmp_path, crowd(3))).out.count(" error ADR001 ") == 3


def test_folded_findings_of_other_rules_name_some_places(tmp_path: Path) -> None:
    vnets = "".join(f'[vnets.vnet{number}]\naddress_space = ["10.{number}.0.0/24"]\nx = 1\n' for number in range(7))
    path = written(tmp_path, "schema = 1\n" + vnets)
    first, *_ = run("check", path).out.splitlines()
    said = "7 times, at vnet0.x, vnet1.x, vnet2.x, vnet3.x and 3 others: unknown key x"
    assert first == f"{path}:4:1: info REF004 {said}"


def test_folded_findings_about_the_file_itself_name_their_keys(tmp_path: Path) -> None:
    path = written(tmp_path, "schema = 1\n" + "".join(f"z{number} = 1\n" for number in range(7)))
    first, *_ = run("check", path).out.splitlines()
    assert first.endswith("info REF004 7 times, at z0, z1, z2, z3 and 3 others: unknown key z0")


# JSON


def test_json_of_one_file_is_one_document(tmp_path: Path) -> None:
    path = written(tmp_path, PLAN)
    ran = run("check", path, "--format", "json")
    assert ran.json == {"file": path, "findings": [OVERLAP, REFERENCE, REGION], "summary": SUMMARY}
    assert list(ran.json) == ["file", "findings", "summary"]
    assert list(ran.json["findings"][0]) == list(OVERLAP)
    assert (ran.status, ran.err) == (1, "")


def test_json_of_a_clean_file(tmp_path: Path) -> None:
    path = written(tmp_path, CLEAN)
    empty = {"error": 0, "warning": 0, "info": 0, "waived": 0}
    assert run("check", path, "--format", "json").json == {"file": path, "findings": [], "summary": empty}


def test_json_of_several_files_is_a_list_in_the_order_of_the_arguments(tmp_path: Path) -> None:
    names = [written(tmp_path, text, f"{n}.toml") for n, text in enumerate((PLAN, BROKEN, CLEAN, PLAN))]
    ran = run("check", *names, str(tmp_path / "none.toml"), "--format", "json")
    assert [one["file"] for one in ran.json] == [*names, str(tmp_path / "none.toml")]
    assert ["problems" in one for one in ran.json] == [False, True, False, False, True]
    assert ran.json[0]["findings"] == [OVERLAP, REFERENCE, REGION]
    assert (ran.status, ran.err) == (2, "")


def test_the_same_file_twice_is_a_list_of_two(tmp_path: Path) -> None:
    path = written(tmp_path, CLEAN)
    one = run("check", path, "--format", "json").json
    assert run("check", path, path, "--format", "json").json == [one, one]


def test_json_of_a_file_that_does_not_load(tmp_path: Path) -> None:
    path = written(
        tmp_path, 'schema = 1\nname = 5\n[subscriptions.x]\ncloud = "pulbic"\n[vnets.a]\ngateway = {asn = -1}\n'
    )
    ran = run("check", path, "--format", "json")
    assert ran.json == {
        "file": path,
        "problems": [
            {
                "line": 2,
                "column": 1,
                "key": "name",
                "found": "5",
                "allowed": "text in quotes",
                "nearest": None,
                "message": "name is 5; allowed is text in quotes",
            },
            {
                "line": 4,
                "column": 1,
                "key": "subscriptions.x.cloud",
                "found": '"pulbic"',
                "allowed": '"public", "usgov" or "china"',
                "nearest": "public",
                "message": 'subscriptions.x.cloud is "pulbic"; allowed is "public", "usgov" or "china"; '
                "did you mean public?",
            },
            {
                "line": 6,
                "column": 12,
                "key": "vnets.a.gateway.asn",
                "found": "-1",
                "allowed": "a number of at least 0",
                "nearest": None,
                "message": "vnets.a.gateway.asn is -1; allowed is a number of at least 0",
            },
        ],
    }
    assert list(ran.json) == ["file", "problems"]
    assert list(ran.json["problems"][0]) == ["line", "column", "key", "found", "allowed", "nearest", "message"]
    assert (ran.status, ran.err) == (2, "")


@pytest.mark.parametrize("kind", ["missing", "folder", "not UTF-8", "binary", "UTF-16", "deep", "pipe", "no folder"])
def test_what_cannot_be_read_is_a_problem_in_json_too(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "it.toml"
    said = {
        "missing": "there is no such file",
        "folder": "it is a folder",
        "not UTF-8": "it.toml:2:9: not UTF-8 text (byte 0xff)",
        "binary": "looks like a binary file",
        "UTF-16": "is UTF-16 text",
        "deep": "more than 64 deep",
        "pipe": "it is a named pipe",
        "no folder": "does not exist",
    }[kind]
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "no folder":
        path = tmp_path / "gone" / "it.toml"
    elif kind != "missing":
        contents = {
            "not UTF-8": b'schema = 1\nname = "\xff"\n',
            "binary": b"\0",
            "UTF-16": "schema = 1".encode("utf-16"),
            "deep": b"a = " + b"[" * 1000,
        }
        path.write_bytes(contents[kind])
    ran = run("check", str(path), "--format", "json")
    (problem,) = ran.json["problems"]
    assert ran.json["file"] == str(path)
    assert said in problem["message"]
    assert {key: value for key, value in problem.items() if key != "message"} == {
        "line": None,
        "column": None,
        "key": "",
        "found": "",
        "allowed": "",
        "nearest": None,
    }
    assert (ran.status, ran.err) == (2, "")
    ran = run("check", str(path))
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_problems_as_text_go_to_stderr_as_editors_read_them(tmp_path: Path) -> None:
    path = written(tmp_path, BROKEN)
    ran = run("check", path)
    assert ran.err == (
        f"{path}:2:1: error: name is 5; allowed is text in quotes\n{path} cannot be understood: 1 problem\n"
    )
    assert (ran.status, ran.out) == (2, "")


# Where findings stand

PLACES = {
    "header": (PLAN, (10, 1)),
    "CRLF": (PLAN.replace("\n", "\r\n"), (10, 1)),
    "BOM": ("\ufeff" + PLAN, (10, 1)),
    "BOM before it": ('\ufeffvnets.a.address_space = ["10.0.0.0/9"]\nvnets.a.region = "x"\nschema = 1\n', (1, 7)),
    "indented header": ('schema = 1\n  [vnets.a]\naddress_space = ["10.0.0.0/9"]\nregion = "x"\n', (2, 3)),
    "dotted": ('schema = 1\nname = "x"\nvnets.a.region = "x"\nvnets.a.address_space = ["10.0.0.0/9"]\n', (3, 7)),
    "quoted": ('schema = 1\n[vnets]\n"a\\u0062".region = "x"\n\'ab\'.address_space = ["10.0.0.0/9"]\n', (3, 1)),
    "inline": ('schema = 1\nvnets = { "é" = {}, b = { region = "x", address_space = ["10.0.0.0/9"] } }\n', (2, 21)),
    "after wide characters": ('schema = 1\nvnets = { "😀" = {}, b = { region = "x" } }\n', (2, 21)),
    "sub-table first": (
        'schema = 1\n[vnets.a.subnets]\n[vnets.a]\naddress_space = ["10.0.0.0/9"]\nregion = "x"\n', (3, 1)
    ),
    "form feed in a comment": ('schema = 1 # \u2028 \x85\n[vnets.a]\nregion = "x"\n', (2, 1)),
}  # fmt: skip


@pytest.mark.parametrize(("text", "place"), PLACES.values(), ids=PLACES)
def test_a_finding_has_the_line_and_column_of_what_it_is_about(
    tmp_path: Path, text: str, place: tuple[int, int]
) -> None:
    findings = run("check", written(tmp_path, text), "--format", "json").json["findings"]
    (region,) = [one for one in findings if one["code"] == "REG001"]
    assert (region["line"], region["column"]) == place


def test_a_finding_about_two_has_the_place_of_the_first(tmp_path: Path) -> None:
    # The sites stand first, and are named first.
    text = """\
schema = 1
[sites.office]
address_space = ["10.0.0.0/24"]
vpn_device = "203.0.113.1"
[vnets.hub]
address_space = ["10.0.0.0/24"]
[connections.c]
between = ["hub", "office"]
"""
    findings = run("check", written(tmp_path, text), "--format", "json").json["findings"]
    (overlap,) = [one for one in findings if one["code"] == "ADR001"]
    assert (overlap["where"], overlap["line"]) == (["sites.office", "vnets.hub"], 2)


def test_names_that_need_quotes_have_them_in_where(tmp_path: Path) -> None:
    text = 'schema = 1\n[vnets."a.b"]\nregion = "x"\naddress_space = ["10.0.0.0/9"]\n'
    findings = run("check", written(tmp_path, text), "--format", "json").json["findings"]
    assert {one["where"][0] for one in findings} == {'vnets."a.b"'}


def test_findings_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    estate = run("check", "inherited-estate", "--format", "json").json
    places = [(one["line"], one["column"]) for one in estate["findings"]]
    assert None not in (line for line, _ in places)
    assert places == sorted(places)
    assert len(places) > 40


# The exit status


@pytest.mark.parametrize(
    ("texts", "strict", "status"),
    [
        ([CLEAN], False, 0),
        ([CLEAN], True, 0),
        ([INFO], True, 0),
        ([WARNING], False, 0),
        ([WARNING], True, 1),
        ([ERROR], False, 1),
        ([BROKEN], False, 2),
        ([CLEAN, ERROR, CLEAN], False, 1),
        ([WARNING, INFO], True, 1),
        ([BROKEN, ERROR], False, 2),
        ([ERROR, BROKEN], False, 2),
        ([ERROR, BROKEN, CLEAN], True, 2),
    ],
)
def test_the_worst_decides_the_exit_status(tmp_path: Path, texts: list[str], strict: bool, status: int) -> None:
    names = [written(tmp_path, text, f"{number}.toml") for number, text in enumerate(texts)]
    for form in ("text", "json"):
        assert run("check", *names, "--format", form, *(["--strict"] if strict else [])).status == status


def test_strict_changes_the_status_and_nothing_that_is_printed(tmp_path: Path) -> None:
    path = written(tmp_path, WARNING)
    for form in ("text", "json"):
        assert run("check", path, "--strict", "--format", form).out == run("check", path, "--format", form).out


WAIVER = """
[waivers.known]
code = "REF001"
where = ["vnets.*"]
reason = "spring"
"""


def test_what_is_waived_keeps_its_place_and_counts_as_waived_alone(tmp_path: Path) -> None:
    path = written(tmp_path, PLAN + WAIVER)
    document = run("check", path, "--format", "json").json
    assert document["findings"] == [OVERLAP, {**REFERENCE, "waived": "spring"}, REGION]
    assert document["summary"] == {"error": 1, "warning": 1, "info": 0, "waived": 1}
    lines = run("check", path).out.splitlines()
    assert lines[1] == f"{path}:10:1: error REF001 {REFERENCE['message']} [waived: spring]"
    assert lines[-1] == f"{path}: 1 error, 1 warning, 0 info, 1 waived"
    assert "correct the name" not in run("check", path, "--verbose").out


def test_what_is_waived_never_decides_the_status(tmp_path: Path) -> None:
    error = written(tmp_path, ERROR + WAIVER)
    warning = written(tmp_path, WARNING + WAIVER.replace("REF001", "REG001"), "warning.toml")
    old = written(tmp_path, CLEAN, "old.toml")
    assert run("check", error).status == 0
    assert run("check", error, "--strict").status == 0
    assert run("check", warning, "--strict").status == 0
    assert run("check", error, "--against", old).status == 0


def test_an_expired_waiver_waives_nothing(tmp_path: Path) -> None:
    ran = run("check", written(tmp_path, ERROR + WAIVER + "expires = 2001-01-01\n"), "--format", "json")
    assert ran.status == 1
    assert [one["code"] for one in ran.json["findings"]] == ["REF001", "WAI001"]


# --against


def test_only_what_the_older_file_does_not_have_decides(tmp_path: Path) -> None:
    old, new = written(tmp_path, ERROR, "old.toml"), written(tmp_path, PLAN, "new.toml")
    assert run("check", old, "--against", old).status == 0
    assert run("check", new, "--against", new, "--strict").status == 0
    assert run("check", new, "--against", old).status == 1
    assert run("check", old, "--against", new).status == 1


def test_against_prints_everything_all_the_same_and_says_how_many_are_new(tmp_path: Path) -> None:
    old, new = written(tmp_path, ERROR, "old.toml"), written(tmp_path, PLAN, "new.toml")
    plain = run("check", new).out
    assert run("check", new, "--against", old).out == plain.removesuffix("\n") + ", 3 new\n"
    assert run("check", new, "--against", new).out == plain.removesuffix("\n") + ", 0 new\n"
    json_out = run("check", new, "--format", "json").out
    assert run("check", new, "--against", old, "--format", "json").out == json_out


def test_with_strict_a_new_warning_decides(tmp_path: Path) -> None:
    old, new = written(tmp_path, ERROR, "old.toml"), written(tmp_path, WARNING, "new.toml")
    assert run("check", new, "--against", old).status == 0
    assert run("check", new, "--against", old, "--strict").status == 1


def test_moving_a_finding_to_another_line_does_not_make_it_new(tmp_path: Path) -> None:
    old, new = written(tmp_path, PLAN, "old.toml"), written(tmp_path, "# a comment\n\n" + PLAN, "new.toml")
    assert run("check", new, "--against", old).status == 0


def test_a_second_finding_of_the_same_kind_and_place_is_new(tmp_path: Path) -> None:
    text = CLEAN + '[peerings.p]\nbetween = ["hub", "nowhere"]\n'
    old = written(tmp_path, text, "old.toml")
    new = written(tmp_path, text.replace('"hub", "nowhere"', '"nobody", "nowhere"'), "new.toml")
    assert run("check", old, "--against", old).status == 0
    assert run("check", new, "--against", old).status == 1


def test_what_was_waived_in_the_older_file_and_is_no_more_is_new(tmp_path: Path) -> None:
    old, new = written(tmp_path, ERROR + WAIVER, "old.toml"), written(tmp_path, ERROR, "new.toml")
    assert run("check", new, "--against", old).status == 1


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_older_file_that_cannot_be_used_is_an_error(tmp_path: Path, form: str) -> None:
    broken, path = written(tmp_path, BROKEN, "broken.toml"), written(tmp_path, CLEAN)
    ran = run("check", path, "--against", broken, "--format", form)
    assert (ran.status, ran.out) == (2, "")
    assert f"{broken}:2:1: error: name is 5" in ran.err
    ran = run("check", path, "--against", str(tmp_path / "none"), "--format", form)
    assert (ran.status, ran.out) == (2, "")
    assert "there is no such file" in ran.err


# Standard input, samples, and the system around it


def test_a_dash_is_standard_input(tmp_path: Path) -> None:
    ran = run("check", "-", stdin=PLAN.encode())
    assert ran.out.startswith("-:5:1: error ADR001 ")
    assert ran.status == 1
    document = run("check", "-", "--format", "json", stdin=b"\xef\xbb\xbf" + CLEAN.encode()).json
    assert document["file"] == "-"
    ran = run("check", written(tmp_path, ERROR), "--against", "-", stdin=ERROR.encode())
    assert ran.status == 0


def test_standard_input_that_does_not_load(tmp_path: Path) -> None:
    ran = run("check", "-", stdin=BROKEN.encode())
    assert ran.err == "-:2:1: error: name is 5; allowed is text in quotes\n- cannot be understood: 1 problem\n"
    assert run("check", "-", stdin=b"\xff").status == 2
    assert run("check", "-", stdin=b"").status == 2


def test_standard_input_is_read_only_once(tmp_path: Path) -> None:
    for arguments in (["-", "-"], ["-", "--against", "-"]):
        ran = run("check", *arguments, stdin=CLEAN.encode())
        assert (ran.status, ran.out) == (2, "")
        assert "only once" in ran.err


def test_a_closed_standard_input_is_a_message(tmp_path: Path) -> None:
    script = 'exec "$@" <&-'
    done = process_of_shell(script, tmp_path, "check", "-")
    assert (done[0], done[2]) == (2, b"there is no standard input to read\ngive the name of a file\n")


def process_of_shell(script: str, folder: Path, *arguments: str) -> tuple[int, bytes, bytes]:
    import subprocess
    import sys

    root = str(Path(__file__).resolve().parents[3])
    done = subprocess.run(
        ["sh", "-c", script, "sh", sys.executable, "-m", "tui", *arguments],
        cwd=folder,
        capture_output=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": root, "PYTHONUNBUFFERED": ""},
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("arguments", [["check", "plan.toml", "--verbose"], ["schema"], ["--version"], ["--help"]])
def test_a_reader_that_goes_away_is_no_error_and_no_success(tmp_path: Path, arguments: list[str]) -> None:
    written(tmp_path, crowd(60))
    # `exec 1>` waits until the reader, who reads nothing, is gone.
    status, _, err = process_of_shell('mkfifo f; : <f & exec 1>f; wait; exec "$@"', tmp_path, *arguments)
    assert (status, err) == (141, b""), "as of a program that SIGPIPE has ended"


def test_head_gets_its_line(tmp_path: Path) -> None:
    written(tmp_path, crowd(60))
    _, out, err = process_of_shell('"$@" | head -1', tmp_path, "check", "plan.toml", "--verbose")
    assert (out.count(b"\n"), err) == (1, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
@pytest.mark.parametrize("arguments", [["check", "plan.toml"], ["--version"]])
def test_a_full_disk_is_a_message(tmp_path: Path, arguments: list[str]) -> None:
    written(tmp_path, PLAN)
    status, _, err = process_of_shell('exec "$@" >/dev/full', tmp_path, *arguments)
    assert (status, err) == (2, b"cannot write the output: No space left on device\n")


def test_a_closed_standard_output_is_no_traceback(tmp_path: Path) -> None:
    written(tmp_path, PLAN)
    status, _, err = process_of_shell('exec "$@" >&-', tmp_path, "check", "plan.toml")
    assert (status, err) == (1, b"")


@pytest.mark.parametrize("environment", [{"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
                                         {"PYTHONIOENCODING": "ascii"}])  # fmt: skip
def test_a_terminal_without_unicode_gets_escapes(tmp_path: Path, environment: dict[str, str]) -> None:
    written(tmp_path, ERROR.replace("hub", '"hüb–😀"'))
    for arguments in (["check", "plan.toml"], ["show", "plan.toml"], ["find", "plan.toml", "b"]):
        done = process(*arguments, folder=tmp_path, environment=environment)
        assert b"Traceback" not in done.stderr
        assert rb"h\xfcb\u2013\U0001f600" in done.stdout
        assert done.stdout.isascii()


def test_colours_are_never_used(tmp_path: Path) -> None:
    written(tmp_path, PLAN)
    outs = {
        process("check", "plan.toml", folder=tmp_path, environment=environment).stdout
        for environment in ({"NO_COLOR": "1"}, {"FORCE_COLOR": "1", "TERM": "xterm-256color"})
    }
    assert len(outs) == 1
    assert b"\x1b" not in outs.pop()


def test_a_sample_goes_by_its_name() -> None:
    name = next(iter(samples()))
    ran = run("check", name, "--format", "json")
    assert ran.json["file"] == name
    assert "findings" in ran.json


def test_an_argument_is_printed_as_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, PLAN)
    monkeypatch.chdir(tmp_path)
    assert run("check", "./plan.toml").out.startswith("./plan.toml:5:1: ")
    assert json.loads(run("check", "./plan.toml", "--format", "json").out)["file"] == "./plan.toml"
