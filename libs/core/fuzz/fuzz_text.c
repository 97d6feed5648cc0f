/* SPDX-License-Identifier: MIT */
/* Path text: two operating-system names, a line each, there and back, as JSON and for a person. */
#include <string.h>

#include "fuzz.h"
#include "json_read.h"
#include "tpl/text.h"

static bool holds_nul(fuzz_text text) {
    return text.len > 0 && memchr(text.data, '\0', text.len) != NULL;
}

static void check_there_and_back(const tpl_buffer *text, fuzz_text os) {
    tpl_buffer back = TPL_BUFFER_INIT;
    tpl_status status = tpl_text_to_os(&back, text->data, text->len);
    MUST(status == (holds_nul(os) ? TPL_E_UNSAFE_PATH : TPL_OK));
    if (status == TPL_OK) {
        MUST(back.len == os.len && (os.len == 0 || memcmp(back.data, os.data, os.len) == 0));
    }
    tpl_buffer_dispose(&back);
}

/* Printable ASCII between quotes, and read again it is the same text. */
static void check_json(const tpl_buffer *text) {
    tpl_buffer json = TPL_BUFFER_INIT;
    MUST(tpl_text_append_json(&json, text->data, text->len) == TPL_OK);
    for (size_t i = 0; i < json.len; i++) {
        MUST(json.data[i] >= 0x20 && json.data[i] < 0x7f);
    }
    tpl__json reader;
    tpl__json_value value;
    tpl__json_init(&reader, json.data, json.len);
    MUST(tpl__json_value_read(&reader, &value) && tpl__json_end(&reader));
    MUST(value.kind == TPL__JSON_STRING && value.len == text->len);
    char *read = malloc(value.len + 1);
    MUST(read != NULL);
    tpl__json_text(&value, read);
    MUST(text->len == 0 || memcmp(read, text->data, text->len) == 0);
    free(read);
    tpl_buffer_dispose(&json);
}

static void check_display(const tpl_buffer *text) {
    tpl_buffer shown = TPL_BUFFER_INIT;
    MUST(tpl_text_append_display(&shown, text->data, text->len) == TPL_OK);
    for (size_t i = 0; i < shown.len; i++) {
        unsigned char c = (unsigned char)shown.data[i];
        MUST(c >= 0x20 && c != 0x7f);
    }
    bool quoted = shown.len > 0 && shown.data[0] == '"';
    MUST(quoted || (shown.len == text->len &&
                    (text->len == 0 || memcmp(shown.data, text->data, text->len) == 0)));
    tpl_buffer_dispose(&shown);
}

static void check_inside(const tpl_buffer *text) {
    bool inside = text->len > 0 && text->data[0] != '/' && memchr(text->data, 0, text->len) == NULL;
    for (size_t start = 0, i = 0; inside && i <= text->len; i++) {
        if (i == text->len || text->data[i] == '/') {
            inside = i - start != 2 || memcmp(text->data + start, "..", 2) != 0;
            start = i + 1;
        }
    }
    MUST(tpl_text_is_inside(text->data, text->len) == inside);
}

static void check_order(const tpl_buffer *a, const tpl_buffer *b) {
    int there = tpl_text_compare(a->data, a->len, b->data, b->len);
    int back = tpl_text_compare(b->data, b->len, a->data, a->len);
    bool same = a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
    MUST((there == 0) == same && (back == 0) == same && (there < 0) == (back > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_text input = {(const char *)data, size};
    fuzz_text lines[2];
    tpl_buffer texts[2] = {TPL_BUFFER_INIT, TPL_BUFFER_INIT};
    lines[0] = fuzz_line(&input);
    lines[1] = input;
    for (int i = 0; i < 2; i++) {
        MUST(tpl_text_from_os(&texts[i], lines[i].data, lines[i].len) == TPL_OK);
        MUST(tpl_buffer_reserve(&texts[i], 1) == TPL_OK); /* no NULL for what is empty */
        check_there_and_back(&texts[i], lines[i]);
        check_json(&texts[i]);
        check_display(&texts[i]);
        check_inside(&texts[i]);
    }
    check_order(&texts[0], &texts[1]);
    tpl_buffer_dispose(&texts[0]);
    tpl_buffer_dispose(&texts[1]);
    return 0;
}
