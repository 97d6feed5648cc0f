/* SPDX-License-Identifier: MIT */
/* Path text: WTF-8 to and from operating-system bytes, JSON and a person's eyes; its order. */
#include "tpl/text.h"

#include <string.h>

#include "swar.h"
#include "wtf8.h"

static bool is_continuation(char c) {
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* Second bytes that keep three- and four-byte characters shortest and below U+110000. */
static bool second_fits(unsigned char lead, unsigned char second) {
    switch (lead) {
    case 0xe0:
        return second >= 0xa0;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second < 0x90;
    default:
        return true;
    }
}

/* As tpl__utf8_length(), with encoded surrogates as characters. */
static size_t wtf8_length(const char *text, size_t left) {
    unsigned char lead = (unsigned char)text[0];
    if (lead < 0x80) {
        return 1;
    }
    size_t length = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (length == 0 || length > left || !second_fits(lead, (unsigned char)text[1])) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(text[i])) {
            return 0;
        }
    }
    return length;
}

static bool is_encoded_surrogate(const char *text) {
    return (unsigned char)text[0] == 0xed && (unsigned char)text[1] >= 0xa0;
}

size_t tpl__utf8_length(const char *text, size_t left) {
    size_t length = wtf8_length(text, left);
    return length == 3 && is_encoded_surrogate(text) ? 0 : length;
}

