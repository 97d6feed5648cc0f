/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "check.h"
#include "tpl/snapshot.h"

#define STAMP "2023-11-14T22-13-20"

static void expect(const char *root, const char *stem, const char *name) {
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(tpl_buffer_append(&out, "in/", 3), TPL_OK);
    assert_int_equal(tpl_snapshot_name(&out, root, stem, STAMP, NULL), TPL_OK);
    assert_int_equal(tpl_buffer_append(&out, "", 1), TPL_OK);
    assert_string_equal(out.data + 3, name);
    assert_memory_equal(out.data, "in/", 3);
    tpl_buffer_dispose(&out);
}

static void without_a_stem_the_root_is_one(void **state) {
    (void)state;
    expect("/home/u/proj", NULL, "home_u_proj-2f8e6d4af8cf0f344a599ab8cce4f675-" STAMP ".manifest");
    expect("/", "", "-d6f5222ffc6d3eaf474292953285562e-" STAMP ".manifest");
    expect("C:\\Users\\u\\proj", NULL,
           "C__Users_u_proj-7f2598ab7617dff67d4c48be88abf884-" STAMP ".manifest");
    expect("", NULL, "-99aa06d3014798d86001c324468d497f-" STAMP ".manifest");
}

static void the_hash_is_of_the_root_whatever_the_stem(void **state) {
    (void)state;
    expect("/tmp", "job", "job-a0271fe0c8b1c1f99b82b442cd878122-" STAMP ".manifest");
    expect("/tmp", "_job_", "job_-a0271fe0c8b1c1f99b82b442cd878122-" STAMP ".manifest");
    expect("/tmp", "a:b\\c", "a:b\\c-a0271fe0c8b1c1f99b82b442cd878122-" STAMP ".manifest");
}

static void a_stem_is_no_path(void **state) {
    (void)state;
    tpl_buffer out = TPL_BUFFER_INIT;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_snapshot_name(&out, "r", "../x", STAMP, &err), TPL_E_ARGUMENT);
    assert_string_equal(err.message, "a name cannot hold a slash");
    assert_int_equal(out.len, 0);
    tpl_error_dispose(&err);
    tpl_buffer_dispose(&out);
}

static void a_name_that_has_no_room_leaves_what_was_there(void **state) {
    (void)state;
    for (size_t most = 3; most < 60; most++) {
        tpl_buffer out = {NULL, 0, 0, most};
        assert_int_equal(tpl_buffer_append(&out, "in/", 3), TPL_OK);
        assert_int_equal(tpl_snapshot_name(&out, "r", NULL, STAMP, NULL), TPL_E_NOMEM);
        assert_int_equal(out.len, 3);
        tpl_buffer_dispose(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_stem_the_root_is_one),
        cmocka_unit_test(the_hash_is_of_the_root_whatever_the_stem),
        cmocka_unit_test(a_stem_is_no_path),
        cmocka_unit_test(a_name_that_has_no_room_leaves_what_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
