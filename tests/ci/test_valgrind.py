"""What memcheck prints becomes findings."""

from ci.tools import valgrind

PATHS = ["libs/cli/src/mem.c", "libs/core/src/mem.c", "libs/core/tests/test_a.c"]
LEAK = """\
==12== 5 bytes in 1 blocks are definitely lost in loss record 1 of 2
==12==    at 0x48417B4: malloc (in /usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so)
==12==    by 0x113319: tpl__alloc (./libs/core/src/mem.c:9)
==12==    by 0x11D554: main (./libs/core/tests/test_a.c:30)
"""
UNSET = """\
==12== Conditional jump or move depends on uninitialised value(s)
==12==    at 0x10E00C: check (/work/tree/libs/core/tests/../tests/test_a.c:26)
==12==    by 0x48609F2: ??? (in /usr/lib/x86_64-linux-gnu/libcmocka.so.0.7.0)
"""


def test_a_report_is_placed_in_our_sources():
    assert [str(finding) for finding in valgrind.findings(LEAK + LEAK, PATHS)] == [
        "libs/core/src/mem.c:9: 5 bytes in 1 blocks are definitely lost in loss record 1 of 2 (in tpl__alloc)"
    ]


def test_of_two_files_of_one_name_it_is_the_one_in_that_folder():
    (found,) = valgrind.findings(LEAK.replace("libs/core/src", "libs/cli/src"), PATHS)
    assert found.path == "libs/cli/src/mem.c"
    assert valgrind.place("mem.c", PATHS) == valgrind.place("xlibs/core/src/mem.c", PATHS) == ""


def test_or_in_a_test_when_there_is_no_other():
    (found,) = valgrind.findings(UNSET, PATHS)
    assert str(found).startswith("libs/core/tests/test_a.c:26: Conditional jump or move depends on uninitialised")


def test_what_has_no_place_is_left_to_the_log():
    assert valgrind.findings("==12== Warning: set address range perms\n", PATHS) == []
    assert valgrind.findings(LEAK, []) == []


def test_the_wrapper_runs_the_command_it_is_made_for(context, tmp_path):
    folder = valgrind.wrapper(context({}), "/root/x y/template-cli", "/root/logs here")
    text = (tmp_path / "build" / "ci" / "valgrind" / "libs" / "cli" / "template-cli").read_text()
    assert folder == str(tmp_path / "build" / "ci" / "valgrind")
    assert text.startswith("#!/bin/sh\nexec valgrind ")
    assert text.endswith(" '/root/x y/template-cli' \"$@\"\n")


def test_each_run_has_a_log_of_its_own_whatever_its_process_number(context, tmp_path):
    valgrind.wrapper(context({}), "/x/template-cli", "/logs")
    text = (tmp_path / "build" / "ci" / "valgrind" / "libs" / "cli" / "template-cli").read_text()
    assert ' "--log-file=/logs/$(date +%s%N)-$$" ' in text


def test_what_the_runs_said_is_read_from_their_logs(context, tmp_path):
    (tmp_path / "logs").mkdir()
    for number, text in enumerate([LEAK, "", "--12-- WARNING: unhandled amd64-linux syscall: 437\n", LEAK, UNSET]):
        (tmp_path / "logs" / str(number)).write_text(text)
    ctx = context(dict.fromkeys(PATHS, ""))
    expected = [*valgrind.findings(LEAK, PATHS), *valgrind.findings(UNSET, PATHS)]
    assert list(map(str, valgrind.logged(ctx, str(tmp_path / "logs")))) == list(map(str, expected))
