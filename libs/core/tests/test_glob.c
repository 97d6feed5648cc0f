/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "check.h"
#include "glob.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define NONE SIZE_MAX

static void put(char *text, const char *more) {
    memcpy(text + strlen(text), more, strlen(more) + 1);
}

/* Patterns are given as one text, separated by spaces; those behind a '-' exclude. */
typedef struct rules {
    tpl__glob *glob;
    tpl_filter filter;
    char text[4096];
} rules;

static void rules_of(rules *r, const char *patterns, bool hide, tpl_dialect dialect) {
    r->filter = (tpl_filter)TPL_FILTER_INIT;
    r->filter.hide_dotfiles = hide;
    r->filter.dialect = dialect;
    assert_true(strlen(patterns) < sizeof(r->text));
    memcpy(r->text, patterns, strlen(patterns) + 1);
    for (char *next = r->text; next != NULL && *next != '\0';) {
        char *space = strchr(next, ' ');
        if (space != NULL) {
            *space = '\0';
        }
        bool out = *next == '-';
        tpl_strings *list = out ? &r->filter.exclude : &r->filter.include;
        const char *pattern = next + (out ? 1 : 0);
        assert_int_equal(tpl_strings_append(list, strcmp(pattern, "''") == 0 ? "" : pattern),
                         TPL_OK);
        next = space == NULL ? NULL : space + 1;
    }
    assert_int_equal(tpl__glob_new(&r->glob, &r->filter, NULL), TPL_OK);
}

static void rules_init(rules *r, const char *patterns, bool hide) {
    rules_of(r, patterns, hide, TPL_DIALECT_GLOB);
}

static void rules_dispose(rules *r) {
    tpl__glob_free(r->glob);
    tpl_strings_dispose(&r->filter.include);
    tpl_strings_dispose(&r->filter.exclude);
}

typedef struct verdict {
    const char *patterns;
    const char *path;
    bool shown;  /* with dot names like any other */
    bool hidden; /* with dot names hidden */
} verdict;

static void check_files(const verdict *table, size_t count) {
    for (size_t i = 0; i < count * 2; i++) {
        const verdict *row = &table[i / 2];
        bool hide = i % 2 == 1;
        rules r;
        rules_init(&r, row->patterns, hide);
        bool yes = tpl__glob_file(r.glob, row->path, strlen(row->path));
        if (yes != (hide ? row->hidden : row->shown)) {
            fail_msg("'%s' on '%s', hide %d: got %d", row->patterns, row->path, hide, yes);
        }
        rules_dispose(&r);
    }
}

static void any_number_of_directories(void **state) {
    (void)state;
    static const verdict table[] = {
        {"**", "a", true, true},
        {"**", "a/b/c", true, true},
        {"**/*", "a", true, true},
        {"**/*", "a/b", true, true},
        {"**/*.txt", "in.txt", true, true},
        {"**/*.txt", "nested/deep/in.txt", true, true},
        {"**/*.txt", "nested/deep/in.TXT", false, false},
        {"nested/**", "nested", false, false},
        {"nested/**", "nested/a", true, true},
        {"nested/**", "nested/a/b", true, true},
        {"nested/**", "nestedx/a", false, false},
        {"a/**/b", "a/b", true, true},
        {"a/**/b", "a/x/y/b", true, true},
        {"a/**/b", "a/x/y/b/c", false, false},
        {"a/**/b/**/c", "a/b/b/c", true, true},
        {"a/**/b/**/c", "a/c/b", false, false},
        {"**/a/**/a", "a/a", true, true},
        {"**/a/**/a", "a", false, false},
        {"**/**/**", "a", true, true},
        {"a**", "a/b", false, false},
        {"a**", "ab", true, true},
        {"**a", "ba", true, true},
        {"***", "a", true, true},
        {"***", "a/b", false, false},
        {"*/*", "a", false, false},
        {"*/*", "a/b", true, true},
        {"*/*", "a/b/c", false, false},
    };
    check_files(table, LENGTH(table));
}

