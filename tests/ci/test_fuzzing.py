"""What libFuzzer prints becomes a finding with the way to see it again."""

from ci.tools import fuzzing

ENDED = """\
./libs/core/fuzz/fuzz_decode.c:31: not so: a == b
==7== ERROR: libFuzzer: deadly signal
    #0 0x55 in abort (/root/x/build/fuzz/a+0x1)
SUMMARY: libFuzzer: deadly signal
artifact_prefix='/root/x/build/ci/fuzz/decode-ended/'; Test unit written to /root/x/build/ci/fuzz/decode-ended/crash-1f
"""
SANITIZED = """\
libs/core/src/text.c:12:7: runtime error: left shift of 1 by 64 places
SUMMARY: UndefinedBehaviorSanitizer: undefined-behavior libs/core/src/text.c:12:7 in
Test unit written to /root/x/build/ci/fuzz/text-ended/crash-2e
"""
SLOW = """\
==7== ERROR: libFuzzer: timeout after 11 seconds
SUMMARY: libFuzzer: timeout
Test unit written to /root/x/build/ci/fuzz/text-ended/timeout-3d
"""
PROGRAM = "/root/x/build/fuzz/libs/core/fuzz/fuzz_it"
AGAIN = "build/fuzz/libs/core/fuzz/fuzz_it build/ci/fuzz"


def test_what_is_not_so_is_placed():
    found = fuzzing.judged(ENDED, "/root/x", PROGRAM)
    assert str(found) == f"libs/core/fuzz/fuzz_decode.c:31: not so: a == b; again: {AGAIN}/decode-ended/crash-1f"


def test_what_a_sanitizer_says_is_placed():
    found = fuzzing.judged(SANITIZED, "/root/x", PROGRAM)
    assert str(found).startswith("libs/core/src/text.c:12: undefined behaviour: left shift of 1 by 64 places; again: ")


def test_a_timeout_has_its_input():
    assert str(fuzzing.judged(SLOW, "/root/x", PROGRAM)) == f"timeout; again: {AGAIN}/text-ended/timeout-3d"


def test_what_ended_without_an_input_is_not_explained():
    assert fuzzing.judged("cannot open shared object\n", "/root/x", PROGRAM) is None


def test_targets_are_the_programs_of_a_build(tmp_path):
    folder = tmp_path / "libs" / "core" / "fuzz"
    folder.mkdir(parents=True)
    for name, mode in (("fuzz_b", 0o755), ("fuzz_a", 0o755), ("fuzz_a.c", 0o644)):
        (folder / name).write_text("")
        (folder / name).chmod(mode)
    assert fuzzing.programs(str(tmp_path)) == [str(folder / "fuzz_a"), str(folder / "fuzz_b")]
