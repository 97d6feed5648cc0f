/* SPDX-License-Identifier: MIT */
/* The words for phases and warnings. */
#include "tpl/run.h"

static const char UNKNOWN[] = "unknown";

static const char *const PHASE_WORDS[] = {
#define WORD(name, word) word,
    TPL_PHASE_MAP(WORD)
#undef WORD
};

static const char *const WARNING_NAMES[] = {
#define NAME(name, word, text) word,
    TPL_WARNING_MAP(NAME)
#undef NAME
};

static const char *const WARNING_TEXTS[] = {
#define TEXT(name, word, text) text,
    TPL_WARNING_MAP(TEXT)
#undef TEXT
};

const char *tpl_phase_word(tpl_phase phase) {
    return (unsigned)phase < TPL_PHASE_COUNT ? PHASE_WORDS[phase] : UNKNOWN;
}

bool tpl_warning_is_skip(tpl_warning_kind kind) {
    bool index = kind >= TPL_WARN_INDEX_DAMAGED && kind <= TPL_WARN_INDEX_UNWRITTEN;
    bool input = kind >= TPL_WARN_INPUT_REFERENCED && kind <= TPL_WARN_INPUT_SPECIAL;
    return kind != TPL_WARN_PATTERN_IS_DIRECTORY && !index && !input;
}

const char *tpl_warning_name(tpl_warning_kind kind) {
    return (unsigned)kind < TPL_WARNING_COUNT ? WARNING_NAMES[kind] : UNKNOWN;
}

const char *tpl_warning_text(tpl_warning_kind kind) {
    return (unsigned)kind < TPL_WARNING_COUNT ? WARNING_TEXTS[kind] : UNKNOWN;
}
