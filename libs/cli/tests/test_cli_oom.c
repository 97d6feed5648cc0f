/* SPDX-License-Identifier: MIT */
/* The command with its first allocation failing, then its second, and so on until all succeed: once
 * with the memory there again right after, once without. */
#include <string.h>

#include "attempts.h"
#include "check.h"
#include "mem_faulty.h"
#include "scratch.h"

enum {
    EXIT_MEMORY = 3 /* CLI_EXIT_IO: "a file, the system or memory failed" */
};

/* A clean end for want of memory: one line that says so, and nothing on standard output but an
 * error document, which must be whole. */
static const char *memory_fault(const outcome *o) {
    if (o->code != EXIT_MEMORY) {
        return "neither its own end nor that of a call without memory";
    }
    if (strncmp(o->err, "template-cli: ", 14) != 0 || strstr(o->err, "memory") == NULL) {
        return "does not say that memory failed";
    }
    if (attempts_lines(o->err) != 1) {
        return "says more than one line";
    }
    size_t len = strlen(o->out);
    bool document =
        o->out[0] == '{' && o->out[len - 1] == '\n' && strstr(o->out, "error/1") != NULL;
    return len == 0 || document ? NULL : "leaves a part of its result on standard output";
}

static const char *fault(const outcome *o, const outcome *whole) {
    if (o->live != 0) {
        return "memory was not freed";
    }
    if (o->made[0] != '\0' && strcmp(o->made, whole->made) != 0) {
        return "made another file"; /* a whole one may be there when what follows it fails */
    }
    bool same = o->code == whole->code && strcmp(o->out, whole->out) == 0 &&
                strcmp(o->made, whole->made) == 0;
    if (same && (o->failed == 0 || strcmp(o->err, whole->err) == 0)) {
        return NULL;
    }
    if (o->failed == 0) {
        return "two calls, two answers";
    }
    bool fails_anyway = whole->code > 1 && o->code == whole->code; /* if in fewer words */
    if (fails_anyway && strncmp(o->err, "template-cli: ", 14) == 0) {
        return NULL;
    }
    return same ? NULL : memory_fault(o);
}

static void fail_one(uint64_t nth) {
    mem_faulty_arm(nth, false);
}

static void fail_from(uint64_t nth) {
    mem_faulty_arm(nth, true);
}

static void every_command_survives_running_out_of_memory(void **state) {
    (void)state;
    static const trouble troubles[] = {{"allocation", fail_one, mem_faulty_failed},
                                       {"allocations from", fail_from, mem_faulty_failed}};
    attempts_make_files();
    for (size_t i = 0; i < attempts_calls_count; i++) {
        attempts_sweep(&attempts_calls[i], &troubles[0], fault);
        attempts_sweep(&attempts_calls[i], &troubles[1], fault);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(every_command_survives_running_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
