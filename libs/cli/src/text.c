/* SPDX-License-Identifier: MIT */
/* Builds text for people. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tpl/text.h"

void cli_text_fail(cli_text *text, tpl_status status) {
    if (text->status == TPL_OK) {
        text->status = status;
    }
}

void cli_text_dispose(cli_text *text) {
    tpl_buffer_dispose(&text->bytes);
    text->status = TPL_OK;
}

const char *cli_text_string(cli_text *text) {
    tpl_status status = tpl_buffer_append(&text->bytes, "", 1);
    if (status != TPL_OK) {
        cli_text_fail(text, status);
        return "";
    }
    text->bytes.len--;
    return text->bytes.data;
}

void cli_put_bytes(cli_text *text, const void *data, size_t len) {
    cli_text_fail(text, tpl_buffer_append(&text->bytes, data, len));
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
    if (len == 0) {
        cli_put(text, "\"\""); /* else nothing would show that it is empty */
    }
    cli_text_fail(text, tpl_text_append_display(&text->bytes, path, len));
}

void cli_put_os(cli_text *text, const char *os) {
    tpl_buffer path = TPL_BUFFER_INIT;
    cli_text_fail(text, tpl_text_from_os(&path, os, strlen(os)));
    cli_put_path(text, path.len == 0 ? "" : path.data, path.len);
    tpl_buffer_dispose(&path);
}

void cli_put_errno(cli_text *text, int sys_errno) {
    char string[128];
    cli_put(text, tpl_errno_text(sys_errno, string, sizeof(string)));
}
