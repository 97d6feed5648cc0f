/* SPDX-License-Identifier: MIT */
/* Manifests that are named as deadline names them. */
#ifndef CLI_NAMING_H
#define CLI_NAMING_H

#include "cli.h"

typedef struct cli_naming {
    const char *destination; /* as given, like `name`; NULL: nothing is to be named */
    const char *name;
    tpl_buffer path; /* what came of it */
} cli_naming;

#define CLI_NAMING_INIT {NULL, NULL, TPL_BUFFER_INIT}

#define CLI_DESTINATION_OPTION(type, member)                                                       \
    {"destination",                                                                                \
     0,                                                                                            \
     CLI_TEXT,                                                                                     \
     offsetof(type, member),                                                                       \
     "DIR",                                                                                        \
     NULL,                                                                                         \
     NULL,                                                                                         \
     "write the manifest into DIR under a name as deadline gives it (stem, hash of "               \
     "the root as typed, local time), and print its path"}
#define CLI_NAME_OPTION(type, member)                                                              \
    {"name",                                                                                       \
     0,                                                                                            \
     CLI_TEXT,                                                                                     \
     offsetof(type, member),                                                                       \
     "STEM",                                                                                       \
     NULL,                                                                                         \
     NULL,                                                                                         \
     "with --destination: the name's stem; otherwise the root with _ for "                         \
     "slashes"}

/* Makes *output the path that is asked for, if one is. False: what was given does not fit (--json
 * without a file included), which is reported; `*code` is then how the command ends. */
bool cli_naming_apply(cli_naming *naming, cli_context *cli, const char *root, const char **output,
                      cli_exit *code);

/* Prints the path, unless a document tells it. */
tpl_status cli_naming_tell(const cli_naming *naming, const cli_context *cli, tpl_error *err);

void cli_naming_dispose(cli_naming *naming);

#endif
