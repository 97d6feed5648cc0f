/* SPDX-License-Identifier: MIT */
#include "listed.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include "check.h"
#include "pool.h"
#include "thread.h"

enum {
    MANY = 1000
};

typedef struct visits {
    atomic_uint count[MANY];
    tpl__outcome outcome; /* of file 500 */
    tpl_progress last;
    tpl__pool *pool;
} visits;

static tpl_asset_path paths[MANY];

static tpl__outcome visit(unsigned worker, const tpl__found *file, int *sys_errno, void *payload) {
    visits *v = payload;
    unsigned index = 0;
    (void)worker;
    assert_int_equal(file->path_len, 4);
    for (int i = 0; i < 4; i++) {
        index = index * 10 + (unsigned)(file->path[i] - '0');
    }
    assert_memory_equal(file->name, "/r/", 3);
    assert_string_equal(file->name + 3, file->path);
    atomic_fetch_add(&v->count[index], 1);
    /* Others begin meanwhile, and have not done it all when one fails. */
    int waits = v->outcome == TPL__DONE ? 0 : index < 10 ? 1 : index > 500 ? 10 : 0;
    for (; waits > 0 && !tpl__pool_stopped(v->pool); waits--) {
        tpl__sleep_ms(1);
    }
    *sys_errno = EACCES;
    return index == 500 ? v->outcome : TPL__DONE;
}

static int keep_last(const tpl_progress *progress, void *payload) {
    visits *v = payload;
    v->last = *progress;
    return 0;
}

static tpl_status list(visits *v, unsigned workers, tpl_error *err) {
    static char text[MANY][8];
    tpl__tally tallies[4] = {{0}};
    tpl__pool pool;
    for (unsigned i = 0; i < MANY; i++) {
        const char digits[] = {'/',
                               'r',
                               '/',
                               (char)('0' + i / 1000),
                               (char)('0' + i / 100 % 10),
                               (char)('0' + i / 10 % 10),
                               (char)('0' + i % 10),
                               '\0'};
        memcpy(text[i], digits, sizeof(digits));
        paths[i] = (tpl_asset_path){text[i], 7, 1};
    }
    tpl__pool_init(&pool, tallies, workers);
    v->pool = &pool;
    tpl__tree_files files = {paths, MANY, 3};
    const tpl_run run = {workers, keep_last, NULL, NULL, v};
    tpl__walk_order order = {"/", NULL, &run, &pool, workers, visit, v, false, false};
    return tpl__listed(&order, &files, err);
}

static void every_file_is_visited_once(void **state) {
    (void)state;
    for (unsigned workers = 1; workers <= 4; workers += 3) {
        static visits v;
        v = (visits){.outcome = TPL__DONE};
        assert_int_equal(list(&v, workers, NULL), TPL_OK);
        for (int i = 0; i < MANY; i++) {
            assert_int_equal(atomic_load(&v.count[i]), 1);
        }
        assert_true(v.last.total_known);
        assert_int_equal(v.last.files_total, MANY);
        assert_int_equal(v.last.bytes_total, MANY);
    }
}

static void what_goes_wrong_with_a_file_is_told(void **state) {
    (void)state;
    static const struct {
        tpl__outcome outcome;
        tpl_status status;
        const char *message;
    } cases[] = {
        {TPL__FAILED, TPL_E_IO, "permission denied"},
        {TPL__CHANGED, TPL_E_CHANGED, "file kept changing while it was read"},
        {TPL__NOT_FILE, TPL_E_INPUTS, "input is not a regular file"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        static visits v;
        v = (visits){.outcome = cases[i].outcome};
        tpl_error err = TPL_ERROR_INIT;
        assert_int_equal(list(&v, 4, &err), cases[i].status);
        assert_string_equal(err.message, cases[i].message);
        assert_string_equal(err.path, "/r/0500");
        tpl_error_dispose(&err);
        assert_int_equal(atomic_load(&v.count[MANY - 1]), 0); /* the others end, too */
        assert_int_equal(list(&v, 1, NULL), cases[i].status);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_visited_once),
        cmocka_unit_test(what_goes_wrong_with_a_file_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
