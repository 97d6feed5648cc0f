/* SPDX-License-Identifier: MIT */
/* The entries of a manifest, as text and in documents. */
#ifndef CLI_ENTRIES_H
#define CLI_ENTRIES_H

#include "json.h"
#include "out.h"
#include "tpl/manifest.h"

/* A line each: hash, size, modification time, path. A failure is kept in `out`. */
void cli_entries_write(const tpl_manifest *manifest, cli_out *out);

/* The member `entries`: an array of `path`, `hash`, `size`, `mtime`; cut short by a signal, which
 * whoever writes the document then meets. */
void cli_entries_member(cli_json *json, const tpl_manifest *manifest);

#endif
