/* SPDX-License-Identifier: MIT */
/* JSON documents, written straight into a buffer. */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "report.h"
#include "tpl/text.h"

static void keep(cli_json *json, tpl_status status) {
    if (json->status == TPL_OK) {
        json->status = status;
    }
}

static void put(cli_json *json, const char *text) {
    keep(json, tpl_buffer_append(&json->text, text, strlen(text)));
}

static void start_value(cli_json *json, const char *key) {
    char last = json->text.len == 0 ? '{' : json->text.data[json->text.len - 1];
    if (last != '{' && last != '[') {
        put(json, ",");
    }
    if (key != NULL) {
        put(json, "\"");
        put(json, key);
        put(json, "\":");
    }
}

static void put_value(cli_json *json, const char *key, const char *value) {
    start_value(json, key);
    put(json, value);
}

void cli_json_begin(cli_json *json, const char *kind) {
    put(json, "{\"schema\":\"" CLI_NAME "/");
    put(json, kind);
    put(json, "/1\"");
}

tpl_status cli_json_end(cli_json *json, tpl_error *err) {
    put(json, "}\n");
    return json->status == TPL_OK ? TPL_OK : cli_error(err, json->status);
}

void cli_json_dispose(cli_json *json) {
    tpl_buffer_dispose(&json->text);
    json->status = TPL_OK;
}

void cli_json_text(cli_json *json, const char *key, const char *text, size_t len) {
    start_value(json, key);
    keep(json, tpl_text_append_json(&json->text, text, len));
}

void cli_json_string(cli_json *json, const char *key, const char *text) {
    if (text == NULL) {
        cli_json_null(json, key);
    } else {
        cli_json_text(json, key, text, strlen(text));
    }
}

void cli_json_os(cli_json *json, const char *key, const char *os) {
    tpl_buffer text = TPL_BUFFER_INIT;
    keep(json, tpl_text_from_os(&text, os, strlen(os)));
    cli_json_text(json, key, text.len == 0 ? "" : text.data, text.len);
    tpl_buffer_dispose(&text);
}

void cli_json_unsigned(cli_json *json, const char *key, uint64_t value) {
    char digits[24];
    (void)snprintf(digits, sizeof(digits), "%" PRIu64, value);
    put_value(json, key, digits);
}

void cli_json_signed(cli_json *json, const char *key, int64_t value) {
    char digits[24];
    (void)snprintf(digits, sizeof(digits), "%" PRId64, value);
    put_value(json, key, digits);
}

void cli_json_bool(cli_json *json, const char *key, bool value) {
    put_value(json, key, value ? "true" : "false");
}

void cli_json_null(cli_json *json, const char *key) {
    put_value(json, key, "null");
}

void cli_json_hash(cli_json *json, const char *key, tpl_hash128 hash) {
    char hex[TPL_HASH_HEX_LEN + 1];
    tpl_hash128_to_hex(hash, hex);
    cli_json_text(json, key, hex, TPL_HASH_HEX_LEN);
}

void cli_json_document(cli_json *json, const char *key, const char *text, size_t len) {
    start_value(json, key);
    keep(json, tpl_buffer_append(&json->text, text, len));
}

void cli_json_object(cli_json *json, const char *key) {
    put_value(json, key, "{");
}

void cli_json_object_end(cli_json *json) {
    put(json, "}");
}

void cli_json_array(cli_json *json, const char *key) {
    put_value(json, key, "[");
}

void cli_json_array_end(cli_json *json) {
    put(json, "]");
}

void cli_json_items(cli_json *json, const char *key, const cli_json *items) {
    keep(json, items->status);
    cli_json_array(json, key);
    keep(json, tpl_buffer_append(&json->text, items->text.data, items->text.len));
    cli_json_array_end(json);
}
