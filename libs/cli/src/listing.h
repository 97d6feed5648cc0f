/* SPDX-License-Identifier: MIT */
/* Several sorted lists of paths, as one: a listing in path order (a word and a path a line),
 * members of a document, or whatever a visitor makes of them. */
#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "json.h"
#include "out.h"
#include "text.h"

/* One of the lists. */
typedef struct cli_list {
    int id; /* for the function that reads it */
    size_t count;
    const char *member; /* its name in documents */
    const char *word;   /* what stands before its paths in listings */
    const char *color;  /* an SGR parameter, may be NULL */
} cli_list;

/* Path `index` of a list, borrowed, in canonical order; `note` gets what stands behind it, or NULL.
 */
typedef const char *(*cli_list_fn)(const void *source, int id, size_t index, size_t *len,
                                   const char **note);

#define CLI_LISTS_MAX 5

typedef struct cli_listing {
    cli_list lists[CLI_LISTS_MAX];
    size_t list_count;
    cli_list_fn read;
    const void *source; /* payload of `read` */
    bool color;
} cli_listing;

/* Takes path `index` of the list at `list`; false stops. */
typedef bool (*cli_list_visit)(size_t list, size_t index, const char *path, size_t len,
                               const char *note, void *payload);

/* Visits the paths of all lists in canonical order. */
void cli_listing_each(const cli_listing *listing, cli_list_visit visit, void *payload);

/* Appends what stands before the paths of a list, in its color, and a blank. */
void cli_listing_put_word(const cli_listing *listing, size_t list, cli_text *line);

/* Writes the listing to an opened output, and commits that. */
tpl_status cli_listing_write(const cli_listing *listing, cli_out *out, tpl_error *err);

/* Adds one of the lists to a document: an array of paths, or with notes of `path` and `error`. */
void cli_listing_member(const cli_listing *listing, size_t list, bool notes, cli_json *json);

#endif
