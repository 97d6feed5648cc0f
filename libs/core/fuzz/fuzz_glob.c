/* SPDX-License-Identifier: MIT */
/* Patterns and paths: a first line of switches (`s` and `f` for the dialects globset and fnmatch,
 * anything else to hide names with a dot), include patterns up to an empty line, exclude
 * patterns up to another, then paths. */
#include <string.h>

#include "fuzz.h"
#include "glob.h"
#include "segment.h"
#include "tpl/text.h"

enum {
    MOST_PATTERNS = 16
};

/* The lines are strings once their ends are gone. */
static void read_patterns(tpl_strings *out, fuzz_text *input) {
    for (fuzz_text line = fuzz_line(input); line.len > 0; line = fuzz_line(input)) {
        if (out->count < MOST_PATTERNS) {
            MUST(tpl_strings_append(out, line.data) == TPL_OK);
        }
    }
}

/* A file that counts lies in directories that a walk enters. */
static void check_path(const tpl__glob *glob, const char *path, size_t len) {
    bool counts = tpl__glob_file(glob, path, len);
    MUST(counts || !tpl__glob_is_all(glob));
    for (size_t i = 1; i + 1 < len; i++) {
        if (path[i] == '/' && path[i - 1] != '/') {
            bool entered = tpl__glob_enter(glob, path, i);
            MUST(entered || !counts);
        }
    }
    (void)tpl__glob_names_directory(glob, path, len);
}

/* A name with every special character in a set of its own matches that name, and no longer one. */
static void check_literal(const char *name, size_t len) {
    tpl_buffer pattern = TPL_BUFFER_INIT;
    for (size_t i = 0; i < len; i++) {
        bool special = strchr("*?[", name[i]) != NULL && name[i] != '\0';
        MUST(tpl_buffer_append(&pattern, special ? "[" : "", special ? 1 : 0) == TPL_OK);
        MUST(tpl_buffer_append(&pattern, name + i, 1) == TPL_OK);
        MUST(tpl_buffer_append(&pattern, special ? "]" : "", special ? 1 : 0) == TPL_OK);
    }
    tpl__arena arena = TPL__ARENA_INIT;
    tpl__segment segment;
    MUST(tpl__segment_compile(&segment, &arena, pattern.data, pattern.len));
    MUST(tpl__segment_matches(&segment, name, len));
    MUST(len == 0 || !tpl__segment_matches(&segment, name, len - 1));
    tpl__arena_dispose(&arena);
    tpl_buffer_dispose(&pattern);
}

static void check_paths(const tpl__glob *glob, fuzz_text input) {
    while (input.len > 0) {
        fuzz_text line = fuzz_line(&input);
        tpl_buffer path = TPL_BUFFER_INIT; /* a walk's paths are WTF-8 without a slash at the end */
        MUST(tpl_text_from_os(&path, line.data, line.len) == TPL_OK);
        if (tpl_text_is_inside(path.data, path.len)) {
            check_path(glob, path.data, path.len);
            const char *slash = memchr(path.data, '/', path.len);
            check_literal(path.data, slash == NULL ? path.len : (size_t)(slash - path.data));
        }
        tpl_buffer_dispose(&path);
    }
}

static bool has(fuzz_text line, char c) {
    return line.len > 0 && memchr(line.data, c, line.len) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    MUST(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    fuzz_text input = {text, size};
    fuzz_text switches = fuzz_line(&input);
    tpl_filter filter = TPL_FILTER_INIT;
    filter.dialect = has(switches, 's')   ? TPL_DIALECT_GLOBSET
                     : has(switches, 'f') ? TPL_DIALECT_FNMATCH
                                          : TPL_DIALECT_GLOB;
    filter.hide_dotfiles = switches.len > 0 && filter.dialect == TPL_DIALECT_GLOB;
    read_patterns(&filter.include, &input);
    read_patterns(&filter.exclude, &input);
    for (char *end = text; end < input.data; end++) {
        *end = *end == '\n' ? '\0' : *end;
    }
    tpl__glob *glob = NULL;
    tpl_status status = tpl__glob_new(&glob, &filter, NULL);
    MUST(status == TPL_OK || (status == TPL_E_ARGUMENT && glob == NULL));
    if (glob != NULL) {
        check_paths(glob, input);
    }
    tpl__glob_free(glob);
    tpl_filter_dispose(&filter);
    free(text);
    return 0;
}
