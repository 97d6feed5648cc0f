/* SPDX-License-Identifier: MIT */
/* Include and exclude patterns together, in any of the dialects. */
#include "glob.h"

#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "fail.h"
#include "mem.h"
#include "pattern.h"
#include "states.h"

typedef struct rule {
    tpl_dialect dialect;
    tpl__pattern pattern; /* of the dialect `glob` */
    tpl__states states;   /* of the others */
} rule;

typedef struct rule_list {
    const rule *items;
    size_t count;
} rule_list;

struct tpl__glob {
    tpl__arena arena;
    rule_list includes;
    rule_list excludes;
    size_t given_includes; /* without the implicit one */
    bool hide_dotfiles;
    bool includes_all;
    bool excludes_any;
};

static const char *const WORDS[] = {
#define WORD(name, word) [TPL_DIALECT_##name] = (word),
    TPL_DIALECT_MAP(WORD)
#undef WORD
};

const char *tpl_dialect_word(tpl_dialect dialect) {
    return WORDS[dialect];
}

/* --- one rule --- */

static tpl_status compile(rule *out, tpl__arena *arena, const char *text, tpl_error *err) {
    tpl__pattern_problem problem = NULL;
    bool made = false;
    switch (out->dialect) {
    case TPL_DIALECT_GLOBSET:
        made = tpl__states_globset(&out->states, arena, text, &problem);
        break;
    case TPL_DIALECT_FNMATCH:
        made = tpl__states_fnmatch(&out->states, arena, text, &problem);
        break;
    default:
        made = tpl__pattern_compile(&out->pattern, arena, text);
        break;
    }
    if (problem != NULL) {
        return tpl__fail_text(err, TPL_E_ARGUMENT, text, strlen(text), "%s", problem);
    }
    return made ? TPL_OK : tpl__fail_nomem(err);
}

static bool matches(const rule *r, bool hide, const char *path, size_t len) {
    return r->dialect == TPL_DIALECT_GLOB ? tpl__pattern_matches(&r->pattern, hide, path, len)
                                          : tpl__states_match(&r->states, path, len);
}

static bool covers(const rule *r, bool hide, const char *dir, size_t len) {
    return r->dialect == TPL_DIALECT_GLOB
               ? tpl__pattern_covers(&r->pattern, hide, dir, len)
               : tpl__states_below(&r->states, dir, len) == TPL__REACH_ALL;
}

static bool names(const rule *r, bool hide, const char *dir, size_t len) {
    return r->dialect == TPL_DIALECT_GLOB
               ? tpl__pattern_names(&r->pattern, hide, dir, len)
               : !r->states.wild && tpl__states_match(&r->states, dir, len);
}

static bool is_all(const rule *r, bool hide) {
    return r->dialect == TPL_DIALECT_GLOB ? tpl__pattern_is_all(&r->pattern) && !hide
                                          : covers(r, hide, "", 0);
}

/* Whether files below could match; `dots`: whether hidden names further down are named, so that an
 * excluding `**` does not reach them. */
static bool opens(const rule *r, bool hide, bool *dots, const char *dir, size_t len) {
    if (r->dialect != TPL_DIALECT_GLOB) {
        return tpl__states_below(&r->states, dir, len) != TPL__REACH_NONE;
    }
    size_t segment = tpl__pattern_opens(&r->pattern, hide, dir, len);
    *dots = *dots || (segment != TPL__PATTERN_SHUT && segment < r->pattern.dots_end);
    return segment != TPL__PATTERN_SHUT;
}

/* --- all of them --- */

static tpl_status compile_all(rule_list *out, tpl__glob *glob, const tpl_strings *texts,
                              tpl_dialect dialect, tpl_error *err) {
    rule *items = tpl__arena_object(&glob->arena, texts->count * sizeof(*items));
    tpl_status status = TPL_OK;
    if (items == NULL) {
        return tpl__fail_nomem(err);
    }
    for (size_t i = 0; i < texts->count && status == TPL_OK; i++) {
        items[i] = (rule){.dialect = dialect};
        status = compile(&items[i], &glob->arena, texts->items[i], err);
    }
    *out = (rule_list){items, texts->count};
    return status;
}

