/* SPDX-License-Identifier: MIT */
/* The two sides of a comparison, as arguments name them: directories as they are, anything else is
 * a manifest. An argument alone is compared with nothing. */
#ifndef CLI_SIDES_H
#define CLI_SIDES_H

#include "cli.h"
#include "filters.h"
#include "tpl/diff.h"

/* Opens both and compares them: free *out with tpl_diff_free(). What `options` says of files and of
 * the run is set from `filters`, which are taken; the output (the -o value or NULL) and the
 * manifests' own files are no part of a tree. */
tpl_status cli_sides_compare(tpl_diff **out, cli_context *cli, cli_filters *filters,
                             const char *output, tpl_diff_options *options, tpl_error *err);

#endif