static void hidden_names_must_be_named(void **state) {
    (void)state;
    static const verdict table[] = {
        {"", ".a", true, false},
        {"", "a/.b/c", true, false},
        {"", "a/b", true, true},
        {"*", ".a", true, false},
        {"?a", ".a", true, false},
        {"[.]a", ".a", true, false},
        {"[!x]a", ".a", true, false},
        {".a", ".a", true, true},
        {".*", ".a", true, true},
        {".?", ".a", true, true},
        {".*", "a", false, false},
        {"**", ".a", true, false},
        {"**", ".a/b", true, false},
        {"**/b", ".a/b", true, false},
        {"**/.b", "a/.b", true, true},
        {"**/.b", ".a/.b", true, false},
        {".a/**", ".a/b", true, true},
        {".a/**", ".a/.b", true, false},
        {".a/*", ".a/in.txt", true, true},
        {"nested/.*", "nested/.h.txt", true, true},
        {"**/.a/**/b", "x/.a/y/b", true, true},
        {"**/.a/**/b", "x/.a/.y/b", true, false},
        {"**/.*/b", ".a/.a/b", true, false},
        {"**/.a/b/**/c", ".a/b/.a/b/c", true, false},
        {"-**", ".a", false, false},
        {"* .a -a", ".a", true, true},
        {"**/.* -b/**", "b/.a", false, true},
    };
    check_files(table, LENGTH(table));
}

static void excludes_win(void **state) {
    (void)state;
    static const verdict table[] = {
        {"**/*.txt -nested/deep/** -top.txt", "top.txt", false, false},
        {"**/*.txt -nested/deep/** -top.txt", "nested/in.txt", true, true},
        {"**/*.txt -nested/deep/** -top.txt", "nested/deep/in.txt", false, false},
        {"-b/*", "b/c", false, false},
        {"-b/*", "b/c/d", true, true},
        {"a -a", "a", false, false},
        {"-''", "a", true, true},
        {"-a/", "a", true, true},
        {"a b", "b", true, true},
        {"a b", "c", false, false},
    };
    check_files(table, LENGTH(table));
}

static void patterns_are_normalised(void **state) {
    (void)state;
    static const verdict table[] = {
        {"/a", "a", true, true},          {"//a//b", "a/b", true, true},
        {"./a/./b", "a/b", true, true},   {"nested/../top.txt", "top.txt", true, true},
        {"a/b/../../c", "c", true, true}, {"*/../c", "c", true, true},
        {"**/../c", "x/c", true, true},   {"../a", "a", false, false},
        {"../a", "../a", false, false},   {"a/../../b", "b", false, false},
        {"..", "a", false, false},        {"''", "a", false, false},
        {"/", "a", false, false},         {".", "a", false, false},
        {"a/", "a", false, false},        {"*/", "a", false, false},
        {"**/", "a", false, false},       {"a/.", "a", false, false},
        {"a/b/..", "a", false, false},    {"...", "...", true, true},
        {"a/..b", "a/..b", true, true},
    };
    check_files(table, LENGTH(table));
}

static void matching_is_by_bytes_of_the_path_as_it_stands(void **state) {
    (void)state;
    static const verdict table[] = {
        {"{a,b}", "{a,b}", true, true},
        {"we[[]ird", "we[ird", true, true},
        {"we[ird", "we[ird", true, true},
        {"other/[!a]2", "other/b2", true, true},
        {"other/[a-c]1", "other/a1", true, true},
        {"[a/b]", "a", false, false},
        {"[a/b]", "[a/b]", true, true},
        {"a\\b", "a\\b", true, true},
        {"A", "a", false, false},
        {"nested/?.txt", "nested/\xf0\x9f\x98\x80.txt", true, true},
        {"a\xff", "a\xed\xb3\xbf", true, true},
        {"*", "", false, false},
        {"-x", "", true, false},
    };
    check_files(table, LENGTH(table));
}

static void tells_when_everything_counts(void **state) {
    (void)state;
    static const verdict table[] = {
        {"", NULL, true, false},       {"**", NULL, true, false},    {"**/*", NULL, true, false},
        {"a **/*", NULL, true, false}, {"*", NULL, false, false},    {"a/**", NULL, false, false},
        {"-a", NULL, false, false},    {"-a/", NULL, true, false},   {"-''", NULL, true, false},
        {"''", NULL, false, false},    {"-../a", NULL, true, false},
    };
    for (size_t i = 0; i < LENGTH(table) * 2; i++) {
        rules r;
        rules_init(&r, table[i / 2].patterns, i % 2 == 1);
        bool expected = i % 2 == 1 ? table[i / 2].hidden : table[i / 2].shown;
        assert_int_equal(tpl__glob_is_all(r.glob), expected);
        rules_dispose(&r);
    }
}

