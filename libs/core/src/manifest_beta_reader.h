/* SPDX-License-Identifier: MIT */
/* Reading the entries of format 2025-12-04-beta. */
#ifndef TPL__MANIFEST_BETA_READER_H
#define TPL__MANIFEST_BETA_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json_read.h"
#include "manifest_table.h"

typedef struct tpl__text {
    const char *data;
    size_t len;
} tpl__text;

typedef struct tpl__beta_reader {
    tpl_manifest *manifest;
    tpl__poll *poll;
    tpl__json json; /* text that is known to be JSON */
    bool diff;
    bool rooted;      /* `name` of a `symlink` is relative to the root, not to the link */
    uint64_t budget;  /* how many bytes of paths references may still give */
    const char *list; /* of the entry being read: "dirs" or "files" */
    size_t index;
    tpl_error *err;
} tpl__beta_reader;

/* About the entry being read; `what` begins with its member or a blank. */
tpl_status tpl__beta_refuse(tpl__beta_reader *r, tpl_status status, const char *what);

/* The text of a string: the document's own where nothing is escaped. TPL_E_NOMEM. */
tpl_status tpl__beta_text(tpl__beta_reader *r, const tpl__json_value *value, tpl__text *out);

/* Makes text the manifest's own. TPL_E_NOMEM. */
tpl_status tpl__beta_keep(tpl__beta_reader *r, tpl__text *text);

/* The same with `$N/rest` as the path of directory N, a slash and the rest. */
tpl_status tpl__beta_expand(tpl__beta_reader *r, tpl__text *text);

/* A target relative to the root as one relative to the directory that the link is in. */
tpl_status tpl__beta_unroot(tpl__beta_reader *r, tpl__text link, tpl__text *target);

/* Whether a link may have this target: not empty, relative, and inside for a link at the root. */
tpl_status tpl__beta_check_target(tpl__beta_reader *r, tpl__text link, tpl__text target);

/* Reads the list that `at` is at, or blanks before it, into the manifest. */
tpl_status tpl__beta_read_dirs(tpl__beta_reader *r, const char *at);
tpl_status tpl__beta_read_files(tpl__beta_reader *r, const char *at);

#endif
