/* SPDX-License-Identifier: MIT */
/* Documents in and out for the tests of the manifest codec, and random ones. */
#include "codec.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "manifest_table.h"
#include "wtf8.h"

tpl_manifest *decoded(const char *text, size_t len) {
    tpl_manifest *manifest = NULL;
    tpl_error err = TPL_ERROR_INIT;
    tpl_status status = tpl_manifest_decode(&manifest, text, len, NULL, &err);
    assert_string_equal(err.message, "");
    assert_int_equal(status, TPL_OK);
    assert_non_null(manifest);
    return manifest;
}

void append_encoded(tpl_buffer *out, const tpl_manifest *manifest) {
    assert_int_equal(
        tpl_manifest_encode(manifest, TPL_FORMAT_DEFAULT, tpl_buffer_write, out, NULL, NULL),
        TPL_OK);
}

void expect_same_rows(const tpl_manifest *found, const tpl_manifest *expected) {
    assert_true(tpl_manifest_equal(found, expected));
    assert_int_equal(tpl_manifest_duplicates(found), tpl_manifest_duplicates(expected));
    assert_int_equal(found->order == NULL, expected->order == NULL);
    for (size_t i = 0; i < found->count; i++) {
        assert_int_equal(found->rows[i].path_len, expected->rows[i].path_len);
        assert_memory_equal(found->rows[i].path, expected->rows[i].path, found->rows[i].path_len);
    }
}

void add_path(tpl_manifest *manifest, const char *path, uint64_t size) {
    tpl_entry entry = {.path = path, .path_len = strlen(path), .size = size, .mtime = 1000};
    entry.hash = tpl_hash_bytes(path, entry.path_len);
    assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
}

void add_paths_backwards(tpl_manifest *manifest, unsigned count) {
    for (unsigned i = count; i > 0; i--) {
        char path[16];
        snprintf(path, sizeof(path), "p/%010u", i);
        add_path(manifest, path, 1);
    }
}

static int stop(void *payload) {
    (void)payload;
    return 1;
}

const tpl_run no_more = {.poll = stop};

void read_data(tpl_buffer *out, const char *name) {
    char path[512];
    assert_true(snprintf(path, sizeof(path), "%s/%s", TPL_TEST_DATA, name) < (int)sizeof(path));
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("cannot open %s", path);
        return;
    }
    char piece[4096];
    size_t got;
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0) {
        assert_int_equal(tpl_buffer_append(out, piece, got), TPL_OK);
    }
    assert_int_equal(ferror(file), 0);
    fclose(file);
}

uint64_t next_random(uint64_t *seed) { /* splitmix64 */
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint32_t random_code(uint64_t *seed) {
    static const uint32_t ODD[] = {0,      1,      '\b',   '\n',   '\f',    '\r',    '\t',
                                   '"',    '\\',   '/',    0x1f,   0x7f,    0x80,    0xff,
                                   0x7ff,  0x800,  0xd7ff, 0xd800, 0xdbff,  0xdc00,  0xdc80,
                                   0xdfff, 0xe000, 0xffee, 0xffff, 0x10000, 0x1f600, 0x10ffff};
    uint64_t dice = next_random(seed);
    if (dice % 4 == 0) {
        return (uint32_t)(dice >> 8) % 0x110000;
    }
    return ODD[(dice >> 8) % (sizeof(ODD) / sizeof(ODD[0]))];
}

void append_random_text(tpl_buffer *out, uint64_t *seed, size_t max, bool exotic) {
    size_t count = next_random(seed) % (max + 1);
    bool after_high = false;
    while (count-- > 0) {
        uint64_t dice = next_random(seed);
        uint32_t code =
            dice % 8 == 0 ? (uint32_t)(0x20 + (dice >> 8) % 0x5f) : (uint32_t)"ab/"[dice % 3];
        if (exotic && (dice >> 4) % 3 == 0) {
            code = random_code(seed);
        }
        if (after_high && code >= 0xdc00 && code < 0xe000) {
            code = 'x'; /* a pair of surrogates has another spelling in WTF-8 */
        }
        after_high = code >= 0xd800 && code < 0xdc00;
        char bytes[4];
        assert_int_equal(tpl_buffer_append(out, bytes, tpl__wtf8_put(bytes, code)), TPL_OK);
    }
}

static uint64_t random_number(uint64_t *seed) {
    uint64_t number = next_random(seed);
    return number >> next_random(seed) % 64;
}

tpl_manifest *random_manifest(uint64_t *seed, bool exotic) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    size_t count = 1 + next_random(seed) % 40;
    for (size_t i = 0; i < count; i++) {
        tpl_buffer path = TPL_BUFFER_INIT;
        append_random_text(&path, seed, next_random(seed) % 8 == 0 ? 60 : 12, exotic);
        tpl_entry entry = {.path = path.data, .path_len = path.len};
        entry.hash = (tpl_hash128){next_random(seed), random_number(seed)};
        entry.size = random_number(seed) >> 6;
        entry.mtime = (int64_t)random_number(seed) * (next_random(seed) % 8 == 0 ? -1 : 1);
        if (next_random(seed) % 16 == 0) {
            entry.hash_text = "Z9aDEADbeef";
            entry.hash_text_len = 1 + next_random(seed) % 11;
        }
        assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
        tpl_buffer_dispose(&path);
    }
    return manifest;
}

void append_document(tpl_buffer *out, uint64_t *seed, bool exotic) {
    tpl_manifest *manifest = random_manifest(seed, exotic);
    for (size_t i = 0; i < manifest->count; i++) {
        if (manifest->rows[i].tag != 0) { /* every hash of 32 digits */
            manifest->rows[i].tag = 0;
            manifest->rows[i].hash.digest = (tpl_hash128){1, i};
        }
    }
    bool sorted = next_random(seed) % 2 == 0;
    if (sorted) {
        assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    } else {
        manifest->sealed = true;
    }
    append_encoded(out, manifest);
    tpl_manifest_free(manifest);
}

static char random_byte(uint64_t *seed) {
    static const char likely[] = "\"\\{}[],:-+.0123456789eEabfzAFZ \n\t/u\x7f\x80\xc3\xed\xf0\xff";
    uint64_t dice = next_random(seed);
    return dice % 4 == 0 ? (char)(dice >> 8) : likely[(dice >> 8) % sizeof(likely)];
}

void mutate_text(tpl_buffer *text, uint64_t *seed) {
    for (uint64_t changes = 1 + next_random(seed) % 3; changes > 0 && text->len > 1; changes--) {
        size_t at = next_random(seed) % text->len;
        size_t count = next_random(seed) % 8;
        count = count < text->len - at ? count : text->len - at;
        switch (next_random(seed) % 4) {
        case 0:
            text->data[at] = random_byte(seed);
            break;
        case 1:
            memmove(text->data + at, text->data + at + count, text->len - at - count);
            text->len -= count;
            break;
        case 2:
            assert_int_equal(tpl_buffer_reserve(text, count), TPL_OK);
            memmove(text->data + at + count, text->data + at, text->len - at);
            text->len += count;
            break;
        default:
            text->data[at] = text->data[next_random(seed) % text->len];
            break;
        }
    }
}
