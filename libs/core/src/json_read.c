/* SPDX-License-Identifier: MIT */
/* The JSON scanner. Positions of problems are those that Python's json module reports. */
#include "json_read.h"

#include <assert.h>
#include <string.h>

#include "fail.h"
#include "swar.h"
#include "wtf8.h"

#define BYTES_PER_POLL ((ptrdiff_t)1 << 18)

static void ask_later(tpl__json *json, const char *at) {
    json->ask_at = json->end - at > BYTES_PER_POLL ? at + BYTES_PER_POLL : json->end;
}

void tpl__json_init(tpl__json *json, const char *data, size_t len) {
    *json = (tpl__json){.start = data, .end = data + len, .at = data};
    ask_later(json, data);
}

/* Whether there is text behind `at`: none for a caller who wants no more. Inlined, it would slow
 * the loops. */
__attribute__((noinline)) static bool ask(tpl__json *json, const char *at) {
    if (at < json->end && json->poll != NULL && tpl__poll_stops(json->poll)) {
        json->end = at;
    }
    ask_later(json, at);
    return at < json->end;
}

static bool is_stopped(const tpl__json *json) {
    return json->poll != NULL && json->poll->stopped;
}

/* Whether there is text at `at`, for loops that may be long. */
static inline bool is_left(tpl__json *json, const char *at) {
    return at < json->ask_at || ask(json, at);
}

static bool fail_at(tpl__json *json, const char *at, const char *problem) {
    json->problem = problem;
    json->problem_at = at;
    return false;
}

static void skip_blanks(tpl__json *json) {
    while (is_left(json, json->at) &&
           (*json->at == ' ' || *json->at == '\n' || *json->at == '\r' || *json->at == '\t')) {
        json->at++;
    }
}

static bool at_char(const tpl__json *json, char c) {
    return json->at < json->end && *json->at == c;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Four hex digits of either case; false when there are none. */
static bool read_unit(const char *text, const char *end, uint32_t *unit) {
    if (end - text < 4) {
        return false;
    }
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        char c = text[i];
        uint32_t digit = is_digit(c)              ? (uint32_t)(c - '0')
                         : (c >= 'a' && c <= 'f') ? (uint32_t)(c - 'a' + 10)
                         : (c >= 'A' && c <= 'F') ? (uint32_t)(c - 'A' + 10)
                                                  : 16;
        if (digit > 15) {
            return false;
        }
        value = value << 4 | digit;
    }
    *unit = value;
    return true;
}

/* Takes an escape apart, `text` at its backslash, which is not the last byte: its length in the
 * text, 0 when it is none. Two escapes that make a surrogate pair are one. */
static size_t read_escape(const char *text, const char *end, uint32_t *code) {
    static const char LETTERS[] = "\"\\/bfnrt";
    static const char MEANINGS[] = "\"\\/\b\f\n\r\t";
    assert(end - text >= 2);
    if (text[1] != 'u') {
        const char *letter = text[1] == '\0' ? NULL : strchr(LETTERS, text[1]);
        *code = letter == NULL ? 0 : (uint32_t)MEANINGS[letter - LETTERS];
        return letter == NULL ? 0 : 2;
    }
    uint32_t low;
    if (!read_unit(text + 2, end, code)) {
        return 0;
    }
    if (*code >= 0xd800 && *code < 0xdc00 && end - text > 8 && text[6] == '\\' && text[7] == 'u' &&
        read_unit(text + 8, end, &low) && low >= 0xdc00 && low < 0xe000) {
        *code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
        return 12;
    }
    return 6;
}

/* The first byte of a string's rest that is not plain ASCII text. */
static const char *skip_plain(const char *at, const char *end) {
    while (end - at >= 8) {
        uint64_t special = tpl__find_special(tpl__load8(at));
        if (special != 0) {
            return at + tpl__first_byte(special);
        }
        at += 8;
    }
    while (at < end && *at >= 0x20 && *at < 0x7f && *at != '"' && *at != '\\') {
        at++;
    }
    return at;
}

/* One character of a string that is not plain; its length in the text, 0 at a problem. */
static size_t scan_special(tpl__json *json, const char *at, tpl__json_value *out) {
    if (*at == '\\') {
        uint32_t code;
        char text[4];
        size_t length = read_escape(at, json->end, &code);
        if (length == 0) {
            bool unit = at[1] == 'u';
            fail_at(json, unit ? at + 1 : at, unit ? "bad \\u escape" : "bad escape");
            return 0;
        }
        out->escaped = true;
        out->len -= length - tpl__wtf8_put(text, code);
        return length;
    }
    size_t length = (unsigned char)*at < 0x20 ? 0 : tpl__utf8_length(at, (size_t)(json->end - at));
    if (length == 0) {
        fail_at(json, at,
                (unsigned char)*at < 0x20 ? "control character in a string" : "not UTF-8");
    }
    return length;
}

