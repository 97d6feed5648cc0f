/* SPDX-License-Identifier: MIT */
/* Directories that change while they are listed, which the linker's --wrap makes happen: the walk
 * calls __wrap_tpl__fs_read_dir(). */
#include "walk_list.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "fs.h"
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
    int error = __real_tpl__fs_read_dir(fd, buf, plan.doubled ? size / 2 : size, got);
    for (size_t at = 0; plan.untyped && at < *got;) { /* linux_dirent64: length, then type */
        unsigned char *record = (unsigned char *)buf + at;
        record[18] = 0;
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
    tpl__walk_order order = {".", &filter, NULL, &pool, 1, collect, &visited, false};
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

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_quiet_directory_is_listed_once),
        IN_SCRATCH(what_one_listing_misses_another_one_has),
        IN_SCRATCH(nothing_is_taken_twice),
        IN_SCRATCH(a_directory_that_never_rests_is_left_at_last),
        IN_SCRATCH(a_file_system_need_not_list_types),
        IN_SCRATCH(what_the_system_lists_twice_is_in_a_snapshot_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
