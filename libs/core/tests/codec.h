/* SPDX-License-Identifier: MIT */
/* What the tests of the manifest codec share: documents in and out, and random ones. */
#ifndef TPL_TEST_CODEC_H
#define TPL_TEST_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tpl/buffer.h"
#include "tpl/manifest.h"

#define DOCUMENT(paths, total)                                                                     \
    "{\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2023-03-03\",\"paths\":[" paths                 \
    "],\"totalSize\":" total "}"

/* A manifest from its text, which must be valid; free with tpl_manifest_free(). */
tpl_manifest *decoded(const char *text, size_t len);

/* Appends the canonical text. */
void append_encoded(tpl_buffer *out, const tpl_manifest *manifest);

/* They are equal, and the rows stand in the same order. */
void expect_same_rows(const tpl_manifest *found, const tpl_manifest *expected);

/* Adds a path (NUL-terminated) with this size, and everything else made from it. */
void add_path(tpl_manifest *manifest, const char *path, uint64_t size);

/* Adds this many different paths, the last in canonical order first. */
void add_paths_backwards(tpl_manifest *manifest, unsigned count);

/* Wants the work to end at the first question. */
extern const tpl_run no_more;

/* A whole file of the test data. */
void read_data(tpl_buffer *out, const char *name);

/* The same numbers in every run; any seed. */
uint64_t next_random(uint64_t *seed);

/* Appends WTF-8 text of up to `max` characters: mostly short alphabets, so that texts share
 * prefixes, with control characters, surrogates and pairs where `exotic`. */
void append_random_text(tpl_buffer *out, uint64_t *seed, size_t max, bool exotic);

/* An unsealed manifest of up to 40 random entries. */
tpl_manifest *random_manifest(uint64_t *seed, bool exotic);

/* Appends the text of one, every hash of 32 digits: canonical but for the order of entries, which
 * is random every other time. */
void append_document(tpl_buffer *out, uint64_t *seed, bool exotic);

/* One to three small changes. */
void mutate_text(tpl_buffer *text, uint64_t *seed);

#endif
