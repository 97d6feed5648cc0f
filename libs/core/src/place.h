/* SPDX-License-Identifier: MIT */
/* The locations of a storage profile, and which of them a path is below, symbolic links resolved.
 */
#ifndef TPL__PLACE_H
#define TPL__PLACE_H

#include "arena.h"
#include "tpl/profile.h"

typedef struct tpl__place {
    const tpl_location *location;
    size_t chars;         /* of its path as it was given: the longest counts */
    const char *resolved; /* where it leads */
    size_t resolved_len;
} tpl__place;

typedef struct tpl__places {
    tpl__arena arena;
    tpl__place *all; /* one a path and type, in the profile's order */
    size_t count;
    const char *cwd;     /* borrowed */
    tpl_buffer parent;   /* the directory last resolved */
    tpl_buffer resolved; /* where it leads */
    tpl_buffer target;   /* where the path being looked for leads */
} tpl__places;

#define TPL__PLACES_INIT                                                                           \
    {TPL__ARENA_INIT, NULL, 0, NULL, TPL_BUFFER_INIT, TPL_BUFFER_INIT, TPL_BUFFER_INIT}

/* `profile` may be NULL; `cwd` may be when no path is relative (else `cwd_errno` says why).
 * TPL_E_IO, TPL_E_NOMEM. */
tpl_status tpl__places_fill(tpl__places *places, const tpl_profile *profile, const char *cwd,
                            int cwd_errno, tpl_error *err);
void tpl__places_dispose(tpl__places *places);

/* The LOCAL place with the longest path that an absolute normalised operating-system path
 * (NUL-terminated) is below, SIZE_MAX for none; `*shared` when it is below a SHARED one, too. 0 or
 * an errno. */
int tpl__places_find(tpl__places *places, const char *os, size_t len, bool *shared, size_t *index);

#endif
