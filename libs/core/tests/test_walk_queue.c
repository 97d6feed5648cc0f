/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "walk_queue.h"

static tpl__dir *root_dir(void) {
    return tpl__dir_new(NULL, "", 0, false);
}

static void a_directory_outlives_its_children(void **state) {
    (void)state;
    atomic_uint open_dirs;
    atomic_init(&open_dirs, 0);
    tpl__dir *root = root_dir();
    tpl__dir *child = tpl__dir_new(root, "child", 5, true);
    assert_int_equal(atomic_load(&root->refs), 2);
    assert_string_equal(child->name, "child");
    assert_ptr_equal(child->text, child->name);
    assert_true(child->link && child->fd == -1);
    tpl__dir_release(root, &open_dirs);
    assert_int_equal(atomic_load(&root->refs), 1);
    tpl__dir_release(child, &open_dirs); /* and with it the root */
}

static void a_name_that_is_not_utf8_has_a_text_of_its_own(void **state) {
    (void)state;
    atomic_uint open_dirs;
    atomic_init(&open_dirs, 0);
    tpl__dir *dir = tpl__dir_new(NULL, "a\xff", 2, false);
    assert_string_equal(dir->name, "a\xff");
    assert_int_equal(dir->text_len, 4);
    assert_memory_equal(dir->text, "a\xed\xb3\xbf", 4);
    tpl__dir_release(dir, &open_dirs);
}

static void directories_come_before_names_and_the_last_first(void **state) {
    (void)state;
    tpl__pool pool;
    tpl__pool_init(&pool, NULL, 0);
    tpl__walk_queue queue;
    tpl__walk_queue_init(&queue, &pool, 2, false);
    tpl__dir *root = root_dir();
    static const char records[] = "\001one\0\001two";
    assert_int_equal(tpl__walk_queue_push_names(&queue, root, records, sizeof(records), 2), 0);
    tpl__dir *first = tpl__dir_new(root, "first", 5, false);
    tpl__dir *second = tpl__dir_new(root, "second", 6, false);
    tpl__walk_queue_push_dir(&queue, first);
    tpl__walk_queue_push_dir(&queue, second);
    assert_false(atomic_load(&pool.total_known));
    tpl__task task;
    assert_true(tpl__walk_queue_take(&queue, &task));
    assert_ptr_equal(task.dir, second);
    tpl__walk_queue_done(&queue, &task);
    assert_true(tpl__walk_queue_take(&queue, &task));
    assert_ptr_equal(task.dir, first);
    tpl__walk_queue_done(&queue, &task);
    assert_true(atomic_load(&pool.total_known));
    tpl__walk_queue_push_dir(&queue, tpl__dir_new(root, "behind a link", 13, true));
    assert_false(atomic_load(&pool.total_known));
    assert_true(tpl__walk_queue_take(&queue, &task));
    tpl__walk_queue_done(&queue, &task);
    assert_true(atomic_load(&pool.total_known));
    for (int i = 0; i < 2; i++) { /* few are left, so they go one by one */
        assert_true(tpl__walk_queue_take(&queue, &task));
        assert_int_equal(task.count, 1);
        assert_string_equal(task.records + 1, i == 0 ? "one" : "two");
        tpl__walk_queue_done(&queue, &task);
    }
    assert_false(tpl__walk_queue_take(&queue, &task));
    assert_int_equal(atomic_load(&pool.files_total), 2);
    tpl__dir_release(root, &queue.open_dirs);
    tpl__walk_queue_dispose(&queue);
}

/* Batches of `count` names each, the names being numbers. */
static void push_numbers(tpl__walk_queue *queue, tpl__dir *dir, unsigned count) {
    char records[4096];
    size_t size = 0;
    for (unsigned i = 0; i < count; i++) {
        int len = snprintf(records + size, sizeof(records) - size, "\001%04u", i);
        size += (size_t)len + 1;
    }
    assert_int_equal(tpl__walk_queue_push_names(queue, dir, records, size, count), 0);
}