static void directories_without_a_chance_are_left_out(void **state) {
    (void)state;
    static const verdict table[] = {
        {"", "", true, true},
        {"", "a", true, true},
        {"", ".git", true, false},
        {"", "a/.git", true, false},
        {"''", "", false, false},
        {"*", "", true, true},
        {"*", "a", false, false},
        {"a/b", "a", true, true},
        {"a/b", "b", false, false},
        {"a/b", "a/b", false, false},
        {"a/*/c", "a/x", true, true},
        {"a/*/c", "a/.x", true, false},
        {"a/**", "a", true, true},
        {"a/**", "a/x/y", true, true},
        {"a/**", "b", false, false},
        {"**/.b/c", "a", true, true},
        {"**/.b/c", ".a", true, false},
        {"**/.b/c", "a/.b", true, true},
        {"**/.b/c", "a/.b/x", true, false},
        {"../a", "a", false, false},
        {"a/", "a", false, false},
        {"-a/**", "a", false, false},
        {"-a/**", "a/b", false, false},
        {"-a/**", "b", true, true},
        {"-a/**/*", "a", false, false},
        {"-a/*", "a", true, true},
        {"-a", "a", true, true},
        {"-a/**/b", "a", true, true},
        {"-**/x/**", "x", false, false},
        {"-**/x/**", "a/x/b", false, false},
        {"-**/x/**", "a", true, true},
        {"-**", "", false, false},
        {"-a/**", "a/.b", false, false},
        {"a/.b/* -a/**", "a", false, true},
        {"a/.b/* -a/**", "a/.b", false, true},
        {"a/b/* -a/**", "a", false, false},
        {"a/.b/*/c -a/.b/**", "a/.b", false, false},
        {"a/.b/*/.c -a/.b/**", "a/.b", false, true},
        {"a/.b/* a/c -a/**", "a/c", false, false},
        {"**/.b/* -a/**", "a/x", false, true},
        {"**/.b/* -a/**", "a/.b", false, true},
        {"a/.b/* a/.c/* -a/**", "a", false, true},
    };
    for (size_t i = 0; i < LENGTH(table) * 2; i++) {
        const verdict *row = &table[i / 2];
        bool hide = i % 2 == 1;
        rules r;
        rules_init(&r, row->patterns, hide);
        bool yes = tpl__glob_enter(r.glob, row->path, strlen(row->path));
        if (yes != (hide ? row->hidden : row->shown)) {
            fail_msg("'%s' into '%s', hide %d: got %d", row->patterns, row->path, hide, yes);
        }
        rules_dispose(&r);
    }
}

static void a_pattern_of_many_segments_is_entered_rather_than_missed(void **state) {
    (void)state;
    char text[400] = "**/.x";
    for (int i = 0; i < 70; i++) {
        put(text, "/*");
    }
    rules r;
    rules_init(&r, text, true);
    assert_true(tpl__glob_enter(r.glob, "a", 1));
    assert_false(tpl__glob_file(r.glob, "a", 1));
    rules_dispose(&r);
}

static void finds_the_pattern_that_names_a_directory(void **state) {
    (void)state;
    static const struct {
        const char *patterns;
        const char *path;
        size_t index;
    } table[] = {
        {"a", "a", 0},          {"a/", "a", 0},       {"x a", "a", 1},    {"-a", "a", 0},
        {"x -a", "a", 1},       {"x -y -a/", "a", 2}, {"**/a", "b/a", 0}, {"*/a", "b/a", 0},
        {"a*", "a", NONE},      {"*", "a", NONE},     {"**", "a", NONE},  {"a/**", "a", NONE},
        {"a/**/", "a", NONE},   {"b", "a", NONE},     {"", "a", NONE},    {"a/b/..", "a", 0},
        {".", "", 0},           {"./", "", 0},        {"..", "", NONE},   {"../a", "a", NONE},
        {"../../a", "a", NONE}, {"a/.", "a", 0},      {"a", "", NONE},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        rules r;
        rules_init(&r, table[i].patterns, false);
        size_t got = tpl__glob_names_directory(r.glob, table[i].path, strlen(table[i].path));
        if (got != table[i].index) {
            fail_msg("'%s', '%s': got %zu", table[i].patterns, table[i].path, got);
        }
        rules_dispose(&r);
    }
}

