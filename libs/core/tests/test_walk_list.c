/* SPDX-License-Identifier: MIT */
/* Directories that change while they are listed, which the linker's --wrap makes happen: the walk
 * calls __wrap_tpl__fs_read_dir(). */
#include "walk_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "fs.h"
#include "mem_faulty.h"
#include "scratch.h"

int __real_tpl__fs_read_dir(int fd, void *buf, size_t size, size_t *got);
int __wrap_tpl__fs_read_dir(int fd, void *buf, size_t size, size_t *got);

/* What happens while the directory is listed; the tests walk with one worker. */
static struct {
    int blocks;          /* that were asked for */
    int missed_listings; /* come out empty, as if everything had moved behind the reader's back */
    int restless;        /* so many listings end with a new name in the directory */
    bool doubled;        /* blocks have everything twice */
    bool untyped;        /* names come without their type */
    bool touched;        /* every listing ends with a change that leaves the names as they were */
    bool broken;         /* directories but the first cannot be listed */
    bool mistyped;       /* everything is said to be a regular file */
    const char *removed; /* a name that is gone as soon as it was listed */
    int names;           /* that were added */
} plan;

static void add_name(void) {
    char name[32];
    snprintf(name, sizeof(name), "new-%d", plan.names++);
    usleep(20000); /* a tick of the file system's clock */
    scratch_write(name, "new");
}

int __wrap_tpl__fs_read_dir(int fd, void *buf, size_t size, size_t *got) {
    plan.blocks++;
    if (plan.missed_listings > 0) {
        plan.missed_listings--;
        add_name();
        *got = 0;
        return 0;
    }
    if (plan.broken && plan.blocks > 2) { /* the root takes two */
        *got = 0;
        return EIO;
    }
    int error = __real_tpl__fs_read_dir(fd, buf, plan.doubled ? size / 2 : size, got);
    if (plan.removed != NULL && *got > 0) {
        (void)unlink(plan.removed);
    }
    bool retype = plan.untyped || plan.mistyped;
    for (size_t at = 0; retype && at < *got;) { /* linux_dirent64: length, then type */
        unsigned char *record = (unsigned char *)buf + at;
        record[18] = plan.mistyped ? DT_REG : 0;
        at += (size_t)record[16] | (size_t)record[17] << 8;
    }
    if (plan.doubled) {
        memcpy((char *)buf + *got, buf, *got);
        *got *= 2;
    }
    if (*got == 0 && plan.restless > 0) {
        plan.restless--;
        add_name();
    } else if (*got == 0 && plan.touched) {
        add_name();
        assert_int_equal(unlink("new-0"), 0);
        plan.names = 0;
    }
    return error;
}

static tpl__outcome collect(unsigned worker, const tpl__found *file, int *sys_errno,
                            void *payload) {
    tpl_buffer *names = payload;
    (void)worker;
    (void)sys_errno;
    assert_int_equal(tpl_buffer_append(names, file->path, file->path_len), TPL_OK);
    assert_int_equal(tpl_buffer_append(names, " ", 1), TPL_OK);
    return TPL__DONE;
}

/* How often each of the space-separated names was visited, in their order, and nothing else. */
static void expect_visits(const char *const *names, size_t count) {
    tpl_filter filter = TPL_FILTER_INIT;
    tpl__pool pool;
    tpl_buffer visited = TPL_BUFFER_INIT;
    size_t len = 0;
    tpl__pool_init(&pool, NULL, 0);
    tpl__walk_order order = {".", &filter, NULL, &pool, 1, collect, &visited, false, false};
    assert_int_equal(tpl__walk(&order, NULL), TPL_OK);
    assert_int_equal(tpl_buffer_append(&visited, "", 1), TPL_OK);
    for (size_t i = 0; i < count; i++) {
        const char *first = strstr(visited.data, names[i]);
        assert_non_null(first);
        assert_null(strstr(first + 1, names[i]));
        len += strlen(names[i]);
    }
    assert_int_equal(visited.len, len + 1);
    tpl_buffer_dispose(&visited);
}

static void a_quiet_directory_is_listed_once(void **state) {
    (void)state;
    scratch_write("a", "1");
    memset(&plan, 0, sizeof(plan));
    expect_visits((const char *const[]){"a "}, 1);
    assert_int_equal(plan.blocks, 2); /* the second says that there are no more */
}

static void what_one_listing_misses_another_one_has(void **state) {
    (void)state;
    scratch_write("a", "1");
    scratch_write("d/b", "2");
    scratch_link("link", "a");
    memset(&plan, 0, sizeof(plan));
    plan.missed_listings = 1;
    expect_visits((const char *const[]){"a ", "d/b ", "link ", "new-0 "}, 4);
}

static void nothing_is_taken_twice(void **state) {
    (void)state;
    scratch_write("a", "1");
    scratch_write("b", "2");
    memset(&plan, 0, sizeof(plan));
    plan.restless = 2;
    expect_visits((const char *const[]){"a ", "b ", "new-0 ", "new-1 "}, 4);
    assert_int_equal(plan.blocks, 6); /* after the third listing nothing had changed */
}

