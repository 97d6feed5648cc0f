/* SPDX-License-Identifier: MIT */
/* A small writer of JSON documents: one line, ASCII, members in the order they are added. A failed
 * allocation is kept and comes out of cli_json_end(). */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tpl/buffer.h"
#include "tpl/hash.h"
#include "tpl/status.h"

typedef struct cli_json {
    tpl_buffer text;
    tpl_status status;
} cli_json;

#define CLI_JSON_INIT {TPL_BUFFER_INIT, TPL_OK}

/* Starts a document with its `schema` member: "template-cli/<kind>/1". */
void cli_json_begin(cli_json *json, const char *kind);

/* Ends it with a newline; what went wrong since the start. See also cli_out_json(). */
tpl_status cli_json_end(cli_json *json, tpl_error *err);
void cli_json_dispose(cli_json *json);

/* Values. `key` is NULL in arrays. */
void cli_json_text(cli_json *json, const char *key, const char *text, size_t len); /* WTF-8 */
void cli_json_string(cli_json *json, const char *key, const char *text); /* NULL gives null */
void cli_json_os(cli_json *json, const char *key, const char *os);       /* operating-system path */
void cli_json_unsigned(cli_json *json, const char *key, uint64_t value);
void cli_json_signed(cli_json *json, const char *key, int64_t value);
void cli_json_bool(cli_json *json, const char *key, bool value);
void cli_json_null(cli_json *json, const char *key);
void cli_json_hash(cli_json *json, const char *key, tpl_hash128 hash);

/* A value that is JSON text already. */
void cli_json_document(cli_json *json, const char *key, const char *text, size_t len);

void cli_json_object(cli_json *json, const char *key);
void cli_json_object_end(cli_json *json);
void cli_json_array(cli_json *json, const char *key);
void cli_json_array_end(cli_json *json);

/* An array whose items were written to a cli_json of their own. */
void cli_json_items(cli_json *json, const char *key, const cli_json *items);

#endif
