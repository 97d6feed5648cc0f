/* SPDX-License-Identifier: MIT */
/* The table of hostile manifests, tests/data/hostile/manifests.txt, which says itself how it is
 * written: the library comes to the verdicts that stand there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "codec.h"
#include "mem.h"
#include "scratch.h"
#include "tpl/verify.h"

#define TABLE "hostile/manifests.txt"
#define PIECES_MAX 32
#define CASES_MIN 400

typedef struct span {
    const char *data;
    size_t len;
} span;

typedef struct table {
    span rest; /* lines not read yet */
    span frame;
    span names[PIECES_MAX];
    span pieces[PIECES_MAX];
    size_t piece_count;
    size_t cases;
    size_t wrong;
    tpl_buffer slot; /* the text of the case, for the frame's %@ */
} table;

static span between(const char *start, const char *end) {
    return (span){start, (size_t)(end - start)};
}

static void put(tpl_buffer *out, const char *data, size_t len) {
    assert_int_equal(tpl_buffer_append(out, data, len), TPL_OK);
}

static span take_line(span *rest) {
    const char *end = memchr(rest->data, '\n', rest->len);
    end = end == NULL ? rest->data + rest->len : end;
    span line = between(rest->data, end);
    size_t taken = line.len < rest->len ? line.len + 1 : line.len;
    *rest = (span){rest->data + taken, rest->len - taken};
    return line;
}

static const char *find(span text, char c) {
    const char *found = memchr(text.data, c, text.len);
    assert_non_null(found);
    return found;
}

/* --- what a text stands for --- */

static const char *expand(tpl_buffer *out, const table *t, span text, size_t number);

static void expand_piece(tpl_buffer *out, const table *t, span name) {
    for (size_t i = 0; i < t->piece_count; i++) {
        if (t->names[i].len == name.len && memcmp(t->names[i].data, name.data, name.len) == 0) {
            expand(out, t, t->pieces[i], 0);
            return;
        }
    }
    fail_msg("no piece is called %.*s", (int)name.len, name.data);
}

/* `text` begins behind "%(": how often, a star, what, and the bracket that closes. Says where. */
static const char *expand_times(tpl_buffer *out, const table *t, span text) {
    char *star;
    unsigned long times = strtoul(text.data, &star, 10);
    assert_int_equal(*star, '*');
    span what = between(star + 1, text.data + text.len);
    const char *close = NULL;
    for (unsigned long i = 0; i < times || close == NULL; i++) {
        size_t before = out->len;
        close = expand(out, t, what, i);
        out->len = times == 0 ? before : out->len;
    }
    assert_true(close < text.data + text.len && *close == ')');
    return close + 1;
}

static const char *expand_byte(tpl_buffer *out, const char *at) {
    char digits[3] = {at[0], at[1], '\0'};
    char *end;
    char byte = (char)strtoul(digits, &end, 16);
    assert_ptr_equal(end, digits + 2);
    put(out, &byte, 1);
    return at + 2;
}

/* What is behind a per cent sign. */
static const char *expand_special(tpl_buffer *out, const table *t, span text, size_t number) {
    char digits[24];
    assert_true(text.len > 0);
    switch (*text.data) {
    case '@':
        put(out, t->slot.data, t->slot.len);
        return text.data + 1;
    case '#':
        put(out, digits, (size_t)snprintf(digits, sizeof(digits), "%zu", number));
        return text.data + 1;
    case '{': {
        const char *close = find(text, '}');
        expand_piece(out, t, between(text.data + 1, close));
        return close + 1;
    }
    case '(':
        return expand_times(out, t, (span){text.data + 1, text.len - 1});
    default:
        assert_true(text.len > 1);
        return expand_byte(out, text.data);
    }
}

/* Appends the bytes up to the end, or up to a bracket that closes; says where that is. */
static const char *expand(tpl_buffer *out, const table *t, span text, size_t number) {
    const char *at = text.data;
    const char *end = text.data + text.len;
    while (at < end && *at != ')') {
        if (*at == '%') {
            at = expand_special(out, t, between(at + 1, end), number);
            continue;
        }
        const char *from = at;
        while (at < end && *at != '%' && *at != ')') {
            at++;
        }
        put(out, from, (size_t)(at - from));
    }
    return at;
}

