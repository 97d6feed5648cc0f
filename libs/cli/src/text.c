/* SPDX-License-Identifier: MIT */
/* Builds text for people. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tpl/text.h"

static void keep(cli_text *text, tpl_status status) {
    if (text->status == TPL_OK) {
        text->status = status;
    }
}

void cli_text_dispose(cli_text *text) {
    tpl_buffer_dispose(&text->bytes);
    text->status = TPL_OK;
}

const char *cli_text_string(cli_text *text) {
    if (tpl_buffer_append(&text->bytes, "", 1) != TPL_OK) {
        return "";
    }
    text->bytes.len--;
    return text->bytes.data;
}

void cli_put_bytes(cli_text *text, const void *data, size_t len) {
    keep(text, tpl_buffer_append(&text->bytes, data, len));
}

void cli_put(cli_text *text, const char *string) {
    cli_put_bytes(text, string, strlen(string));
}

void cli_put_format(cli_text *text, const char *format, ...) {
    char string[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(string, sizeof(string), format, args);
    va_end(args);
    cli_put(text, string);
}

void cli_put_path(cli_text *text, const char *path, size_t len) {
    keep(text, tpl_text_append_display(&text->bytes, path, len));
}

void cli_put_os(cli_text *text, const char *os) {
    tpl_buffer path = TPL_BUFFER_INIT;
    keep(text, tpl_text_from_os(&path, os, strlen(os)));
    cli_put_path(text, path.len == 0 ? "" : path.data, path.len);
    tpl_buffer_dispose(&path);
}

void cli_put_errno(cli_text *text, int sys_errno) {
    char string[128];
    (void)snprintf(string, sizeof(string), "%s", strerror(sys_errno));
    if (string[0] >= 'A' && string[0] <= 'Z' && string[1] >= 'a' && string[1] <= 'z') {
        string[0] = (char)(string[0] - 'A' + 'a');
    }
    cli_put(text, string);
}
