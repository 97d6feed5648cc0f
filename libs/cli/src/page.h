/* SPDX-License-Identifier: MIT */
/* The page of `report`: one HTML document that holds its data, its script and its style. */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include <stddef.h>

#include "listing.h"
#include "out.h"
#include "tpl/diff.h"

/* What stands before, between and behind the title and the data; made of the files in `page` by
 * cmake/Page.cmake. */
typedef struct cli_page_part {
    const char *text;
    size_t len;
} cli_page_part;

extern const cli_page_part cli_page_parts[3];

/* What a side comes to. */
typedef struct cli_page_side {
    const char *name; /* operating-system path, as given; NULL: there is no such side */
    uint64_t files;
    uint64_t bytes; /* at most UINT64_MAX */
} cli_page_side;

typedef struct cli_page {
    const tpl_diff *diff;       /* with unchanged paths and states */
    const cli_listing *listing; /* all four lists of it */
    cli_page_side before;       /* without a name, all files are as they are: none is new */
    cli_page_side after;
    const char *title; /* as given, or NULL */
} cli_page;

/* Adds up what the sides come to. */
void cli_page_count(cli_page *page);

/* Writes the page to an opened output, and commits that. */
tpl_status cli_page_write(const cli_page *page, cli_out *out, tpl_error *err);

#endif