static void hostile_patterns_end_soon(void **state) {
    (void)state;
    char text[2001] = "";
    char path[4001] = "";
    for (size_t i = 0; i < 300; i++) {
        put(text, "**/a/");
    }
    put(text, "b");
    for (size_t i = 0; i < 1500; i++) {
        put(path, "a/");
    }
    put(path, "c");
    for (int hide = 0; hide < 2; hide++) {
        rules r;
        rules_init(&r, text, hide == 1);
        assert_false(tpl__glob_file(r.glob, path, strlen(path)));
        assert_true(tpl__glob_enter(r.glob, path, strlen(path)));
        path[strlen(path) - 1] = 'b';
        assert_true(tpl__glob_file(r.glob, path, strlen(path)));
        path[strlen(path) - 1] = 'c';
        rules_dispose(&r);
    }
}

/* --- the other dialects --- */

typedef bool question(const tpl__glob *glob, const char *path, size_t len);

static bool names(const tpl__glob *glob, const char *path, size_t len) {
    return tpl__glob_names_directory(glob, path, len) != NONE;
}

static bool is_all(const tpl__glob *glob, const char *path, size_t len) {
    (void)path;
    (void)len;
    return tpl__glob_is_all(glob);
}

static void dialects_answer_every_question(void **state) {
    (void)state;
    static const struct {
        question *ask;
        const char *patterns;
        const char *path;
        bool glob;
        bool globset;
        bool fnmatch;
    } table[] = {
        {tpl__glob_file, "*.c", "a.c", true, true, true},
        {tpl__glob_file, "*.c", "d/a.c", false, true, true},
        {tpl__glob_file, "a.c", "d/a.c", false, false, true},
        {tpl__glob_file, "d/", "d/a.c", false, false, true},
        {tpl__glob_file, "{a,b}", "b", false, true, false},
        {tpl__glob_file, "-*.c", "d/a.c", true, false, false},
        {tpl__glob_file, "-*.c", "d/a.o", true, true, true},
        {tpl__glob_file, "", ".a", true, true, true},
        {tpl__glob_enter, "*.c", "d", false, true, true},
        {tpl__glob_enter, "d/a", "d", true, true, true},
        {tpl__glob_enter, "d/a", "e", false, false, true},
        {tpl__glob_enter, "/d/a", "e", false, false, false},
        {tpl__glob_enter, "-d/**", "d", false, false, false},
        {tpl__glob_enter, "-d/**", "e/d", true, true, false},
        {tpl__glob_enter, "-d/*", "d", true, false, false},
        {tpl__glob_enter, "-d", "d", true, true, true},
        {names, "d", "d", true, true, true},
        {names, "d", "e/d", false, false, true},
        {names, "-d", "d", true, true, true},
        {names, "d*", "d", false, false, false},
        {names, "d/", "d", true, false, false},
        {is_all, "", NULL, true, true, true},
        {is_all, "**", NULL, true, true, true},
        {is_all, "*", NULL, false, true, true},
        {is_all, "/", NULL, false, false, true},
        {is_all, "** **", NULL, true, true, true},
        {is_all, "* -a", NULL, false, false, false},
        {is_all, "** -''", NULL, true, false, false},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        bool expected[] = {table[i].glob, table[i].globset, table[i].fnmatch};
        size_t len = table[i].path == NULL ? 0 : strlen(table[i].path);
        for (int dialect = 0; dialect < TPL_DIALECT_COUNT; dialect++) {
            rules r;
            rules_of(&r, table[i].patterns, false, (tpl_dialect)dialect);
            if (table[i].ask(r.glob, table[i].path, len) != expected[dialect]) {
                fail_msg("row %zu: '%s' as %s", i, table[i].patterns,
                         tpl_dialect_word((tpl_dialect)dialect));
            }
            rules_dispose(&r);
        }
    }
}

