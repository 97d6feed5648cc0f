/* SPDX-License-Identifier: MIT */
/* The walk's dealings with its visitor, which a snapshot cannot show. */
#include "walk.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "scratch.h"
#include "thread.h"
#include "walk_queue.h"

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

/* --- a directory whose memory was another's --- */

enum {
    NOT_SMALL_MS = 5, /* the walk goes on by threads */
    PATIENCE_MS = 20000
};

/* The tree is first/file and side/later/sub. One thread lists side once another is through with
 * first, whose memory later gets; the other lists later, too. */
static struct {
    bool on;
    void *_Atomic seat; /* of first, and then of later */
    atomic_bool vacant;
    atomic_bool taken_again;
    atomic_bool side_is_listed;
    atomic_bool later_is_listed;
    atomic_bool by_the_same;
    _Atomic pthread_t of_first; /* the thread that lists it */
    _Atomic pthread_t of_side;
    char sub[32]; /* the path it is visited by */
} reuse;

void *__real_tpl__alloc(size_t size);
void *__wrap_tpl__alloc(size_t size);
void __real_tpl__free(void *memory);
void __wrap_tpl__free(void *memory);
int __real_tpl__fs_read_dir(int fd, void *buf, size_t size, size_t *got);
int __wrap_tpl__fs_read_dir(int fd, void *buf, size_t size, size_t *got);

void *__wrap_tpl__alloc(size_t size) {
    if (!reuse.on || size != sizeof(tpl__dir) + sizeof("first")) {
        return __real_tpl__alloc(size);
    }
    if (atomic_load(&reuse.seat) == NULL) {
        atomic_store(&reuse.seat, __real_tpl__alloc(size));
    } else {
        atomic_store(&reuse.taken_again, atomic_exchange(&reuse.vacant, false));
    }
    return atomic_load(&reuse.seat);
}

void __wrap_tpl__free(void *memory) {
    if (reuse.on && memory != NULL && memory == atomic_load(&reuse.seat)) {
        atomic_store(&reuse.vacant, true);
    } else {
        __real_tpl__free(memory);
    }
}

static bool is_me(_Atomic pthread_t *thread) {
    pthread_t other = atomic_load(thread);
    return other != 0 && pthread_equal(other, pthread_self());
}

static void wait_for(atomic_bool *event) {
    for (int i = 0; i < PATIENCE_MS && !atomic_load(event); i++) {
        tpl__sleep_ms(1);
    }
}

static bool has_name(const void *block, size_t len, const char *name) {
    tpl__dirent entry;
    size_t position = 0;
    bool found = false;
    while (!found && tpl__fs_next(block, len, &position, &entry)) {
        found = strcmp(entry.name, name) == 0;
    }
    return found;
}

int __wrap_tpl__fs_read_dir(int fd, void *buf, size_t size, size_t *got) {
    int error = __real_tpl__fs_read_dir(fd, buf, size, got);
    if (!reuse.on || error != 0) {
        return error;
    }
    if (has_name(buf, *got, "side")) {
        tpl__sleep_ms(NOT_SMALL_MS);
    } else if (has_name(buf, *got, "file")) {
        atomic_store(&reuse.of_first, pthread_self());
        wait_for(&reuse.side_is_listed);
    } else if (has_name(buf, *got, "later")) {
        atomic_store(&reuse.of_side, pthread_self());
        atomic_store(&reuse.side_is_listed, true);
        wait_for(&reuse.vacant);
    } else if (has_name(buf, *got, "sub")) {
        atomic_store(&reuse.by_the_same, is_me(&reuse.of_first));
        atomic_store(&reuse.later_is_listed, true);
    } else if (*got == 0 && is_me(&reuse.of_side)) {
        wait_for(&reuse.later_is_listed);
    }
    return error;
}

static tpl__outcome note_sub(unsigned worker, const tpl__found *found, int *sys_errno,
                             void *payload) {
    (void)worker;
    (void)sys_errno;
    (void)payload;
    if (strcmp(found->name, "sub") == 0) {
        snprintf(reuse.sub, sizeof(reuse.sub), "%.*s", (int)found->path_len, found->path);
    }
    return TPL__DONE;
}

static void a_directory_may_lie_where_another_lay(void **state) {
    (void)state;
    tpl_filter filter = TPL_FILTER_INIT;
    tpl_run run = TPL_RUN_INIT;
    tpl__pool pool;
    tpl__walk_order order = {".", &filter, &run, &pool, 2, note_sub, NULL, true, false};
    scratch_write("first/file", "");
    scratch_directory("side/later/sub");
    tpl__pool_init(&pool, NULL, 0);
    reuse.on = true;
    assert_int_equal(tpl__walk(&order, NULL), TPL_OK);
    reuse.on = false;
    __real_tpl__free(atomic_load(&reuse.seat));
    assert_true(atomic_load(&reuse.taken_again));
    assert_true(atomic_load(&reuse.by_the_same));
    assert_string_equal(reuse.sub, "side/later/sub");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(an_outcome_ends_the_walk_or_is_warned_about),
        IN_SCRATCH(a_visitor_that_stops_ends_it_without_a_cause),
        IN_SCRATCH(a_directory_may_lie_where_another_lay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
