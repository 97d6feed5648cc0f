/* SPDX-License-Identifier: MIT */
/* A manifest made of any entries, one a line: sorted or not, it has one encoding, which is
 * canonical, and which the fast reader takes. */
#include <string.h>

#include "fuzz.h"
#include "manifest_v2023.h"
#include "tpl/manifest.h"
#include "tpl/text.h"

/* What an entry holds besides its path is made from the line's first bytes and its hash. */
static void add(tpl_manifest *manifest, fuzz_text line) {
    tpl_hash128 dice = tpl_hash_bytes(line.data, line.len);
    unsigned shift = (unsigned char)line.data[0] & 63U;
    unsigned way = (unsigned char)line.data[1];
    char hash_text[64];
    size_t hash_len = 0;
    for (size_t i = 2; i < line.len && hash_len < sizeof(hash_text); i++) {
        char c = line.data[i];
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            hash_text[hash_len++] = c;
        }
    }
    tpl_buffer path = TPL_BUFFER_INIT;
    MUST(tpl_text_from_os(&path, line.data + 2, line.len - 2) == TPL_OK);
    tpl_entry entry = {.path = path.data, .path_len = path.len, .hash = dice};
    entry.size = dice.low >> shift;
    entry.mtime = (int64_t)(dice.high >> (way & 63U));
    if ((way & 64U) != 0 && hash_len > 0) {
        entry.hash_text = hash_text;
        entry.hash_text_len = hash_len;
    }
    tpl_status status = tpl_manifest_add(manifest, &entry, NULL);
    MUST(status == TPL_OK || status == TPL_E_RANGE); /* the sum of all sizes may pass 2^64 - 1 */
    tpl_buffer_dispose(&path);
}

static tpl_manifest *made(fuzz_text input, bool sorted) {
    tpl_manifest *manifest = NULL;
    MUST(tpl_manifest_new(&manifest, NULL) == TPL_OK);
    while (input.len > 0) {
        fuzz_text line = fuzz_line(&input);
        if (line.len >= 2) {
            add(manifest, line);
        }
    }
    MUST((sorted ? tpl_manifest_sort : tpl_manifest_seal)(manifest, NULL) == TPL_OK);
    return manifest;
}

static void check_order(const tpl_manifest *sorted) {
    size_t repeated = 0;
    for (size_t i = 1; i < tpl_manifest_count(sorted); i++) {
        tpl_entry a;
        tpl_entry b;
        tpl_manifest_entry(sorted, i - 1, &a);
        tpl_manifest_entry(sorted, i, &b);
        int order = tpl_text_compare(a.path, a.path_len, b.path, b.path_len);
        MUST(order <= 0);
        repeated += order == 0 ? 1 : 0;
    }
    MUST(repeated == tpl_manifest_duplicates(sorted));
}

/* What the fast reader takes, if it is canonical: entries, whole hashes, numbers of 19 digits. */
static bool is_plain(const tpl_manifest *manifest) {
    size_t count = tpl_manifest_count(manifest);
    bool plain = count > 0 && tpl_manifest_total_size(manifest) < UINT64_C(10000000000000000000);
    for (size_t i = 0; i < count; i++) {
        tpl_entry entry;
        tpl_manifest_entry(manifest, i, &entry);
        plain = plain && entry.hash_text == NULL;
    }
    return plain;
}

static void encode(tpl_buffer *out, const tpl_manifest *manifest) {
    MUST(tpl_manifest_encode(manifest, TPL_FORMAT_2023_03_03, tpl_buffer_write, out, NULL, NULL) ==
         TPL_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_text input = {(const char *)data, size};
    tpl_manifest *sorted = made(input, true);
    tpl_manifest *sealed = made(input, false);
    tpl_manifest *fast = NULL;
    tpl_buffer one = TPL_BUFFER_INIT;
    tpl_buffer other = TPL_BUFFER_INIT;
    tpl__poll poll = tpl__poll_start(NULL);
    check_order(sorted);
    encode(&one, sorted);
    encode(&other, sealed);
    MUST(one.len == other.len && memcmp(one.data, other.data, one.len) == 0);
    MUST(tpl_manifest_equal(sorted, sealed));
    MUST(tpl_manifest_is_canonical(sealed, one.data, one.len));
    MUST(tpl__v2023_read_text(&fast, one.data, one.len, &poll) == TPL_OK);
    MUST(fast != NULL || !is_plain(sorted));
    if (fast != NULL) {
        MUST(tpl_manifest_equal(fast, sorted));
    }
    tpl_buffer_dispose(&other);
    tpl_buffer_dispose(&one);
    tpl_manifest_free(fast);
    tpl_manifest_free(sealed);
    tpl_manifest_free(sorted);
    return 0;
}
