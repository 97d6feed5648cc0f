/* SPDX-License-Identifier: MIT */
/* Storage profiles. */
#include "tpl/profile.h"

#include "document.h"
#include "fail.h"
#include "mem.h"

struct tpl_storage_profile {
    tpl__arena arena;
    tpl_buffer locations; /* of tpl_location */
    const char *id;       /* NULL: the document has none */
    bool windows;
};

enum {
    PROFILE_ID,
    PROFILE_FAMILY,
    PROFILE_LOCATIONS
};

enum {
    LOCATION_NAME,
    LOCATION_PATH,
    LOCATION_TYPE
};

static const tpl__member PROFILE[] = {TPL__MEMBER("storageProfileId"), TPL__MEMBER("osFamily"),
                                      TPL__MEMBER("fileSystemLocations")};
static const tpl__member LOCATION[] = {TPL__MEMBER("name"), TPL__MEMBER("path"),
                                       TPL__MEMBER("type")};

/* ASCII letters of either case. */
static bool same_word(const char *text, const char *word) {
    size_t i = 0;
    while (text[i] != '\0' && (text[i] | 0x20) == word[i]) {
        i++;
    }
    return text[i] == '\0' && word[i] == '\0';
}

static bool read_type(tpl__document *d, tpl_location *location) {
    const char *type = NULL;
    if (!tpl__document_text(d, "a location's type", &type)) {
        return false;
    }
    location->shared = same_word(type, "shared");
    return location->shared || same_word(type, "local") ||
           tpl__document_fail(d, "a location's type", "is neither LOCAL nor SHARED");
}

static bool read_location_member(tpl__document *d, size_t index, void *into) {
    tpl_location *location = into;
    switch (index) {
    case LOCATION_NAME:
        return tpl__document_text(d, "a location's name", &location->name);
    case LOCATION_PATH:
        return tpl__document_path(d, "a location's path", &location->path);
    default:
        d->seen = true;
        return read_type(d, location);
    }
}

static bool read_location(tpl__document *d, const char *what, void *into) {
    static const tpl__document_shape SHAPE = {LOCATION, 3, read_location_member};
    tpl_location location = {NULL, NULL, false};
    (void)what;
    d->seen = false;
    if (!tpl__document_object(d, "a location", SHAPE, &location)) {
        return false;
    }
    if (location.name == NULL || location.path == NULL || !d->seen) {
        return tpl__document_fail(d, "a location", "lacks its name, path or type");
    }
    return tpl_buffer_append(into, &location, sizeof(location)) == TPL_OK ||
           tpl__document_fail_nomem(d);
}

static bool read_family(tpl__document *d, tpl_storage_profile *profile) {
    const char *family = NULL;
    if (!tpl__document_text(d, "osFamily", &family)) {
        return false;
    }
    profile->windows = same_word(family, "windows");
    return profile->windows || same_word(family, "linux") || same_word(family, "macos") ||
           tpl__document_fail(d, "osFamily", "is none of linux, macos and windows");
}

static bool read_profile_member(tpl__document *d, size_t index, void *into) {
    tpl_storage_profile *profile = into;
    switch (index) {
    case PROFILE_ID:
        return tpl__document_text(d, "storageProfileId", &profile->id);
    case PROFILE_FAMILY:
        return read_family(d, profile);
    default:
        profile->locations.len = 0; /* of equal members the last counts */
        return tpl__document_array(d, "fileSystemLocations", read_location, &profile->locations);
    }
}

tpl_status tpl_storage_profile_decode(tpl_storage_profile **out, const char *data, size_t len,
                                      tpl_error *err) {
    static const tpl__document_shape SHAPE = {PROFILE, 3, read_profile_member};
    *out = NULL;
    tpl_storage_profile *profile = tpl__alloc_array(1, sizeof(*profile));
    if (profile == NULL) {
        return tpl__fail_nomem(err);
    }
    tpl__document d = {.arena = &profile->arena, .err = err};
    tpl__json_init(&d.json, data, len);
    tpl_status status = tpl__document_read(&d, "a storage profile", SHAPE, profile);
    if (status == TPL_OK) {
        *out = profile;
    } else {
        tpl_storage_profile_free(profile);
    }
    return status;
}

void tpl_storage_profile_free(tpl_storage_profile *profile) {
    if (profile != NULL) {
        tpl_buffer_dispose(&profile->locations);
        tpl__arena_dispose(&profile->arena);
        tpl__free(profile);
    }
}

void tpl_storage_profile_view(const tpl_storage_profile *profile, tpl_profile *out) {
    *out = (tpl_profile){profile->id, profile->windows, (const void *)profile->locations.data,
                         profile->locations.len / sizeof(tpl_location)};
}