static void a_pattern_that_is_none_is_what_the_error_is_about(void **state) {
    (void)state;
    const char *patterns[] = {"a", "b[", "c["};
    tpl_filter filter = TPL_FILTER_INIT;
    tpl__glob *glob = NULL;
    tpl_error err = TPL_ERROR_INIT;
    filter.exclude = (tpl_strings){patterns, 3, 3};
    filter.dialect = TPL_DIALECT_GLOBSET;
    assert_int_equal(tpl__glob_new(&glob, &filter, &err), TPL_E_ARGUMENT);
    assert_null(glob);
    assert_string_equal(err.path, "b[");
    assert_string_equal(err.message, "nothing closes the '[' of a set");
    tpl_error_dispose(&err);
    filter.dialect = TPL_DIALECT_FNMATCH;
    assert_int_equal(tpl__glob_new(&glob, &filter, &err), TPL_OK);
    tpl__glob_free(glob);
}

static void dotfiles_are_hidden_in_one_dialect_only(void **state) {
    (void)state;
    for (int dialect = 1; dialect < TPL_DIALECT_COUNT; dialect++) {
        tpl_filter filter = TPL_FILTER_INIT;
        tpl__glob *glob = NULL;
        tpl_error err = TPL_ERROR_INIT;
        filter.dialect = (tpl_dialect)dialect;
        filter.hide_dotfiles = true;
        assert_int_equal(tpl__glob_new(&glob, &filter, &err), TPL_E_ARGUMENT);
        assert_null(glob);
        assert_null(err.path);
        tpl_error_dispose(&err);
    }
}

/* --- the same answers from a matcher that only follows the definition --- */

static uint32_t random_state = 12345;

static uint32_t random_below(uint32_t limit) {
    random_state = random_state * 1664525U + 1013904223U;
    return (random_state >> 8) % limit;
}

/* Names and patterns of the random test are ASCII, sets are [ab] or [!a]. */
static bool naive_name(const char *p, const char *p_end, const char *n, const char *n_end) {
    if (p == p_end) {
        return n == n_end;
    }
    if (*p == '*') {
        return naive_name(p + 1, p_end, n, n_end) ||
               (n != n_end && naive_name(p, p_end, n + 1, n_end));
    }
    if (n == n_end) {
        return false;
    }
    if (*p == '[') {
        bool yes = p[1] == '!' ? *n != 'a' : *n == 'a' || *n == 'b';
        return yes && naive_name(p + 4, p_end, n + 1, n_end);
    }
    return (*p == '?' || *p == *n) && naive_name(p + 1, p_end, n + 1, n_end);
}

static const char *name_end(const char *text) {
    const char *slash = strchr(text, '/');
    return slash == NULL ? text + strlen(text) : slash;
}

/* `p` and `n` are what is left, NULL when nothing is. */
static bool naive_path(const char *p, const char *n, bool hide) {
    if (p == NULL || n == NULL) {
        return p == n;
    }
    const char *p_end = name_end(p);
    const char *n_end = name_end(n);
    const char *p_rest = *p_end == '\0' ? NULL : p_end + 1;
    const char *n_rest = *n_end == '\0' ? NULL : n_end + 1;
    bool hidden = hide && *n == '.' && *p != '.';
    if (p_end - p == 2 && p[0] == '*' && p[1] == '*') {
        if (p_rest == NULL) {
            return !hidden && (n_rest == NULL || naive_path(p, n_rest, hide));
        }
        return naive_path(p_rest, n, hide) || (!hidden && naive_path(p, n_rest, hide));
    }
    return !hidden && naive_name(p, p_end, n, n_end) && naive_path(p_rest, n_rest, hide);
}

static void random_pattern(char *out) {
    static const char *const pieces[] = {"a", "b", ".", "*", "?", "[ab]", "[!a]"};
    *out = '\0';
    size_t segments = 1 + random_below(4);
    for (size_t i = 0; i < segments; i++) {
        put(out, i == 0 ? "" : "/");
        if (random_below(3) == 0) {
            put(out, "**");
            continue;
        }
        const char *first = pieces[random_below(LENGTH(pieces))];
        put(out, first);
        if (first[0] == '.') { /* neither "." nor "..", and no "**" by chance */
            put(out, random_below(2) == 0 ? "a" : "*");
        } else if (random_below(2) == 0) {
            put(out, pieces[random_below(2)]);
        }
    }
}

static const char *const NAMES[] = {"a", "b", "ab", "ba", "aa", ".a", ".b", ".ab", "bb", "c", "cb"};