static tpl_status compile_filter(tpl__glob *glob, const tpl_filter *filter, tpl_error *err) {
    const char *everything[] = {"**/*"};
    bool implicit = filter->include.count == 0;
    tpl_strings include = implicit ? (tpl_strings){everything, 1, 1} : filter->include;
    tpl_dialect dialect = implicit ? TPL_DIALECT_GLOB : filter->dialect;
    if (filter->hide_dotfiles && filter->dialect != TPL_DIALECT_GLOB) {
        return tpl__fail(err, TPL_E_ARGUMENT, "only the dialect glob hides names with a dot");
    }
    glob->hide_dotfiles = filter->hide_dotfiles;
    glob->given_includes = filter->include.count;
    tpl_status status = compile_all(&glob->includes, glob, &include, dialect, err);
    if (status == TPL_OK) {
        status = compile_all(&glob->excludes, glob, &filter->exclude, filter->dialect, err);
    }
    return status;
}

static void summarise(tpl__glob *glob) {
    for (size_t i = 0; i < glob->includes.count; i++) {
        bool all = is_all(&glob->includes.items[i], glob->hide_dotfiles);
        glob->includes_all = glob->includes_all || all;
    }
    for (size_t i = 0; i < glob->excludes.count; i++) {
        const rule *r = &glob->excludes.items[i];
        bool any = r->dialect != TPL_DIALECT_GLOB || r->pattern.files;
        glob->excludes_any = glob->excludes_any || any;
    }
}

tpl_status tpl__glob_new(tpl__glob **out, const tpl_filter *filter, tpl_error *err) {
    *out = NULL;
    tpl__glob *glob = tpl__alloc_array(1, sizeof(*glob));
    if (glob == NULL) {
        return tpl__fail_nomem(err);
    }
    tpl_status status = compile_filter(glob, filter, err);
    if (status != TPL_OK) {
        tpl__glob_free(glob);
        return status;
    }
    summarise(glob);
    *out = glob;
    return TPL_OK;
}

void tpl__glob_free(tpl__glob *glob) {
    if (glob != NULL) {
        tpl__arena_dispose(&glob->arena);
        tpl__free(glob);
    }
}

static bool any_match(const rule_list *rules, bool hide, const char *path, size_t len) {
    for (size_t i = 0; i < rules->count; i++) {
        if (matches(&rules->items[i], hide, path, len)) {
            return true;
        }
    }
    return false;
}

bool tpl__glob_is_all(const tpl__glob *glob) {
    return glob->includes_all && !glob->excludes_any;
}

bool tpl__glob_file(const tpl__glob *glob, const char *path, size_t len) {
    const bool hide = glob->hide_dotfiles;
    return (glob->includes_all || any_match(&glob->includes, hide, path, len)) &&
           !(glob->excludes_any && any_match(&glob->excludes, hide, path, len));
}

/* --- directories --- */

static bool excludes_below(const tpl__glob *glob, const char *dir, size_t len) {
    for (size_t i = 0; i < glob->excludes.count; i++) {
        if (covers(&glob->excludes.items[i], glob->hide_dotfiles, dir, len)) {
            return true;
        }
    }
    return false;
}

bool tpl__glob_enter(const tpl__glob *glob, const char *path, size_t len) {
    bool open = glob->includes_all;
    bool dots = false;
    for (size_t i = 0; i < glob->includes.count && !glob->includes_all; i++) {
        bool opened = opens(&glob->includes.items[i], glob->hide_dotfiles, &dots, path, len);
        open = open || opened;
    }
    if (!open || !glob->excludes_any) {
        return open;
    }
    return (glob->hide_dotfiles && dots) || !excludes_below(glob, path, len);
}

size_t tpl__glob_names_directory(const tpl__glob *glob, const char *path, size_t len) {
    const bool hide = glob->hide_dotfiles;
    for (size_t i = 0; i < glob->given_includes; i++) {
        if (names(&glob->includes.items[i], hide, path, len)) {
            return i;
        }
    }
    for (size_t i = 0; i < glob->excludes.count; i++) {
        if (names(&glob->excludes.items[i], hide, path, len)) {
            return glob->given_includes + i;
        }
    }
    return SIZE_MAX;
}