static void a_directory_that_never_rests_is_left_at_last(void **state) {
    (void)state;
    scratch_write("a", "1");
    memset(&plan, 0, sizeof(plan));
    plan.touched = true;
    expect_visits((const char *const[]){"a "}, 1);
    assert_int_equal(plan.blocks, 4); /* the second listing brought nothing new */
    memset(&plan, 0, sizeof(plan));
    plan.restless = 1000;
    static const char *const seen[] = {"a ",     "new-0 ", "new-1 ", "new-2 ",
                                       "new-3 ", "new-4 ", "new-5 ", "new-6 "};
    expect_visits(seen, sizeof(seen) / sizeof(seen[0]));
}

static void a_file_system_need_not_list_types(void **state) {
    (void)state;
    scratch_write("a", "1");
    scratch_write("d/b", "2");
    scratch_link("link", "d/b");
    memset(&plan, 0, sizeof(plan));
    plan.untyped = true;
    expect_visits((const char *const[]){"a ", "d/b ", "link "}, 3);
}

static void what_the_system_lists_twice_is_in_a_snapshot_once(void **state) {
    (void)state;
    scratch_write_old("a", "1");
    scratch_write_old("b", "22");
    scratch_write_old("d/c", "333");
    memset(&plan, 0, sizeof(plan));
    plan.doubled = true;
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_snapshot(&manifest, ".", &options, NULL, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_count(manifest), 3);
    assert_int_equal(tpl_manifest_duplicates(manifest), 0);
    assert_true(tpl_manifest_total_size(manifest) == 6);
    tpl_manifest_free(manifest);
}

/* --- trouble --- */

static void a_name_without_a_type_may_be_gone_when_it_is_asked_for(void **state) {
    (void)state;
    scratch_write("a", "1");
    scratch_write("b", "2");
    memset(&plan, 0, sizeof(plan));
    plan.untyped = true;
    plan.removed = "b";
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.run.jobs = 1; /* else folders that tell of the device are listed first */
    tpl_manifest *manifest = NULL;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_snapshot(&manifest, ".", &options, NULL, &err), TPL_E_IO);
    assert_null(manifest);
    assert_int_equal(err.sys_errno, ENOENT);
    assert_string_equal(err.path, "./b");
    tpl_error_dispose(&err);
}

static void count_special(const tpl_warning *warning, void *payload) {
    *(int *)payload += warning->kind == TPL_WARN_SPECIAL_FILE;
}

/* What is a file when it is listed can be something else when its state is asked for. */
static void a_file_that_became_something_else_is_passed_over(void **state) {
    (void)state;
    int told = 0;
    scratch_write_old("a", "1");
    scratch_fifo("pipe");
    memset(&plan, 0, sizeof(plan));
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    tpl_manifest *base = NULL;
    assert_int_equal(tpl_snapshot(&base, ".", &options, NULL, NULL), TPL_OK);
    plan.mistyped = true;
    options.base = base;
    options.run = (tpl_run){.jobs = 1, .warning = count_special, .payload = &told};
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_snapshot(&manifest, ".", &options, NULL, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_count(manifest), 1);
    assert_int_equal(told, 1);
    tpl_manifest_free(manifest);
    tpl_manifest_free(base);
}

/* Takes a snapshot with each allocation failing once; the status is `expected`, or memory's. */
static void expect_without_memory(const char *root, tpl_status expected) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.run.jobs = 1;
    const int64_t live = mem_faulty_live();
    for (uint64_t nth = 1;; nth++) {
        const int restless = plan.restless;
        tpl_manifest *manifest = NULL;
        tpl_error err = TPL_ERROR_INIT;
        plan.blocks = 0;
        mem_faulty_arm(nth, false);
        tpl_status status = tpl_snapshot(&manifest, root, &options, NULL, &err);
        bool failed = mem_faulty_failed() > 0;
        mem_faulty_arm(0, false);
        assert_true((manifest != NULL) == (status == TPL_OK));
        if (status != expected && !(failed && status == TPL_E_NOMEM)) {
            fail_msg("allocation %llu: %s", (unsigned long long)nth, err.message);
        }
        tpl_error_dispose(&err);
        tpl_manifest_free(manifest);
        assert_true(mem_faulty_live() == live);
        plan.restless = restless;
        if (!failed) {
            return;
        }
    }
}

static void a_directory_that_changes_is_listed_again_or_memory_is_out(void **state) {
    (void)state;
    scratch_write("a", "1");
    scratch_write("a-name-of-many-characters-that-goes-on-and-on-until-it-fills-a-buffer", "2");
    memset(&plan, 0, sizeof(plan));
    plan.restless = 2;
    expect_without_memory(".", TPL_OK);
}

static void what_cannot_be_listed_is_named_or_memory_is_out(void **state) {
    (void)state;
    scratch_write("root/d/a", "1");
    memset(&plan, 0, sizeof(plan));
    plan.broken = true;
    expect_without_memory("root", TPL_E_IO);
    expect_without_memory("root/", TPL_E_IO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_quiet_directory_is_listed_once),
        IN_SCRATCH(what_one_listing_misses_another_one_has),
        IN_SCRATCH(nothing_is_taken_twice),
        IN_SCRATCH(a_directory_that_never_rests_is_left_at_last),
        IN_SCRATCH(a_file_system_need_not_list_types),
        IN_SCRATCH(what_the_system_lists_twice_is_in_a_snapshot_once),
        IN_SCRATCH(a_name_without_a_type_may_be_gone_when_it_is_asked_for),
        IN_SCRATCH(a_file_that_became_something_else_is_passed_over),
        IN_SCRATCH(a_directory_that_changes_is_listed_again_or_memory_is_out),
        IN_SCRATCH(what_cannot_be_listed_is_named_or_memory_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
