/* SPDX-License-Identifier: MIT */
/* The entries of a manifest, as text and in documents. */
#ifndef CLI_ENTRIES_H
#define CLI_ENTRIES_H

#include "json.h"
#include "text.h"
#include "tpl/manifest.h"

/* A line each: hash, size, modification time, path. */
void cli_entries_put(cli_text *text, const tpl_manifest *manifest);

/* The member `entries`: an array of `path`, `hash`, `size`, `mtime`. */
void cli_entries_member(cli_json *json, const tpl_manifest *manifest);

#endif
