/* SPDX-License-Identifier: MIT */
/* Text in the making. A failed allocation is kept in `status`, so that only who needs all of it has
 * to ask. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include "tpl/buffer.h"
#include "tpl/status.h"

#if defined(__GNUC__)
#define CLI_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define CLI_PRINTF(fmt, args)
#endif

typedef struct cli_text {
    tpl_buffer bytes;
    tpl_status status;
} cli_text;

#define CLI_TEXT_INIT {TPL_BUFFER_INIT, TPL_OK}

void cli_text_dispose(cli_text *text);

/* Keeps the failure of a part; TPL_OK is none. */
void cli_text_fail(cli_text *text, tpl_status status);

/* The text as a string, valid until it changes; "" when there was no memory for it. */
const char *cli_text_string(cli_text *text);

/* Append: bytes, a string, a formatted string of less than 256 bytes, a WTF-8 path and an
 * operating- system path as a person can read them, the text of an errno in lower case as our
 * messages are. */
void cli_put_bytes(cli_text *text, const void *data, size_t len);
void cli_put(cli_text *text, const char *string);
void cli_put_format(cli_text *text, const char *format, ...) CLI_PRINTF(2, 3);
void cli_put_path(cli_text *text, const char *path, size_t len);
void cli_put_os(cli_text *text, const char *os);
void cli_put_errno(cli_text *text, int sys_errno);

#endif
