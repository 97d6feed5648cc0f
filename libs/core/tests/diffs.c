/* SPDX-License-Identifier: MIT */
#include "diffs.h"

#include <stdio.h>

#include "check.h"
#include "codec.h"
#include "scratch.h"

enum {
    LONGEST_PATH = 200
};

void expect_same_diff(const tpl_diff *found, const tpl_diff *expected, bool unchanged,
                      bool states) {
    for (int change = 0; change < TPL_CHANGE_COUNT; change++) {
        size_t count = tpl_diff_count(expected, (tpl_change)change);
        assert_int_equal(tpl_diff_count(found, (tpl_change)change), count);
        bool listed = unchanged || change != TPL_CHANGE_UNCHANGED;
        for (size_t i = 0; listed && i < count; i++) {
            size_t len[2];
            const char *one = tpl_diff_path(found, (tpl_change)change, i, &len[0]);
            const char *two = tpl_diff_path(expected, (tpl_change)change, i, &len[1]);
            assert_int_equal(len[0], len[1]);
            assert_memory_equal(one, two, len[0]);
            if (states) {
                tpl_diff_states a = tpl_diff_states_of(found, (tpl_change)change, i);
                tpl_diff_states b = tpl_diff_states_of(expected, (tpl_change)change, i);
                assert_memory_equal(&a, &b, sizeof(a));
            }
        }
    }
}

tpl_diff *diff_of_texts(const tpl_buffer texts[2], const tpl_diff_options *options) {
    tpl_manifest *manifests[2] = {NULL, NULL};
    tpl_diff *diff = NULL;
    bool valid = true;
    for (int i = 0; i < 2; i++) {
        valid =
            tpl_manifest_decode(&manifests[i], texts[i].data, texts[i].len, NULL, NULL) == TPL_OK &&
            valid;
    }
    if (valid) {
        tpl_side before = {manifests[0], NULL};
        tpl_side after = {manifests[1], NULL};
        assert_int_equal(tpl_diff_sides(&diff, before, after, options, NULL), TPL_OK);
    }
    tpl_manifest_free(manifests[0]);
    tpl_manifest_free(manifests[1]);
    return diff;
}

void append_pair(tpl_buffer texts[2], const char *dir, size_t count) {
    for (int side = 0; side < 2; side++) {
        tpl_manifest *manifest = NULL;
        assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
        for (size_t i = 0; i < count; i++) {
            char path[LONGEST_PATH];
            int len = snprintf(path, sizeof(path), "%s/%09zu", dir, i);
            assert_in_range(len, 1, sizeof(path) - 1);
            tpl_entry entry = {.path = path, .path_len = (size_t)len, .size = i};
            entry.hash.low = i % 100 == 90 ? (uint64_t)side : i;
            if (i % 100 != (side == 0 ? 60 : 30)) {
                assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
            }
        }
        assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
        append_encoded(&texts[side], manifest);
        tpl_manifest_free(manifest);
    }
}

void write_pair(tpl_buffer texts[2], const char *dir, size_t count) {
    append_pair(texts, dir, count);
    scratch_write_bytes(OLD_MANIFEST, texts[0].data, texts[0].len);
    scratch_write_bytes(NEW_MANIFEST, texts[1].data, texts[1].len);
}
