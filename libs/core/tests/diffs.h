/* SPDX-License-Identifier: MIT */
/* What the tests of diffs without manifests in memory share. */
#ifndef TPL_TEST_DIFFS_H
#define TPL_TEST_DIFFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tpl/buffer.h"
#include "tpl/diff.h"

/* Both tell the same; `unchanged` says that unchanged paths are listed, `states` that states are
 * kept. */
void expect_same_diff(const tpl_diff *found, const tpl_diff *expected, bool unchanged, bool states);

/* What the manifests of two texts differ in, by way of memory; NULL where one of them is none. */
tpl_diff *diff_of_texts(const tpl_buffer texts[2], const tpl_diff_options *options);

/* Appends the canonical documents of two manifests of so many paths, which begin with a directory's
 * name: of 100 in turn one is only in the first, one only in the second and one another. */
void append_pair(tpl_buffer texts[2], const char *dir, size_t count);

/* The same, and writes both. */
#define OLD_MANIFEST "old.manifest"
#define NEW_MANIFEST "new.manifest"
void write_pair(tpl_buffer texts[2], const char *dir, size_t count);

#endif