static void random_path(char *out, size_t names) {
    *out = '\0';
    for (size_t i = 0; i < names; i++) {
        put(out, i == 0 ? "" : "/");
        put(out, NAMES[random_below(LENGTH(NAMES))]);
    }
}

static void agrees_with_the_definition_on_random_files(void **state) {
    (void)state;
    int matched = 0;
    for (int round = 0; round < 20000; round++) {
        char pattern[64];
        char path[64];
        bool hide = random_below(2) == 0;
        random_pattern(pattern);
        rules r;
        rules_init(&r, pattern, hide);
        for (int i = 0; i < 8; i++) {
            random_path(path, 1 + random_below(5));
            bool expected = naive_path(pattern, path, hide);
            matched += expected ? 1 : 0;
            if (tpl__glob_file(r.glob, path, strlen(path)) != expected) {
                fail_msg("'%s' on '%s', hide %d: expected %d", pattern, path, hide, expected);
            }
        }
        rules_dispose(&r);
    }
    assert_true(matched > 1000); /* or the test would prove little */
}

/* Whether any file at most `depth` names below `path` counts. */
static bool any_below(const tpl__glob *glob, char *path, size_t depth) {
    size_t len = strlen(path);
    for (size_t i = 0; i < LENGTH(NAMES); i++) {
        path[len] = '\0';
        put(path, len == 0 ? "" : "/");
        put(path, NAMES[i]);
        bool yes = tpl__glob_file(glob, path, strlen(path)) ||
                   (depth > 1 && any_below(glob, path, depth - 1));
        path[len] = '\0';
        if (yes) {
            return true;
        }
    }
    return false;
}

static void enters_exactly_where_some_file_could_count(void **state) {
    (void)state;
    int left_out = 0;
    for (int round = 0; round < 400; round++) {
        char pattern[64];
        char dir[64];
        bool hide = random_below(2) == 0;
        random_pattern(pattern);
        random_path(dir, random_below(4));
        rules r;
        rules_init(&r, pattern, hide);
        bool expected = any_below(r.glob, dir, 4);
        left_out += expected ? 0 : 1;
        if (tpl__glob_enter(r.glob, dir, strlen(dir)) != expected) {
            fail_msg("'%s' into '%s', hide %d: expected %d", pattern, dir, hide, expected);
        }
        rules_dispose(&r);
    }
    assert_true(left_out > 100);
}

static void never_leaves_out_what_an_exclude_does_not_cover(void **state) {
    (void)state;
    int left_out = 0;
    for (int round = 0; round < 400; round++) {
        char patterns[160];
        char dir[64];
        random_pattern(patterns);
        put(patterns, " -");
        random_pattern(patterns + strlen(patterns));
        if (random_below(2) == 0) {
            put(patterns, "/**");
        }
        random_path(dir, random_below(3));
        rules r;
        rules_init(&r, patterns, random_below(2) == 0);
        if (!tpl__glob_enter(r.glob, dir, strlen(dir))) {
            left_out++;
            if (any_below(r.glob, dir, 3)) {
                fail_msg("'%s' leaves out '%s'", patterns, dir);
            }
        }
        rules_dispose(&r);
    }
    assert_true(left_out > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_directories),
        cmocka_unit_test(hidden_names_must_be_named),
        cmocka_unit_test(excludes_win),
        cmocka_unit_test(patterns_are_normalised),
        cmocka_unit_test(matching_is_by_bytes_of_the_path_as_it_stands),
        cmocka_unit_test(tells_when_everything_counts),
        cmocka_unit_test(directories_without_a_chance_are_left_out),
        cmocka_unit_test(a_pattern_of_many_segments_is_entered_rather_than_missed),
        cmocka_unit_test(finds_the_pattern_that_names_a_directory),
        cmocka_unit_test(hostile_patterns_end_soon),
        cmocka_unit_test(dialects_answer_every_question),
        cmocka_unit_test(a_pattern_that_is_none_is_what_the_error_is_about),
        cmocka_unit_test(dotfiles_are_hidden_in_one_dialect_only),
        cmocka_unit_test(agrees_with_the_definition_on_random_files),
        cmocka_unit_test(enters_exactly_where_some_file_could_count),
        cmocka_unit_test(never_leaves_out_what_an_exclude_does_not_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
