/* SPDX-License-Identifier: MIT */
/* The two sides of a comparison, as arguments name them: directories as they are, anything else is
 * a manifest. An argument alone is compared with nothing. */
#ifndef CLI_SIDES_H
#define CLI_SIDES_H

#include "cli.h"
#include "tpl/diff.h"

typedef struct cli_sides {
    tpl_side before;
    tpl_side after;
    tpl_manifest *manifests[2]; /* owned; NULL for a directory */
} cli_sides;

#define CLI_SIDES_INIT                                                                             \
    {                                                                                              \
        {NULL, NULL}, {NULL, NULL}, {                                                              \
            NULL, NULL                                                                             \
        }                                                                                          \
    }

/* Opens both; the manifests' files are added to `omit`, since they are no part of a tree. */
tpl_status cli_sides_open(cli_sides *sides, cli_context *cli, tpl_strings *omit, tpl_error *err);
void cli_sides_dispose(cli_sides *sides);

#endif
