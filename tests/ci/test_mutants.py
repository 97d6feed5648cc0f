"""Small faults: where they are made, where not, and what a sample is."""

from ci.tools import mutants, mutation

BODY = """\
/* if (a < b) in a comment */
static const int TABLE[] = {1, 2};

static int f(int a, const char *p) {
    char room[16];
    assert(a > 0);
    tpl__mutex_lock(&lock);
    if (a < 2 && *p == 'x') {
        g(a * 3);
        a += 4;
    }
    return true;
}
"""


def made(text):
    return [str(mutant) for mutant in mutants.of_file("a.c", text)]


def test_operators_numbers_conditions_and_statements_are_changed():
    context = " in `if (a < 2 && *p == 'x') {`"
    assert made(BODY) == [
        "`a < 2 && *p == 'x'` -> `!(a < 2 && *p == 'x')`" + context,
        "`<` -> `<=`" + context,
        "`2` -> `3`" + context,
        "`&&` -> `||`" + context,
        "`==` -> `!=`" + context,
        "`g(a * 3)` left out",
        "`*` -> `/` in `g(a * 3);`",
        "`3` -> `4` in `g(a * 3);`",
        "`a += 4` left out",
        "`+=` -> `-=` in `a += 4;`",
        "`4` -> `5` in `a += 4;`",
        "`true` -> `false` in `return true;`",
    ]


def test_each_changes_one_place():
    for mutant in mutants.of_file("a.c", BODY):
        changed = mutant.applied(BODY)
        assert changed != BODY
        assert len(changed) - len(BODY) == len(mutant.new) - len(mutant.old)
        assert BODY.splitlines()[mutant.line - 1].strip() == mutant.context


def test_what_cannot_be_reached_is_left_alone():
    text = "int f(void) {\n    /* GCOVR_EXCL_START: why not */\n    g(1);\n    /* GCOVR_EXCL_STOP */\n    h(2);\n}\n"
    assert made(text) == ["`h(2)` left out", "`2` -> `3` in `h(2);`"]


def test_a_seed_is_a_sample():
    every = mutants.of_file("a.c", BODY)
    one, again, other = (mutants.sample(every, 5, seed) for seed in (1, 1, 2))
    assert one == again != other
    assert [mutant.start for mutant in one] == sorted(mutant.start for mutant in one)
    assert mutants.sample(every, 0, 1) == every == mutants.sample(every, 1000, 1)


def test_the_nearest_test_comes_first():
    tests = ["walk", "walk_list", "verify", "oom"]
    assert mutation.related("walk_list", tests) == ["walk_list"]
    assert mutation.related("walk_worker", tests) == ["walk"]
    assert mutation.related("fs_linux", tests) == []


def judged(context, *fates):
    every = mutants.of_file("a.c", BODY)
    ctx = context({})
    return ctx, [str(finding) for finding in mutation.judged(ctx, dict(zip(every, fates)), 7)]


def test_too_many_survivors_are_findings(context):
    ctx, found = judged(context, mutation.KILLED, mutation.SURVIVED, mutation.STILLBORN)
    assert found == ["a.c:8: no test notices `<` -> `<=` in `if (a < 2 && *p == 'x') {`"]
    assert ctx.notes == ["1 of 2 mutants killed (50.0 %), seed 7"]


def test_mutants_that_do_not_compile_say_nothing_of_the_tests(context):
    for fates in ([mutation.STILLBORN] * 3, [mutation.KILLED] + [mutation.STILLBORN] * 2):
        _, (finding,) = judged(context, *fates)
        built = fates.count(mutation.KILLED)
        assert finding.startswith(f"a.c:8: {built} of 3 mutants compile, at least 50 % must: not `")


def test_few_survivors_are_kept_in_a_file(context, tmp_path):
    _, found = judged(context, *[mutation.KILLED] * 11, mutation.SURVIVED)
    assert found == []
    assert "a.c:12" in (tmp_path / "build" / "ci" / "mutation" / "survivors.txt").read_text()