/* A bracket outside of "%(" stands for itself. */
static void expand_all(tpl_buffer *out, const table *t, span text) {
    const char *end = text.data + text.len;
    for (const char *at = expand(out, t, text, 0); at < end;) {
        put(out, ")", 1);
        at = expand(out, t, between(at + 1, end), 0);
    }
}

/* --- what becomes of it --- */

static void judge_tree(char *verdict, size_t size, const tpl_manifest *manifest) {
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    tpl_verification *found = NULL;
    tpl_error err = TPL_ERROR_INIT;
    options.run.jobs = 1;
    tpl_status status = tpl_verify(&found, manifest, "tree", &options, &err);
    assert_true((found == NULL) == (status != TPL_OK));
    if (status != TPL_OK) {
        snprintf(verdict, size, " %s %s", tpl_status_name(status), err.message);
    }
    tpl_error_dispose(&err);
    tpl_verification_free(found);
}

static void judge(char *verdict, size_t size, const tpl_buffer *text) {
    tpl_manifest *manifest = NULL;
    tpl_error err = TPL_ERROR_INIT;
    char *exact = tpl__alloc(text->len); /* so that a read past the end is noticed */
    assert_true(exact != NULL || text->len == 0);
    if (text->len > 0) {
        memcpy(exact, text->data, text->len);
    }
    tpl_status status = tpl_manifest_decode(&manifest, exact, text->len, NULL, &err);
    tpl__free(exact);
    assert_true((manifest == NULL) == (status != TPL_OK));
    if (status != TPL_OK) {
        snprintf(verdict, size, "%s %s", tpl_status_name(status), err.message);
    } else {
        tpl_hash128 hash;
        char hex[TPL_HASH_HEX_LEN + 1];
        assert_int_equal(tpl_manifest_fingerprint(manifest, &hash, NULL, NULL, NULL), TPL_OK);
        tpl_hash128_to_hex(hash, hex);
        int len = snprintf(verdict, size, "taken %zu %s", tpl_manifest_count(manifest), hex);
        judge_tree(verdict + len, size - (size_t)len, manifest);
    }
    tpl_error_dispose(&err);
    tpl_manifest_free(manifest);
}

static void run_case(table *t, span name, span text) {
    char verdict[512];
    tpl_buffer document = TPL_BUFFER_INIT;
    t->slot.len = 0;
    expand_all(&t->slot, t, text);
    expand_all(&document, t, t->frame);
    judge(verdict, sizeof(verdict), &document);
    tpl_buffer_dispose(&document);
    span wanted = take_line(&t->rest);
    assert_true(wanted.len > 0 && wanted.data[0] == '\t');
    t->cases++;
    if (strlen(verdict) != wanted.len - 1 ||
        memcmp(verdict, wanted.data + 1, wanted.len - 1) != 0) {
        t->wrong++;
        print_error("%.*s: %s, not %.*s\n", (int)name.len, name.data, verdict, (int)wanted.len - 1,
                    wanted.data + 1);
    }
}

static void define_piece(table *t, span line) {
    const char *close = find(line, '}');
    assert_true(t->piece_count < PIECES_MAX);
    t->names[t->piece_count] = between(line.data + 2, close);
    t->pieces[t->piece_count++] = between(close + 2, line.data + line.len);
}

static void every_verdict_is_the_one_in_the_table(void **state) {
    (void)state;
    table t = {.slot = TPL_BUFFER_INIT};
    tpl_buffer file = TPL_BUFFER_INIT;
    scratch_directory("tree");
    read_data(&file, TABLE);
    put(&file, "", 1); /* strtoul() ends somewhere */
    t.rest = (span){file.data, file.len - 1};
    while (t.rest.len > 0) {
        span line = take_line(&t.rest);
        if (line.len > 1 && line.data[0] == '%' && line.data[1] == '{') {
            define_piece(&t, line);
        } else if (line.len > 0 && line.data[0] == '[') {
            t.frame = between(find(line, ']') + 2, line.data + line.len);
        } else if (line.len > 0 && line.data[0] != '#') {
            const char *tab = find(line, '\t');
            run_case(&t, between(line.data, tab), between(tab + 1, line.data + line.len));
        }
    }
    assert_true(t.cases >= CASES_MIN);
    assert_int_equal(t.wrong, 0);
    tpl_buffer_dispose(&t.slot);
    tpl_buffer_dispose(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(every_verdict_is_the_one_in_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