static void a_worker_stays_in_its_directory_and_others_go_elsewhere(void **state) {
    (void)state;
    tpl__pool pool;
    tpl__pool_init(&pool, NULL, 0);
    tpl__walk_queue queue;
    tpl__walk_queue_init(&queue, &pool, 2, false);
    tpl__dir *dirs[3];
    for (int i = 0; i < 3; i++) {
        dirs[i] = root_dir();
        push_numbers(&queue, dirs[i], 100);
    }
    tpl__task one;
    tpl__task two;
    tpl__task three;
    assert_true(tpl__walk_queue_take(&queue, &one));
    assert_true(tpl__walk_queue_take(&queue, &two));
    assert_true(tpl__walk_queue_take(&queue, &three));
    assert_ptr_equal(one.dir, dirs[2]);
    assert_ptr_equal(two.dir, dirs[1]);
    assert_ptr_equal(three.dir, dirs[0]);
    unsigned seen = 0;
    do {
        assert_ptr_equal(two.dir, dirs[1]);
        assert_int_equal(strtoul(two.records + 1, NULL, 10), seen);
        seen += two.count;
    } while (tpl__walk_queue_more(&queue, &two));
    assert_int_equal(seen, 100);
    tpl__walk_queue_done(&queue, &two);
    assert_true(tpl__walk_queue_take(&queue, &two)); /* nobody is alone any more */
    assert_ptr_equal(two.dir, dirs[2]);
    tpl__walk_queue_push_dir(&queue, tpl__dir_new(dirs[0], "d", 1, false));
    assert_false(tpl__walk_queue_more(&queue, &one)); /* directories first */
    tpl__walk_queue_done(&queue, &one);
    atomic_store(&pool.stop, true);
    assert_false(tpl__walk_queue_more(&queue, &three));
    tpl__walk_queue_done(&queue, &two);
    tpl__walk_queue_done(&queue, &three);
    tpl__walk_queue_dispose(&queue);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(atomic_load(&dirs[i]->refs), 1);
        tpl__dir_release(dirs[i], &queue.open_dirs);
    }
}

/* Directories are listed until so many names wait, and then not until half of them are gone. */
static void where_visits_are_brief_few_names_wait(void **state) {
    (void)state;
    tpl__pool pool;
    tpl__pool_init(&pool, NULL, 0);
    tpl__walk_queue queue;
    tpl__walk_queue_init(&queue, &pool, 2, true);
    tpl__dir *root = root_dir();
    tpl__walk_queue_push_dir(&queue, tpl__dir_new(root, "d", 1, false));
    tpl__task task;
    size_t pushed = 0;
    do {
        push_numbers(&queue, root, 500);
        pushed += 500;
        assert_true(tpl__walk_queue_take(&queue, &task));
        bool names = task.batch != NULL;
        tpl__walk_queue_done(&queue, &task);
        if (!names) {
            tpl__walk_queue_push_dir(&queue, tpl__dir_new(root, "d", 1, false));
        } else {
            break;
        }
    } while (pushed < 100000);
    assert_true(pushed > 4096 && pushed < 5096);
    while (queue.names >= 2048) {
        assert_true(tpl__walk_queue_take(&queue, &task));
        assert_non_null(task.batch);
        tpl__walk_queue_done(&queue, &task);
    }
    assert_true(tpl__walk_queue_take(&queue, &task));
    assert_null(task.batch);
    tpl__walk_queue_done(&queue, &task);
    tpl__walk_queue_dispose(&queue);
    assert_int_equal(atomic_load(&root->refs), 1);
    tpl__dir_release(root, &queue.open_dirs);
}

static void what_is_left_in_it_is_released(void **state) {
    (void)state;
    tpl__pool pool;
    tpl__pool_init(&pool, NULL, 0);
    tpl__walk_queue queue;
    tpl__walk_queue_init(&queue, &pool, 1, false);
    tpl__dir *root = root_dir();
    tpl__walk_queue_push_dir(&queue, tpl__dir_new(root, "d", 1, false));
    assert_int_equal(tpl__walk_queue_push_names(&queue, root, "\001a", 3, 1), 0);
    atomic_store(&pool.stop, true);
    tpl__task task;
    assert_false(tpl__walk_queue_take(&queue, &task));
    tpl__walk_queue_dispose(&queue);
    assert_int_equal(atomic_load(&root->refs), 1);
    tpl__dir_release(root, &queue.open_dirs);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_directory_outlives_its_children),
        cmocka_unit_test(a_name_that_is_not_utf8_has_a_text_of_its_own),
        cmocka_unit_test(directories_come_before_names_and_the_last_first),
        cmocka_unit_test(a_worker_stays_in_its_directory_and_others_go_elsewhere),
        cmocka_unit_test(where_visits_are_brief_few_names_wait),
        cmocka_unit_test(what_is_left_in_it_is_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
