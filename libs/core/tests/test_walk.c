/* SPDX-License-Identifier: MIT */
/* The walk's dealings with its visitor, which a snapshot cannot show. */
#include "walk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "scratch.h"

typedef struct script {
    const char *bad_name;
    tpl__outcome outcome;
    int sys_errno;
    atomic_int visits;
    char warnings[200];
} script;

static tpl__outcome visit(unsigned worker, const tpl__found *file, int *sys_errno, void *payload) {
    script *s = payload;
    assert_true(worker < 2);
    atomic_fetch_add(&s->visits, 1);
    if (strcmp(file->name, s->bad_name) == 0) {
        *sys_errno = s->sys_errno;
        return s->outcome;
    }
    return TPL__DONE;
}

static void note(const tpl_warning *warning, void *payload) {
    script *s = payload;
    snprintf(s->warnings + strlen(s->warnings), 50, "%s:%s:%d ", warning->path,
             tpl_warning_name(warning->kind), warning->sys_errno);
}

static tpl_status walk(script *s, bool skip_unreadable, tpl_error *err) {
    tpl_filter filter = TPL_FILTER_INIT;
    filter.skip_unreadable = skip_unreadable;
    tpl_run run = TPL_RUN_INIT;
    run.warning = note;
    run.payload = s;
    tpl__pool pool;
    tpl__pool_init(&pool, NULL, 0);
    atomic_init(&s->visits, 0);
    tpl__walk_order order = {".", &filter, &run, &pool, 2, visit, s, false, false};
    return tpl__walk(&order, err);
}

static void an_outcome_ends_the_walk_or_is_warned_about(void **state) {
    (void)state;
    scratch_write_old("d/bad", "1");
    static const struct {
        tpl__outcome outcome;
        int sys_errno;
        tpl_status strict;
        const char *message;
        const char *lenient; /* NULL: the walk ends all the same */
    } cases[] = {
        {TPL__FAILED, EACCES, TPL_E_IO, "permission denied", "d/bad:unreadable:13 "},
        {TPL__FAILED, ENOENT, TPL_E_IO, "vanished while the tree was read", "d/bad:unreadable:2 "},
        {TPL__FAILED, ENOMEM, TPL_E_NOMEM, "out of memory", NULL},
        {TPL__FAILED, EMFILE, TPL_E_IO, "too many open files", NULL},
        {TPL__CHANGED, 0, TPL_E_CHANGED, "file kept changing while it was read",
         "d/bad:changed:0 "},
        {TPL__NOT_FILE, 0, TPL_OK, "", "d/bad:special-file:0 "},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        script s = {
            .bad_name = "bad", .outcome = cases[i].outcome, .sys_errno = cases[i].sys_errno};
        tpl_error err = TPL_ERROR_INIT;
        assert_int_equal(walk(&s, false, &err), cases[i].strict);
        assert_string_equal(err.message, cases[i].message);
        tpl_error_dispose(&err);
        s.warnings[0] = '\0';
        bool lenient = cases[i].lenient != NULL;
        assert_int_equal(walk(&s, true, NULL), lenient ? TPL_OK : cases[i].strict);
        assert_string_equal(s.warnings, lenient ? cases[i].lenient : "");
    }
}

static void a_visitor_that_stops_ends_it_without_a_cause(void **state) {
    (void)state;
    scratch_write_old("bad", "1");
    script s = {.bad_name = "bad", .outcome = TPL__STOPPED};
    assert_int_equal(walk(&s, false, NULL), TPL_OK);
    assert_int_equal(atomic_load(&s.visits), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(an_outcome_ends_the_walk_or_is_warned_about),
        IN_SCRATCH(a_visitor_that_stops_ends_it_without_a_cause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
