/* SPDX-License-Identifier: MIT */
/* The words for formats and kinds; an entry's hash as text. */
#include "tpl/entry.h"

#include <string.h>

static const char *const FORMAT_TEXTS[] = {
#define TEXT(name, text) text,
    TPL_FORMAT_MAP(TEXT)
#undef TEXT
};

const char *tpl_format_text(tpl_format format) {
    return FORMAT_TEXTS[format];
}

bool tpl_format_from_text(tpl_format *out, const char *text) {
    for (size_t i = 0; i < TPL_FORMAT_COUNT; i++) {
        if (strcmp(text, FORMAT_TEXTS[i]) == 0) {
            *out = (tpl_format)i;
            return true;
        }
    }
    return false;
}

static const char *const KIND_WORDS[] = {
#define WORD(name, word) word,
    TPL_KIND_MAP(WORD)
#undef WORD
};

const char *tpl_kind_word(tpl_kind kind) {
    return (unsigned)kind < TPL_KIND_COUNT ? KIND_WORDS[kind] : "unknown";
}

const char *tpl_entry_hash(const tpl_entry *entry, char buf[TPL_HASH_HEX_LEN + 1], size_t *len) {
    if (entry->deleted || entry->kind >= TPL_KIND_SYMLINK) {
        *len = 0;
        return "";
    }
    if (entry->hash_text != NULL) {
        *len = entry->hash_text_len;
        return entry->hash_text;
    }
    tpl_hash128_to_hex(entry->hash, buf);
    *len = TPL_HASH_HEX_LEN;
    return buf;
}
