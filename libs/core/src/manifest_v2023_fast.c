/* SPDX-License-Identifier: MIT */
/* The reader of canonical text of format 2023-03-03: fixed literals, fixed places, no scanner. */
#include <string.h>

#include "manifest_table.h"
#include "manifest_v2023.h"
#include "swar.h"

#define DOCUMENT_START "{\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2023-03-03\",\"paths\":["
#define SWAR_DIGITS 8
#define DIGITS_SAFE 19 /* so many digits never overflow */

/* What is left to read. */
typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

#define TAKE(c, literal) take((c), (literal), sizeof(literal) - 1)

static inline bool take(cursor *c, const char *literal, size_t len) {
    if ((size_t)(c->end - c->at) < len || memcmp(c->at, literal, len) != 0) {
        return false;
    }
    c->at += len;
    return true;
}

/* Decimal digits without a leading zero, at most UINT64_MAX. */
static bool take_unsigned(cursor *c, uint64_t *out) {
    uint64_t value = 0;
    const char *start = c->at;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9') {
        uint64_t digit = (uint64_t)(*c->at - '0');
        if (c->at - start >= DIGITS_SAFE && value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
        c->at++;
    }
    *out = value;
    return c->at > start && (*start != '0' || c->at - start == 1);
}

static bool take_signed(cursor *c, int64_t *out) {
    uint64_t magnitude;
    bool negative = c->at < c->end && *c->at == '-';
    c->at += negative;
    if (!take_unsigned(c, &magnitude) || magnitude > (uint64_t)INT64_MAX + negative ||
        (negative && magnitude == 0)) {
        return false;
    }
    *out = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return true;
}

/* Up to a closing quote, with nothing in it that needs an escape. */
static bool take_path(cursor *c, tpl__row *row) {
    const char *start = c->at;
    const char *at = start;
    for (;;) {
        if (c->end - at < 8) {
            return false;
        }
        uint64_t special = tpl__find_special(tpl__load8(at));
        if (special != 0) {
            at += tpl__first_byte(special);
            break;
        }
        at += 8;
    }
    if (*at != '"' || (uint64_t)(at - start) > UINT32_MAX) {
        return false;
    }
    row->path = start;
    row->path_len = (uint32_t)(at - start);
    c->at = at;
    return true;
}

static bool take_entry(cursor *c, tpl__row *row) {
    if (!TAKE(c, "{\"hash\":\"") || c->end - c->at < TPL_HASH_HEX_LEN ||
        !tpl_hash128_from_hex(&row->hash.digest, c->at, TPL_HASH_HEX_LEN)) {
        return false;
    }
    row->hash_text_len = 0;
    c->at += TPL_HASH_HEX_LEN;
    return TAKE(c, "\",\"mtime\":") && take_signed(c, &row->mtime) && TAKE(c, ",\"path\":\"") &&
           take_path(c, row) && TAKE(c, "\",\"size\":") && take_unsigned(c, &row->size) &&
           TAKE(c, "}");
}

/* *canonical tells whether the text was read to its end. */
static tpl_status read_all(tpl_manifest *manifest, cursor c, bool *canonical) {
    *canonical = false;
    if (!TAKE(&c, DOCUMENT_START)) {
        return TPL_OK;
    }
    do {
        tpl__row row;
        if (!take_entry(&c, &row)) {
            return TPL_OK;
        }
        tpl__row *slot = tpl__manifest_append(manifest);
        row.path = tpl__arena_copy(&manifest->arena, row.path, row.path_len);
        if (slot == NULL || row.path == NULL) {
            return TPL_E_NOMEM;
        }
        *slot = row;
    } while (TAKE(&c, ","));
    *canonical = TAKE(&c, "],\"totalSize\":") && take_unsigned(&c, &manifest->total_size) &&
                 TAKE(&c, "}") && c.at == c.end;
    return TPL_OK;
}

tpl_status tpl__v2023_read_fast(tpl_manifest **out, const char *data, size_t len) {
    *out = NULL;
    tpl_manifest *manifest = NULL;
    bool canonical = false;
    tpl_status status = tpl_manifest_new(&manifest, NULL);
    if (status == TPL_OK) {
        status = read_all(manifest, (cursor){data, data + len}, &canonical);
    }
    if (status == TPL_OK && canonical) {
        status = tpl_manifest_seal(manifest, NULL);
    }
    if (status == TPL_OK && canonical) {
        *out = manifest;
    } else {
        tpl_manifest_free(manifest);
    }
    return status;
}
