/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "codec.h"
#include "manifest_table.h"
#include "manifest_v2023.h"
#include "mem.h"
#include "tpl/text.h"

static void append(tpl_buffer *out, const char *text) {
    assert_int_equal(tpl_buffer_append(out, text, strlen(text)), TPL_OK);
}

/* The same document in the plainest way. */
static void append_plainly(tpl_buffer *out, const tpl_manifest *manifest, bool zero_mtime) {
    char number[64];
    append(out, "{\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2023-03-03\",\"paths\":[");
    for (size_t i = 0; i < tpl_manifest_count(manifest); i++) {
        tpl_entry entry;
        char hex[TPL_HASH_HEX_LEN + 1];
        size_t len;
        tpl__row_view(tpl__manifest_row(manifest, i), &entry);
        append(out, i == 0 ? "{\"hash\":\"" : ",{\"hash\":\"");
        const char *hash = tpl_entry_hash(&entry, hex, &len);
        assert_int_equal(tpl_buffer_append(out, hash, len), TPL_OK);
        snprintf(number, sizeof(number),
                 "\",\"mtime\":%" PRId64 ",\"path\":", zero_mtime ? 0 : entry.mtime);
        append(out, number);
        assert_int_equal(tpl_text_append_json(out, entry.path, entry.path_len), TPL_OK);
        snprintf(number, sizeof(number), ",\"size\":%" PRIu64 "}", entry.size);
        append(out, number);
    }
    snprintf(number, sizeof(number), "],\"totalSize\":%" PRIu64 "}",
             tpl_manifest_total_size(manifest));
    append(out, number);
}

static void expect_plain_text(const tpl_manifest *manifest) {
    for (int zero = 0; zero < 2; zero++) {
        tpl_buffer plain = TPL_BUFFER_INIT;
        tpl_buffer out = TPL_BUFFER_INIT;
        append_plainly(&plain, manifest, zero != 0);
        assert_int_equal(tpl__v2023_write(manifest, zero != 0, tpl_buffer_write, &out, NULL),
                         TPL_OK);
        assert_int_equal(out.len, plain.len);
        assert_memory_equal(out.data, plain.data, plain.len);
        tpl_buffer_dispose(&plain);
        tpl_buffer_dispose(&out);
    }
}

static void writes_random_manifests_plainly(void **state) {
    (void)state;
    uint64_t seed = 5;
    for (int round = 0; round < 1000; round++) {
        tpl_manifest *manifest = random_manifest(&seed, round % 3 != 0);
        assert_int_equal(tpl_manifest_seal(manifest, NULL), TPL_OK);
        expect_plain_text(manifest);
        tpl_manifest_free(manifest);
    }
}

static void writes_numbers_of_every_length(void **state) {
    (void)state;
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    uint64_t power = 1;
    for (int digits = 1; digits <= 19; digits++, power *= 10) {
        for (int delta = -1; delta <= 1; delta++) {
            tpl_entry entry = {.path = "n", .path_len = 1};
            entry.size = (power + (uint64_t)delta) >> 4;
            entry.mtime = (int64_t)(power + (uint64_t)delta) * (digits % 2 == 0 ? -1 : 1);
            assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
            entry.size = power + (uint64_t)delta;
            manifest->total_size = 0;
            assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
        }
    }
    static const int64_t mtimes[] = {INT64_MIN, INT64_MIN + 1, -1, INT64_MAX};
    for (size_t i = 0; i < 4; i++) {
        tpl_entry entry = {.path = "m", .path_len = 1, .mtime = mtimes[i]};
        entry.size = UINT64_MAX - i;
        manifest->total_size = 0;
        assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
    }
    assert_int_equal(tpl_manifest_seal(manifest, NULL), TPL_OK);
    expect_plain_text(manifest);
    tpl_manifest_free(manifest);
}

/* Paths and hashes longer than any piece, and places where a piece ends at every byte of one. */
static void writes_long_texts_in_pieces(void **state) {
    (void)state;
    static char text[200000];
    static const char *const units[] = {"a", "\xc3\xa9", "\xf0\x9f\x98\x80", "a\"b"};
    for (size_t i = 0; i < 4; i++) {
        size_t unit = strlen(units[i]);
        for (size_t at = 0; at < sizeof(text); at++) {
            text[at] = units[i][at % unit];
        }
        tpl_manifest *manifest = NULL;
        assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
        for (size_t len = unit * (32000 / unit); len < 33200; len += 7 * unit) {
            tpl_entry entry = {.path = text, .path_len = len};
            entry.hash_text = i == 0 ? text : NULL;
            entry.hash_text_len = len;
            assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
        }
        tpl_entry entry = {.path = text, .path_len = unit * (sizeof(text) / unit)};
        assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
        assert_int_equal(tpl_manifest_seal(manifest, NULL), TPL_OK);
        expect_plain_text(manifest);
        tpl_manifest_free(manifest);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_random_manifests_plainly),
        cmocka_unit_test(writes_numbers_of_every_length),
        cmocka_unit_test(writes_long_texts_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