static bool read_string(tpl__json *json, tpl__json_value *out) {
    const char *span = json->at + 1;
    const char *at = span;
    *out = (tpl__json_value){.kind = TPL__JSON_STRING, .span = span};
    while (is_left(json, at)) {
        at = skip_plain(at, json->ask_at);
        if (at == json->ask_at) {
            continue;
        }
        if (*at == '"') {
            out->span_len = (size_t)(at - span);
            out->len += out->span_len; /* modulo 2^n: it held what escapes save, negated */
            json->at = at + 1;
            return true;
        }
        if (*at == '\\' && json->end - at == 1) {
            break;
        }
        size_t length = scan_special(json, at, out);
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return fail_at(json, json->at, "string without an end");
}

/* Behind the digits before it: a fraction and an exponent, as far as they are complete. */
static bool skip_fraction_and_exponent(tpl__json *json) {
    const char *before = json->at;
    if (json->end - json->at > 1 && *json->at == '.' && is_digit(json->at[1])) {
        for (json->at++; is_left(json, json->at) && is_digit(*json->at); json->at++) {
        }
    }
    const char *at = json->at;
    if (at < json->end && (*at == 'e' || *at == 'E')) {
        at++;
        at += at < json->end && (*at == '+' || *at == '-');
        if (at < json->end && is_digit(*at)) {
            for (; is_left(json, at) && is_digit(*at); at++) {
            }
            json->at = at;
        }
    }
    return json->at != before;
}

/* `at` is the first digit, behind the sign if there is one. */
static bool read_number(tpl__json *json, const char *at, tpl__json_value *out) {
    *out = (tpl__json_value){.kind = TPL__JSON_INTEGER, .negative = at > json->at};
    if (*at == '0') {
        at++;
    } else {
        for (; is_left(json, at) && is_digit(*at); at++) {
            uint64_t digit = (uint64_t)(*at - '0');
            out->huge = out->huge || out->magnitude > (UINT64_MAX - digit) / 10;
            out->magnitude = out->magnitude * 10 + digit;
        }
    }
    json->at = at;
    if (skip_fraction_and_exponent(json)) {
        out->kind = TPL__JSON_NUMBER;
    }
    return true;
}

static bool take_word(tpl__json *json, const char *word, tpl__json_kind kind,
                      tpl__json_value *out) {
    size_t len = strlen(word);
    if ((size_t)(json->end - json->at) < len || memcmp(json->at, word, len) != 0) {
        return false;
    }
    json->at += len;
    *out = (tpl__json_value){.kind = kind, .magnitude = *word == 't'};
    return true;
}

static bool fail_without_value(tpl__json *json) {
    static const char mark[] = {'\xef', '\xbb', '\xbf'};
    bool marked = json->at == json->start && (size_t)(json->end - json->at) >= sizeof(mark) &&
                  memcmp(json->at, mark, sizeof(mark)) == 0;
    return fail_at(json, json->at, marked ? "byte order mark" : "expected a value");
}

/* Any value that is no container. */
static bool read_scalar(tpl__json *json, tpl__json_value *out) {
    if (at_char(json, '"')) {
        return read_string(json, out);
    }
    const char *digit = json->at + at_char(json, '-');
    if (digit < json->end && is_digit(*digit)) {
        return read_number(json, digit, out);
    }
    if (take_word(json, "null", TPL__JSON_NULL, out) ||
        take_word(json, "true", TPL__JSON_BOOL, out) ||
        take_word(json, "false", TPL__JSON_BOOL, out) ||
        take_word(json, "NaN", TPL__JSON_NUMBER, out) ||
        take_word(json, "Infinity", TPL__JSON_NUMBER, out) ||
        take_word(json, "-Infinity", TPL__JSON_NUMBER, out)) {
        return true;
    }
    return fail_without_value(json);
}

bool tpl__json_open(tpl__json *json, char bracket) {
    skip_blanks(json);
    if (!at_char(json, bracket)) {
        return false;
    }
    json->at++;
    return true;
}

void tpl__json_first(tpl__json *json, char close, bool *more) {
    skip_blanks(json);
    *more = !at_char(json, close);
    json->at += !*more;
}

bool tpl__json_next(tpl__json *json, char close, bool *more) {
    skip_blanks(json);
    *more = at_char(json, ',');
    if (!*more && !at_char(json, close)) {
        return fail_at(json, json->at,
                       close == '}' ? "expected ',' or '}'" : "expected ',' or ']'");
    }
    json->at++;
    return true;
}

bool tpl__json_name(tpl__json *json, tpl__json_value *name) {
    skip_blanks(json);
    if (!at_char(json, '"')) {
        return fail_at(json, json->at, "expected a member name in double quotes");
    }
    if (!read_string(json, name)) {
        return false;
    }
    skip_blanks(json);
    if (!at_char(json, ':')) {
        return fail_at(json, json->at, "expected ':'");
    }
    json->at++;
    return true;
}

/* The kinds of the containers around the place of reading, one bit each. */
typedef struct nesting {
    size_t depth;
    unsigned char objects[TPL__JSON_DEPTH_MAX / 8];
} nesting;

static char closing(const nesting *n) {
    assert(n->depth > 0);
    size_t top = n->depth - 1;
    return (n->objects[top / 8] >> top % 8 & 1) != 0 ? '}' : ']';
}

static void enter(nesting *n, bool object) {
    assert(n->depth < TPL__JSON_DEPTH_MAX);
    unsigned char bit = (unsigned char)(1u << n->depth % 8);
    unsigned char *byte = &n->objects[n->depth / 8];
    *byte = (unsigned char)(object ? *byte | bit : *byte & ~bit);
    n->depth++;
}

/* From an opening bracket to behind its closing one, without recursion. */
static bool skip_container(tpl__json *json) {
    nesting n = {.depth = 0};
    do {
        tpl__json_value value;
        bool more = true;
        skip_blanks(json);
        if (at_char(json, '{') || at_char(json, '[')) {
            if (n.depth == TPL__JSON_DEPTH_MAX) {
                return fail_at(json, json->at, "nested too deeply");
            }
            enter(&n, *json->at++ == '{');
            tpl__json_first(json, closing(&n), &more);
        } else if (!read_scalar(json, &value) || !tpl__json_next(json, closing(&n), &more)) {
            return false;
        }
        while (!more && --n.depth > 0) {
            if (!tpl__json_next(json, closing(&n), &more)) {
                return false;
            }
        }
        if (n.depth > 0 && closing(&n) == '}' && !tpl__json_name(json, &value)) {
            return false;
        }
    } while (n.depth > 0);
    return true;
}

bool tpl__json_value_read(tpl__json *json, tpl__json_value *out) {
    skip_blanks(json);
    if (at_char(json, '{') || at_char(json, '[')) {
        *out = (tpl__json_value){.kind = *json->at == '{' ? TPL__JSON_OBJECT : TPL__JSON_ARRAY};
        return skip_container(json);
    }
    return read_scalar(json, out);
}

bool tpl__json_end(tpl__json *json) {
    skip_blanks(json);
    return (json->at == json->end && !is_stopped(json)) ||
           fail_at(json, json->at, "text after the document");
}

void tpl__json_text(const tpl__json_value *value, char *out) {
    if (!value->escaped) {
        if (value->len > 0) {
            memcpy(out, value->span, value->len);
        }
        return;
    }
    const char *at = value->span;
    const char *end = at + value->span_len;
    while (at < end) {
        if (*at == '\\') {
            uint32_t code = 0;
            at += read_escape(at, end, &code);
            out += tpl__wtf8_put(out, code);
        } else {
            *out++ = *at++;
        }
    }
}

bool tpl__json_text_is(const tpl__json_value *value, const char *text, size_t len) {
    if (value->len != len) {
        return false;
    }
    if (!value->escaped) {
        return memcmp(value->span, text, len) == 0;
    }
    const char *at = value->span;
    const char *end = at + value->span_len;
    for (size_t i = 0; i < len; i++) {
        uint32_t code = (unsigned char)*at;
        at += *at == '\\' ? read_escape(at, end, &code) : 1;
        if (code != (unsigned char)text[i]) {
            return false;
        }
    }
    return true;
}

tpl_status tpl__json_fail(tpl__json *json, tpl_error *err) {
    size_t line = 1;
    size_t column = 1;
    ask_later(json, json->start);
    for (const char *at = json->start; at < json->problem_at && is_left(json, at); at++) {
        if (*at == '\n') {
            line++;
            column = 1;
        } else {
            column += ((unsigned char)*at & 0xc0) != 0x80;
        }
    }
    return is_stopped(json) ? tpl__fail_cancelled(err)
                            : tpl__fail(err, TPL_E_SYNTAX, "%s at line %zu column %zu",
                                        json->problem, line, column);
}
