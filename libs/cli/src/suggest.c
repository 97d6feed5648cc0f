/* SPDX-License-Identifier: MIT */
/* Edit distance with transpositions, over words short enough to be names. */
#include "suggest.h"

#include <stdbool.h>
#include <string.h>

#define WORD_MAX 32

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b, size_t c) {
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len) {
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0];
    size_t *last = rows[1];
    size_t *row = rows[2];
    for (size_t j = 0; j <= b_len; j++) {
        last[j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t change = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            row[j] = least(last[j] + 1, row[j - 1] + 1, last[j - 1] + change);
            bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped && before[j - 2] + 1 < row[j]) {
                row[j] = before[j - 2] + 1;
            }
        }
        size_t *unused = before;
        before = last;
        last = row;
        row = unused;
    }
    return last[b_len];
}

void cli_suggest_start(cli_suggestion *suggestion, const char *word, size_t len) {
    *suggestion = (cli_suggestion){word, len, NULL, 0};
}

void cli_suggest_consider(cli_suggestion *suggestion, const char *candidate) {
    size_t len = strlen(candidate);
    size_t word_len = suggestion->word_len;
    if (word_len == 0 || word_len > WORD_MAX || len > WORD_MAX) {
        return;
    }
    size_t near = (len > word_len ? len : word_len) / 3;
    size_t d = distance(suggestion->word, word_len, candidate, len);
    if (word_len >= 2 && word_len < len && memcmp(suggestion->word, candidate, word_len) == 0) {
        d = 1; /* an abbreviation */
    }
    if (d <= (near < 1 ? 1 : near) && (suggestion->best == NULL || d < suggestion->distance)) {
        suggestion->best = candidate;
        suggestion->distance = d;
    }
}
