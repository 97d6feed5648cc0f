/* SPDX-License-Identifier: MIT */
/* A listing drawn as a tree. */
#ifndef CLI_OUTLINE_H
#define CLI_OUTLINE_H

#include "listing.h"

/* Writes the listing with every directory once and what is below it indented to an opened output,
 * and commits that. A directory that holds nothing but another one shares its line. */
tpl_status cli_outline_write(const cli_listing *listing, cli_out *out, tpl_error *err);

#endif
