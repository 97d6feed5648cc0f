/* SPDX-License-Identifier: MIT */
/* A storage profile or asset references: decoded, and their paths taken apart and mapped. */
#include <string.h>

#include "fuzz.h"
#include "path.h"
#include "tpl/mapping.h"
#include "tpl/profile.h"

/* What is absolute has one spelling, and is below what it has in common with others. */
static void check_absolute(const char *path) {
    tpl_buffer once = TPL_BUFFER_INIT;
    tpl_buffer twice = TPL_BUFFER_INIT;
    MUST(tpl__path_absolute(&once, "/some/where", path) == TPL_OK);
    MUST(tpl__path_absolute(&twice, "/", once.data) == TPL_OK);
    MUST(once.data[0] == '/' && strlen(once.data) == once.len);
    MUST(once.len == 1 || once.data[once.len - 1] != '/');
    MUST(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
    MUST(tpl__path_is_below(once.data, once.len, once.data, once.len));
    static const char OTHER[] = "/some/a";
    size_t other = sizeof(OTHER) - 1;
    size_t common = tpl__path_common(once.data, once.len, OTHER, other);
    MUST(tpl__path_is_below(once.data, once.len, once.data, common));
    MUST(tpl__path_is_below(OTHER, other, once.data, common));
    int order = tpl__path_compare(once.data, once.len, OTHER, other);
    int back = tpl__path_compare(OTHER, other, once.data, once.len);
    MUST((order < 0) == (back > 0) && (order == 0) == (back == 0));
    tpl_buffer_dispose(&once);
    tpl_buffer_dispose(&twice);
}

static void check_paths(const tpl_strings *paths) {
    for (size_t i = 0; i < paths->count; i++) {
        check_absolute(paths->items[i]);
    }
}

/* A rule applies to its own source, when that has a part at all, and to what is below it. */
static void check_rule(const tpl_mapping_rule *rule) {
    tpl_mapping mapping = {rule, 1};
    tpl_buffer at = TPL_BUFFER_INIT;
    tpl_buffer below = TPL_BUFFER_INIT;
    tpl_buffer path = TPL_BUFFER_INIT;
    bool mapped;
    bool below_mapped;
    MUST(tpl_mapping_apply(&at, &mapped, &mapping, rule->source, NULL) == TPL_OK);
    MUST(mapped == (at.len > 0));
    MUST(tpl_buffer_append(&path, rule->source, strlen(rule->source)) == TPL_OK);
    MUST(tpl_buffer_append(&path, "/x/..", sizeof("/x/..")) == TPL_OK);
    MUST(tpl_mapping_apply(&below, &below_mapped, &mapping, path.data, NULL) == TPL_OK);
    MUST(!below_mapped || (below.len >= 4 && memcmp(below.data + below.len - 4, "x/..", 4) == 0));
    tpl_buffer_dispose(&at);
    tpl_buffer_dispose(&below);
    tpl_buffer_dispose(&path);
}

static void check_profile(const tpl_storage_profile *document) {
    static const tpl_location HERE[] = {{"n", "/here", false}, {"", "relative", true}};
    tpl_profile here = {NULL, false, HERE, 2};
    tpl_profile there;
    tpl_buffer rules = TPL_BUFFER_INIT;
    tpl_storage_profile_view(document, &there);
    for (size_t i = 0; i < there.location_count; i++) {
        const tpl_location *location = &there.locations[i];
        check_absolute(location->path);
        check_rule(&(tpl_mapping_rule){there.windows, location->path, location->name});
    }
    MUST(tpl_mapping_between(&rules, &there, &here) == TPL_OK);
    MUST(rules.len / sizeof(tpl_mapping_rule) <= 2);
    tpl_buffer_dispose(&rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tpl_storage_profile *profile = NULL;
    tpl_asset_references *document = NULL;
    tpl_references paths = TPL_REFERENCES_INIT;
    tpl_error err = TPL_ERROR_INIT;
    tpl_status status = tpl_storage_profile_decode(&profile, (const char *)data, size, &err);
    MUST((status == TPL_OK) == (profile != NULL) && err.status == status);
    if (profile != NULL) {
        check_profile(profile);
    }
    tpl_error_dispose(&err);
    status = tpl_asset_references_decode(&document, (const char *)data, size, &err);
    MUST((status == TPL_OK) == (document != NULL) && err.status == status);
    if (document != NULL) {
        MUST(tpl_references_append(&paths, tpl_asset_references_paths(document)) == TPL_OK);
        check_paths(&paths.inputs);
        check_paths(&paths.directories);
        check_paths(&paths.outputs);
        check_paths(&paths.referenced);
    }
    tpl_references_dispose(&paths);
    tpl_asset_references_free(document);
    tpl_storage_profile_free(profile);
    tpl_error_dispose(&err);
    return 0;
}
