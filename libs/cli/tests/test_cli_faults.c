/* SPDX-License-Identifier: MIT */
/* The command with its first system call failing, then its second, and so on until none is left:
 * its answer is the right one, or it says that something failed; and with reads and writes that
 * come up short, which changes nothing. */
#include <errno.h>
#include <string.h>

#include "attempts.h"
#include "check.h"
#include "scratch.h"
#include "sys_faulty.h"

enum {
    EXIT_IO = 3
};

static bool is_same(const outcome *o, const outcome *whole) {
    return o->code == whole->code && strcmp(o->out, whole->out) == 0 &&
           strcmp(o->made, whole->made) == 0;
}

static const char *keeps_its_files(const outcome *o, const outcome *whole) {
    if (o->live != 0) {
        return "memory was not freed";
    }
    return o->made[0] != '\0' && strcmp(o->made, whole->made) != 0 ? "made another file" : NULL;
}

/* Among what was found, or on a line of its own. */
static bool says_so(const outcome *o) {
    return strncmp(o->err, "template-cli: ", 14) == 0 || strstr(o->out, "unreadable") != NULL;
}

static const char *fault_of_one(const outcome *o, const outcome *whole) {
    const char *what = keeps_its_files(o, whole);
    if (what != NULL || is_same(o, whole)) {
        return what;
    }
    bool fails_anyway = whole->code > 1 && o->code == whole->code;
    if (o->failed == 0 || (o->code != EXIT_IO && !fails_anyway)) {
        return "neither its own end nor that of a call that failed";
    }
    return says_so(o) ? NULL : "does not say that something failed";
}

static const char *fault_of_short(const outcome *o, const outcome *whole) {
    return is_same(o, whole) && strcmp(o->err, whole->err) == 0 ? keeps_its_files(o, whole)
                                                                : "another answer";
}

static void fail_one(uint64_t nth) {
    sys_faulty_arm(nth, EIO, false);
}

static void fill_up(uint64_t nth) {
    sys_faulty_arm(nth, ENOSPC, false);
}

static void shorten_one(uint64_t nth) {
    sys_faulty_arm(nth, SYS_FAULTY_SHORT, false);
}

static void sweep(const trouble *t, const char *(*fault)(const outcome *, const outcome *)) {
    attempts_make_files();
    for (size_t i = 0; i < attempts_calls_count; i++) {
        attempts_sweep(&attempts_calls[i], t, fault);
    }
}

static void every_command_survives_a_call_that_fails(void **state) {
    (void)state;
    sweep(&(trouble){"call (EIO)", fail_one, sys_faulty_failed}, fault_of_one);
}

static void every_command_survives_a_full_disk(void **state) {
    (void)state;
    sweep(&(trouble){"call (ENOSPC)", fill_up, sys_faulty_failed}, fault_of_one);
}

static void every_command_goes_on_where_a_call_stopped_short(void **state) {
    (void)state;
    sweep(&(trouble){"short call", shorten_one, sys_faulty_failed}, fault_of_short);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(every_command_survives_a_call_that_fails),
        IN_SCRATCH(every_command_survives_a_full_disk),
        IN_SCRATCH(every_command_goes_on_where_a_call_stopped_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
