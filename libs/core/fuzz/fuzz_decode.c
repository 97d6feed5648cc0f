/* SPDX-License-Identifier: MIT */
/* Any bytes as a manifest: the readers agree, and what was read can be written and read again. */
#include <string.h>

#include "fuzz.h"
#include "manifest_v2023.h"
#include "tpl/manifest.h"

static bool is_status_of_decode(tpl_status status) {
    return status == TPL_OK || status == TPL_E_SYNTAX || status == TPL_E_VERSION ||
           status == TPL_E_MANIFEST || status == TPL_E_RANGE;
}

static bool is_one_line(const char *text) {
    return text[0] != '\0' && strchr(text, '\n') == NULL;
}

static void check_same_entries(const tpl_manifest *a, const tpl_manifest *b) {
    MUST(tpl_manifest_count(a) == tpl_manifest_count(b));
    MUST(tpl_manifest_total_size(a) == tpl_manifest_total_size(b));
    MUST(tpl_manifest_duplicates(a) == tpl_manifest_duplicates(b));
    MUST(tpl_manifest_equal(a, b));
    for (size_t i = 0; i < tpl_manifest_count(a); i++) {
        tpl_entry one;
        tpl_entry other;
        tpl_manifest_entry(a, i, &one);
        tpl_manifest_entry(b, i, &other);
        MUST(one.path_len == other.path_len);
        MUST(memcmp(one.path, other.path, one.path_len) == 0);
        MUST(one.size == other.size && one.mtime == other.mtime);
        size_t found;
        MUST(tpl_manifest_find(a, one.path, one.path_len, &found) && found >= i);
    }
}

/* The fast reader answers as the strict one, or not at all. */
static void check_fast(const tpl_manifest *manifest, tpl_status status, const char *text,
                       size_t len) {
    tpl__poll poll = tpl__poll_start(NULL);
    tpl_manifest *fast = NULL;
    MUST(tpl__v2023_read_text(&fast, text, len, &poll) == TPL_OK);
    if (fast != NULL) {
        MUST(status == TPL_OK);
        check_same_entries(fast, manifest);
    }
    tpl_manifest_free(fast);
}

static void check_written(const tpl_manifest *manifest, const char *text, size_t len) {
    tpl_buffer first = TPL_BUFFER_INIT;
    tpl_buffer second = TPL_BUFFER_INIT;
    tpl_manifest *again = NULL;
    tpl_format format = tpl_manifest_format(manifest);
    MUST(tpl_manifest_encode(manifest, format, tpl_buffer_write, &first, NULL, NULL) == TPL_OK);
    bool canonical = first.len == len && memcmp(first.data, text, len) == 0;
    MUST(tpl_manifest_is_canonical(manifest, text, len) == canonical);
    MUST(tpl_manifest_decode(&again, first.data, first.len, NULL, NULL) == TPL_OK);
    MUST(tpl_manifest_equal(manifest, again));
    MUST(tpl_manifest_encode(again, format, tpl_buffer_write, &second, NULL, NULL) == TPL_OK);
    MUST(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
    tpl_hash128 hash;
    tpl_hash128 expected = tpl_hash_bytes(first.data, first.len);
    MUST(tpl_manifest_fingerprint(manifest, &hash, NULL, NULL, NULL) == TPL_OK);
    MUST(hash.high == expected.high && hash.low == expected.low);
    tpl_manifest_free(again);
    tpl_buffer_dispose(&second);
    tpl_buffer_dispose(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    tpl_error err = TPL_ERROR_INIT;
    tpl__poll poll = tpl__poll_start(NULL);
    tpl_manifest *strict = NULL;
    tpl_manifest *manifest = NULL;
    tpl_status of_strict = tpl__v2023_read(&strict, text, size, &poll, NULL);
    tpl_status status = tpl_manifest_decode(&manifest, text, size, NULL, &err);
    MUST(is_status_of_decode(status) && err.status == status);
    MUST((manifest != NULL) == (status == TPL_OK) && (strict != NULL) == (of_strict == TPL_OK));
    check_fast(strict, of_strict, text, size);
    if (status == TPL_OK) {
        check_written(manifest, text, size);
        if (tpl_manifest_format(manifest) == TPL_FORMAT_2023_03_03) {
            MUST(of_strict == TPL_OK);
            check_same_entries(strict, manifest);
        }
    } else {
        MUST(is_one_line(err.message));
    }
    tpl_error_dispose(&err);
    tpl_manifest_free(manifest);
    tpl_manifest_free(strict);
    return 0;
}
