/* SPDX-License-Identifier: MIT */
/* The codec of format 2025-12-04-beta. */
#ifndef TPL__MANIFEST_BETA_H
#define TPL__MANIFEST_BETA_H

#include <stdbool.h>
#include <stddef.h>

#include "poll.h"
#include "tpl/manifest.h"

/* Writes a sealed manifest that the format can hold in pieces, every mtime as 0 when asked to.
 * Returns what `write` did. */
tpl_status tpl__beta_write(const tpl_manifest *manifest, bool zero_mtime, tpl_write_fn write,
                           void *payload);

/* Reads any valid document of this format or a relative of it, sealed; errors as
 * tpl_manifest_decode(). TPL_E_VERSION: of another format. */
tpl_status tpl__beta_read(tpl_manifest **out, const char *data, size_t len, tpl__poll *poll,
                          tpl_error *err);

/* Whether the first member that names a version names this format or a relative of it; false for a
 * caller who wants no more. */
bool tpl__beta_is_announced(const char *data, size_t len, tpl__poll *poll);

#endif
