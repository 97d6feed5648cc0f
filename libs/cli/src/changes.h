/* SPDX-License-Identifier: MIT */
/* The answers of `diff`. */
#ifndef CLI_CHANGES_H
#define CLI_CHANGES_H

#include "cli.h"
#include "listing.h"
#include "out.h"
#include "tpl/diff.h"

/* The lists of a comparison: new, modified, deleted, and, with `all`, unchanged. */
cli_listing cli_changes_listing(const tpl_diff *diff, bool all);

/* Whether there is any that is not unchanged. */
bool cli_changes_any(const tpl_diff *diff);

/* Tells the counts, unless the call is quiet. */
void cli_changes_note(cli_context *cli, const cli_listing *listing);

/* As a listing (drawn as a tree when asked to) with counts on standard error, or as a document with
 * --json. */
tpl_status cli_changes_print(cli_context *cli, const tpl_diff *diff, bool all, bool tree,
                             cli_out *out, tpl_error *err);

/* The difference of the two manifests that the operands name, as a manifest. `exit_code`: there
 * being one is a no. */
cli_exit cli_changes_save(cli_context *cli, const char *output, bool exit_code);

#endif