size_t tpl__wtf8_next(const char *text, size_t left, uint32_t *code) {
    size_t length = wtf8_length(text, left);
    uint32_t lead = (unsigned char)text[0];
    if (length == 0) {
        *code = 0xdc00 + lead;
        return 1;
    }
    static const unsigned char LEAD_BITS[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t value = lead & LEAD_BITS[length];
    for (size_t i = 1; i < length; i++) {
        value = value << 6 | ((unsigned char)text[i] & 0x3f);
    }
    *code = value;
    return length;
}

size_t tpl__wtf8_put(char *out, uint32_t code) {
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

static size_t utf8_run(const char *text, size_t len) {
    size_t run = 0;
    for (;;) {
        while (len - run >= 8 && (tpl__load8(text + run) & TPL__EACH(0x80)) == 0) {
            run += 8;
        }
        while (run < len && (text[run] & 0x80) == 0) {
            run++;
        }
        size_t length = run == len ? 0 : tpl__utf8_length(text + run, len - run);
        if (length == 0) {
            break;
        }
        run += length;
    }
    return run;
}

bool tpl__wtf8_is_valid(const char *text, size_t len) {
    size_t behind_high = SIZE_MAX;
    size_t at = utf8_run(text, len);
    while (at < len) { /* an encoded surrogate, or nothing */
        size_t length = wtf8_length(text + at, len - at);
        bool low = length > 0 && (unsigned char)text[at + 1] >= 0xb0;
        if (length == 0 || (low && at == behind_high)) {
            return false;
        }
        at += length;
        behind_high = low ? SIZE_MAX : at;
        at += utf8_run(text + at, len - at);
    }
    return true;
}

tpl_status tpl_text_from_os(tpl_buffer *out, const char *os, size_t len) {
    size_t mark = out->len;
    size_t at = 0;
    tpl_status status = TPL_OK;
    while (at < len && status == TPL_OK) {
        size_t run = utf8_run(os + at, len - at);
        status = tpl_buffer_append(out, os + at, run);
        at += run;
        if (at < len && status == TPL_OK) {
            char escaped[4];
            size_t size = tpl__wtf8_put(escaped, 0xdc00u + (unsigned char)os[at++]);
            status = tpl_buffer_append(out, escaped, size);
        }
    }
    if (status != TPL_OK) {
        out->len = mark;
    }
    return status;
}

tpl_status tpl_text_to_os(tpl_buffer *out, const char *text, size_t len) {
    size_t mark = out->len;
    tpl_status status = tpl_buffer_reserve(out, len);
    size_t at = 0;
    while (at < len && status == TPL_OK) {
        uint32_t code;
        size_t length = tpl__wtf8_next(text + at, len - at, &code);
        if (code == 0 || (tpl__is_surrogate(code) && (code < 0xdc80 || code > 0xdcff))) {
            status = TPL_E_UNSAFE_PATH;
        } else if (tpl__is_surrogate(code)) {
            out->data[out->len++] = (char)(code - 0xdc00);
        } else {
            memcpy(out->data + out->len, text + at, length);
            out->len += length;
        }
        at += length;
    }
    if (status != TPL_OK) {
        out->len = mark;
    }
    return status;
}

static size_t put_unit(char *out, uint32_t unit) {
    static const char DIGITS[] = "0123456789abcdef";
    out[0] = '\\';
    out[1] = 'u';
    for (int i = 0; i < 4; i++) {
        out[2 + i] = DIGITS[unit >> (12 - 4 * i) & 0xf];
    }
    return 6;
}

static char short_escape(uint32_t code) {
    switch (code) {
    case '"':
    case '\\':
        return (char)code;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

size_t tpl__json_escape(char out[TPL__ESCAPE_MAX], uint32_t code) {
    char letter = short_escape(code);
    if (letter != 0) {
        out[0] = '\\';
        out[1] = letter;
        return 2;
    }
    if (code >= 0x20 && code < 0x7f) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x10000) {
        return put_unit(out, code);
    }
    size_t high = put_unit(out, 0xd800 + ((code - 0x10000) >> 10));
    return high + put_unit(out + high, 0xdc00 + ((code - 0x10000) & 0x3ff));
}

/* Bytes at the front of `text` that stand for themselves in a JSON string. */
static size_t plain_run(const char *text, size_t len) {
    size_t run = 0;
    while (len - run >= 8) {
        uint64_t special = tpl__find_special(tpl__load8(text + run));
        if (special != 0) {
            return run + tpl__first_byte(special);
        }
        run += 8;
    }
    while (run < len && text[run] >= 0x20 && text[run] < 0x7f && text[run] != '"' &&
           text[run] != '\\') {
        run++;
    }
    return run;
}

tpl_status tpl_text_append_json(tpl_buffer *out, const char *text, size_t len) {
    size_t mark = out->len;
    tpl_status status = tpl_buffer_append(out, "\"", 1);
    size_t at = 0;
    while (at < len && status == TPL_OK) {
        size_t run = plain_run(text + at, len - at);
        status = tpl_buffer_append(out, text + at, run);
        at += run;
        if (at < len && status == TPL_OK) {
            uint32_t code;
            char escaped[TPL__ESCAPE_MAX];
            at += tpl__wtf8_next(text + at, len - at, &code);
            status = tpl_buffer_append(out, escaped, tpl__json_escape(escaped, code));
        }
    }
    if (status == TPL_OK) {
        status = tpl_buffer_append(out, "\"", 1);
    }
    if (status != TPL_OK) {
        out->len = mark;
    }
    return status;
}

/* Controls, line and paragraph separators, what is not UTF-8: never shown raw. */
static bool is_unprintable(uint32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
           tpl__is_surrogate(code);
}

static bool needs_quotes(const char *text, size_t len) {
    size_t at = 0;
    while (at < len) {
        uint32_t code;
        at += tpl__wtf8_next(text + at, len - at, &code);
        if (is_unprintable(code) || code == '"' || code == '\\') {
            return true;
        }
    }
    return false;
}

static size_t put_octal(char *out, unsigned char byte) {
    const char octal[] = {'\\', (char)('0' + (byte >> 6)), (char)('0' + (byte >> 3 & 7)),
                          (char)('0' + (byte & 7))};
    memcpy(out, octal, sizeof(octal));
    return sizeof(octal);
}

/* A code point of `length` bytes within C quotes: at most four octal escapes. */
static size_t put_quoted(char out[16], uint32_t code, const char *text, size_t length) {
    static const char LETTERS[] = "abtnvfr"; /* U+0007 to U+000D */
    if (code == '"' || code == '\\' || (code >= '\a' && code <= '\r')) {
        out[0] = '\\';
        out[1] = code > '\r' ? (char)code : LETTERS[code - '\a'];
        return 2;
    }
    if (code >= 0xdc80 && code <= 0xdcff) {
        return put_octal(out, (unsigned char)(code - 0xdc00));
    }
    if (!is_unprintable(code)) {
        memcpy(out, text, length);
        return length;
    }
    size_t size = 0;
    for (size_t i = 0; i < length; i++) {
        size += put_octal(out + size, (unsigned char)text[i]);
    }
    return size;
}

tpl_status tpl_text_append_display(tpl_buffer *out, const char *text, size_t len) {
    if (!needs_quotes(text, len)) {
        return tpl_buffer_append(out, text, len);
    }
    size_t mark = out->len;
    tpl_status status = tpl_buffer_append(out, "\"", 1);
    size_t at = 0;
    while (at < len && status == TPL_OK) {
        uint32_t code;
        char quoted[16];
        size_t length = tpl__wtf8_next(text + at, len - at, &code);
        status = tpl_buffer_append(out, quoted, put_quoted(quoted, code, text + at, length));
        at += length;
    }
    if (status == TPL_OK) {
        status = tpl_buffer_append(out, "\"", 1);
    }
    if (status != TPL_OK) {
        out->len = mark;
    }
    return status;
}

/* UTF-16 code units of the rest of a text. */
typedef struct units {
    const char *text;
    size_t left;
    uint32_t low; /* second half of the pair that the last unit began, or 0 */
} units;

static bool next_unit(units *u, uint32_t *unit) {
    if (u->low != 0) {
        *unit = u->low;
        u->low = 0;
        return true;
    }
    if (u->left == 0) {
        return false;
    }
    size_t length = tpl__wtf8_next(u->text, u->left, unit);
    u->text += length;
    u->left -= length;
    if (*unit >= 0x10000) {
        u->low = 0xdc00 + ((*unit - 0x10000) & 0x3ff);
        *unit = 0xd800 + ((*unit - 0x10000) >> 10);
    }
    return true;
}

static int compare_units(units a, units b) {
    for (;;) {
        uint32_t x = 0;
        uint32_t y = 0;
        bool more_a = next_unit(&a, &x);
        bool more_b = next_unit(&b, &y);
        if (!more_a || !more_b) {
            return (int)more_a - (int)more_b;
        }
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
}

int tpl_text_compare(const char *a, size_t a_len, const char *b, size_t b_len) {
    size_t shorter = a_len < b_len ? a_len : b_len;
    size_t i = tpl__common_prefix(a, b, shorter);
    if (i == shorter) {
        return (a_len > b_len) - (a_len < b_len);
    }
    unsigned char x = (unsigned char)a[i];
    unsigned char y = (unsigned char)b[i];
    if ((x >= 0xf0) != (y >= 0xf0)) { /* only pairs sort otherwise than their bytes do */
        return compare_units((units){a + i, a_len - i, 0}, (units){b + i, b_len - i, 0});
    }
    return x < y ? -1 : 1;
}

bool tpl_text_is_inside(const char *text, size_t len) {
    if (len == 0 || text[0] == '/' || memchr(text, '\0', len) != NULL) {
        return false;
    }
    size_t start = 0;
    for (size_t i = 0; i <= len; i++) {
        if (i == len || text[i] == '/') {
            if (i - start == 2 && text[start] == '.' && text[start + 1] == '.') {
                return false;
            }
            start = i + 1;
        }
    }
    return true;
}

/* The next component of a path, from `*at` on, which is moved behind it. */
static size_t next_component(const char *text, size_t len, size_t *at) {
    size_t start = *at;
    const char *slash = start < len ? memchr(text + start, '/', len - start) : NULL;
    size_t end = slash == NULL ? len : (size_t)(slash - text);
    *at = end + 1;
    return end - start;
}

bool tpl_text_link_is_inside(const char *path, size_t len, const char *target, size_t target_len) {
    bool drive = target_len > 1 && target[1] == ':';
    bool share = target_len > 1 && target[0] == '\\' && target[1] == '\\';
    if (target_len == 0 || target[0] == '/' || drive || share) {
        return false;
    }
    size_t depth = 0; /* of directories */
    for (size_t i = 0; i < len; i++) {
        depth += path[i] == '/';
    }
    for (size_t at = 0; at < target_len;) {
        const char *name = target + at;
        size_t size = next_component(target, target_len, &at);
        if (size == 2 && name[0] == '.' && name[1] == '.') {
            if (depth == 0) {
                return false;
            }
            depth--;
        } else if (size > 0 && !(size == 1 && name[0] == '.')) {
            depth++;
        }
    }
    return true;
}
