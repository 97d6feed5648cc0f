/* SPDX-License-Identifier: MIT */
/* Locations: where they lead, and what is below them. */
#include "place.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "fail.h"
#include "fs.h"
#include "mem.h"
#include "path.h"
#include "tpl/text.h"

static tpl_status count_chars(size_t *out, const char *os) {
    tpl_buffer text = TPL_BUFFER_INIT;
    tpl_status status = tpl_text_from_os(&text, os, strlen(os));
    *out = 0;
    for (size_t i = 0; i < text.len; i++) {
        *out += ((unsigned char)text.data[i] & 0xc0) != 0x80;
    }
    tpl_buffer_dispose(&text);
    return status;
}

/* Of one path and type the last name counts, at the first's place. */
static bool replaces(tpl__places *places, const tpl_location *location) {
    for (size_t i = 0; i < places->count; i++) {
        tpl__place *old = &places->all[i];
        if (old->location->shared == location->shared &&
            strcmp(old->location->path, location->path) == 0) {
            old->location = location;
            return true;
        }
    }
    return false;
}

static tpl_status add(tpl__places *places, const tpl_location *location, tpl_error *err) {
    tpl__place *place = &places->all[places->count];
    *place = (tpl__place){location, 0, NULL, 0};
    places->target.len = 0;
    if (count_chars(&place->chars, location->path) != TPL_OK) {
        return tpl__fail_nomem(err);
    }
    int error = tpl__path_resolve(&places->target, places->cwd, location->path);
    if (error != 0) {
        return tpl__fail_os(err, error, location->path);
    }
    place->resolved_len = places->target.len;
    place->resolved = tpl__arena_copy(&places->arena, places->target.data, places->target.len);
    if (place->resolved == NULL) {
        return tpl__fail_nomem(err);
    }
    places->count++;
    return TPL_OK;
}

tpl_status tpl__places_fill(tpl__places *places, const tpl_profile *profile, const char *cwd,
                            int cwd_errno, tpl_error *err) {
    size_t count = profile == NULL ? 0 : profile->location_count;
    tpl_status status = TPL_OK;
    places->cwd = cwd;
    places->all = tpl__alloc_array(count + 1, sizeof(*places->all));
    if (places->all == NULL) {
        return tpl__fail_nomem(err);
    }
    for (size_t i = 0; i < count && status == TPL_OK; i++) {
        const tpl_location *location = &profile->locations[i];
        if (location->path[0] != '/' && cwd == NULL) {
            status = tpl__fail_os(err, cwd_errno, location->path);
        } else if (!replaces(places, location)) {
            status = add(places, location, err);
        }
    }
    return status;
}

void tpl__places_dispose(tpl__places *places) {
    tpl__arena_dispose(&places->arena);
    tpl__free(places->all);
    tpl_buffer_dispose(&places->parent);
    tpl_buffer_dispose(&places->resolved);
    tpl_buffer_dispose(&places->target);
    *places = (tpl__places)TPL__PLACES_INIT;
}

/* Makes `resolved` where the first `end` bytes of a path lead; neighbours share the answer. */
static int resolve_parent(tpl__places *places, const char *os, size_t end) {
    if (places->parent.len == end + 1 && memcmp(places->parent.data, os, end) == 0) {
        return 0;
    }
    tpl_buffer_dispose(&places->parent);
    places->resolved.len = 0;
    tpl_buffer parent = TPL_BUFFER_INIT;
    if (tpl_buffer_append(&parent, os, end) != TPL_OK ||
        tpl_buffer_append(&parent, "", 1) != TPL_OK) {
        tpl_buffer_dispose(&parent);
        return ENOMEM;
    }
    int error = tpl__path_resolve(&places->resolved, places->cwd, parent.data);
    if (error != 0) {
        tpl_buffer_dispose(&parent);
        return error;
    }
    places->parent = parent;
    return 0;
}

/* Makes `target` where a path leads: its directory is resolved already, its name may be a link. */
static int set_target(tpl__places *places, const char *os, size_t len) {
    size_t end = len;
    while (os[--end] != '/') {
    }
    tpl_buffer *target = &places->target;
    target->len = 0;
    int error = end > 0 ? resolve_parent(places, os, end) : 0;
    if (error != 0) {
        return error;
    }
    tpl_status status = TPL_OK;
    if (end > 0 && places->resolved.len > 1) {
        status = tpl_buffer_append(target, places->resolved.data, places->resolved.len);
    }
    status = status == TPL_OK ? tpl_buffer_append(target, os + end, len - end + 1) : status;
    if (status != TPL_OK) {
        return ENOMEM;
    }
    target->len--; /* the NUL */
    char *link = NULL;
    error = tpl__fs_read_link(&link, TPL__FS_CWD, target->data);
    if (error != 0) {
        return tpl__path_is_no_link(error) ? 0 : error;
    }
    tpl__free(link);
    target->len = 0;
    return tpl__path_resolve(target, places->cwd, os);
}

int tpl__places_find(tpl__places *places, const char *os, size_t len, bool *shared, size_t *index) {
    *shared = false;
    *index = SIZE_MAX;
    int error = places->count == 0 ? 0 : set_target(places, os, len);
    for (size_t i = 0; error == 0 && i < places->count; i++) {
        const tpl__place *p = &places->all[i];
        if (!tpl__path_is_below(places->target.data, places->target.len, p->resolved,
                                p->resolved_len)) {
            continue;
        }
        bool longest = *index == SIZE_MAX || p->chars > places->all[*index].chars;
        if (p->location->shared) {
            *shared = true;
        } else if (longest) {
            *index = i;
        }
    }
    return error;
}
