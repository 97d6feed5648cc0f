/* SPDX-License-Identifier: MIT */
/* Every public function that can fail, with the first allocation failing, then the second, and so
 * on until it succeeds: once with the memory there again right after, once without. And with each
 * place failing that asks a buffer or an arena for room. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "headers.h"
#include "mem_faulty.h"
#include "oom.h"
#include "room_faulty.h"
#include "scratch.h"

enum {
    MOST_ALLOCATIONS = 5000 /* more than any case needs: it must come to an end */
};

/* What a failed allocation may come to: nothing but its status. A call that fails anyway may do so
 * before it notices, and one that can do with less may succeed while there is some. */
static bool is_right(const oom_case *c, tpl_status status, bool forever) {
    if (status == TPL_E_NOMEM) {
        return true;
    }
    return status == c->otherwise && (status != TPL_OK || (c->recovers && !forever));
}

typedef enum what_fails {
    ALLOCATION,
    ALLOCATIONS, /* that and all behind it */
    ROOM
} what_fails;

static void complain(const oom_case *c, uint64_t nth, what_fails fails, const char *what) {
    static const char *const words[] = {"allocation %llu", "allocation %llu and all behind it",
                                        "place %llu that asks for room"};
    char where[64];
    snprintf(where, sizeof(where), words[fails], (unsigned long long)nth);
    fail_msg("%s (%s), %s failing: %s", c->functions, c->about, where, what);
}

/* Returns false when nothing failed, so that all have been tried. */
static bool try_one(const oom_case *c, uint64_t nth, what_fails fails, bool with_record) {
    tpl_error err = TPL_ERROR_INIT;
    int64_t before = mem_faulty_live();
    size_t descriptors = scratch_entries("/dev/fd");
    room_faulty_arm(fails == ROOM ? nth : 0);
    mem_faulty_arm(fails == ROOM ? 0 : nth, fails == ALLOCATIONS);
    tpl_status status = c->run(with_record ? &err : NULL);
    bool failed = mem_faulty_failed() > 0 || room_faulty_failed();
    bool asked = failed || mem_faulty_asked() > 0;
    mem_faulty_arm(0, false);
    room_faulty_arm(0);
    if (failed ? !is_right(c, status, fails == ALLOCATIONS) : status != c->otherwise) {
        complain(c, nth, fails, tpl_status_name(status));
    }
    if (with_record && err.status != (c->silent ? TPL_OK : status)) {
        complain(c, nth, fails, "the record says something else");
    }
    tpl_error_dispose(&err);
    if (mem_faulty_live() != before) {
        complain(c, nth, fails, "memory was not freed");
    }
    if (scratch_entries("/dev/fd") != descriptors) {
        complain(c, nth, fails, "a descriptor was not closed");
    }
    if (status != TPL_OK && !oom_files_untouched()) {
        complain(c, nth, fails, "files were left behind or changed");
    }
    assert_true(asked || c->otherwise != TPL_OK); /* or there is nothing to try */
    return failed;
}

static void sweep(const oom_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        for (int way = 0; way < 6; way++) {
            uint64_t nth = 1;
            while (try_one(&cases[i], nth, (what_fails)(way / 2), way % 2 == 0)) {
                nth++;
                assert_true(nth < MOST_ALLOCATIONS);
            }
        }
    }
}

static void values_survive_running_out_of_memory(void **state) {
    (void)state;
    oom_values_setup();
    oom_files_setup();
    sweep(oom_values, oom_values_count);
    oom_files_teardown();
    oom_values_teardown();
    assert_int_equal(mem_faulty_live(), 0);
}

static void files_survive_running_out_of_memory(void **state) {
    (void)state;
    oom_files_setup();
    sweep(oom_files, oom_files_count);
    sweep(oom_jobs, oom_jobs_count);
    oom_files_teardown();
    assert_int_equal(mem_faulty_live(), 0);
}

/* --- nothing is left out --- */

static bool is_listed(const oom_case *cases, size_t count, const char *name) {
    size_t i = 0;
    while (i < count && !headers_lists(cases[i].functions, name)) {
        i++;
    }
    return i < count;
}

static bool is_tried(const char *name) {
    return is_listed(oom_values, oom_values_count, name) ||
           is_listed(oom_files, oom_files_count, name) || is_listed(oom_jobs, oom_jobs_count, name);
}

static void every_public_function_that_can_fail_is_among_them(void **state) {
    (void)state;
    headers_check(is_tried, "without memory");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_public_function_that_can_fail_is_among_them),
        cmocka_unit_test_setup_teardown(values_survive_running_out_of_memory, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(files_survive_running_out_of_memory, scratch_enter,
                                        scratch_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
