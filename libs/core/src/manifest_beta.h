/* SPDX-License-Identifier: MIT */
/* The codec of format 2025-12-04-beta. */
#ifndef TPL__MANIFEST_BETA_H
#define TPL__MANIFEST_BETA_H

#include <stdbool.h>
#include <stddef.h>

#include "poll.h"
#include "tpl/manifest.h"

/* Paths may refer to paths that refer to paths: text of any length from little. What a document of
 * so many bytes may come to. */
static inline uint64_t tpl__beta_budget(uint64_t len) {
    return len * 64 + (UINT64_C(16) << 20);
}

/* Writes a sealed manifest that the format can hold in pieces, every mtime as 0 when asked to.
 * TPL_E_RANGE: paths so long that nobody would read them back; else what `write` did. */
tpl_status tpl__beta_write(const tpl_manifest *manifest, bool zero_mtime, tpl_write_fn write,
                           void *payload, tpl_error *err);

/* Reads any valid document of this format or a relative of it, sealed; errors as
 * tpl_manifest_decode(). TPL_E_VERSION: of another format. */
tpl_status tpl__beta_read(tpl_manifest **out, const char *data, size_t len, tpl__poll *poll,
                          tpl_error *err);

/* Whether the first member that names a version names this format or a relative of it; false for a
 * caller who wants no more. */
bool tpl__beta_is_announced(const char *data, size_t len, tpl__poll *poll);

#endif
