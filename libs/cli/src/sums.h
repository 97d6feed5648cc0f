/* SPDX-License-Identifier: MIT */
/* Lines of check sums, as xxhsum and the GNU tools write them: "HASH  NAME". A name with a newline,
 * carriage return or backslash has these escaped, and its line begins with a backslash. */
#ifndef CLI_SUMS_H
#define CLI_SUMS_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"
#include "tpl/hash.h"

/* Appends the line, with its newline, for an operating-system path. */
void cli_sum_put(cli_text *text, tpl_hash128 hash, const char *name);

/* Appends the name as it stands in such a line, its leading backslash included. */
void cli_sum_put_name(cli_text *text, const char *name);

/* One line taken apart. */
typedef struct cli_sum {
    tpl_hash128 hash;
    cli_text name; /* owned; kept between lines */
} cli_sum;

/* What a line is. */
typedef enum cli_sum_kind {
    CLI_SUM_LINE,
    CLI_SUM_IGNORED, /* empty, or a comment */
    CLI_SUM_MALFORMED
} cli_sum_kind;

cli_sum_kind cli_sum_parse(cli_sum *out, const char *line, size_t len);

#endif
