/* SPDX-License-Identifier: MIT */
/* "Did you mean": the candidate that is nearest to a mistyped word. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>

typedef struct cli_suggestion {
    const char *word; /* what was typed */
    size_t word_len;
    const char *best; /* the nearest candidate so far, borrowed; NULL: none is near enough */
    size_t distance;  /* its */
} cli_suggestion;

void cli_suggest_start(cli_suggestion *suggestion, const char *word, size_t len);
void cli_suggest_consider(cli_suggestion *suggestion, const char *candidate);

#endif
