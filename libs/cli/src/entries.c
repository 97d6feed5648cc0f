/* SPDX-License-Identifier: MIT */
/* Prints the entries of a manifest. */
#include "entries.h"

#include <inttypes.h>
#include <string.h>

#include "platform.h"
#include "text.h"

/* Entry `index` of all there are, directories behind the others; its hash as text. */
typedef struct row {
    tpl_entry entry;
    const char *hash;
    size_t hash_len;
    char digits[TPL_HASH_HEX_LEN + 1];
} row;

static size_t count_rows(const tpl_manifest *manifest) {
    return tpl_manifest_count(manifest) + tpl_manifest_directory_count(manifest);
}

static void read_row(row *out, const tpl_manifest *manifest, size_t index) {
    size_t files = tpl_manifest_count(manifest);
    if (index < files) {
        tpl_manifest_entry(manifest, index, &out->entry);
    } else {
        tpl_manifest_directory(manifest, index - files, &out->entry);
    }
    out->hash = tpl_entry_hash(&out->entry, out->digits, &out->hash_len);
}

/* What stands where a file has its hash. */
static void put_first(cli_text *line, const row *at) {
    if (at->entry.deleted) {
        cli_put(line, "deleted");
    } else if (at->entry.kind == TPL_KIND_CHUNKED) {
        cli_put(line, "chunked");
    } else if (at->entry.kind == TPL_KIND_FILE) {
        cli_put_path(line, at->hash, at->hash_len);
    } else {
        cli_put(line, tpl_kind_word(at->entry.kind));
    }
}

void cli_entries_write(const tpl_manifest *manifest, cli_out *out) {
    cli_text line = CLI_TEXT_INIT;
    for (size_t i = 0; i < count_rows(manifest) && out->failed == TPL_OK; i++) {
        row at;
        read_row(&at, manifest, i);
        line.bytes.len = 0;
        put_first(&line, &at);
        cli_put_format(&line, " %" PRIu64 " %" PRId64 " ", at.entry.size, at.entry.mtime);
        cli_put_path(&line, at.entry.path, at.entry.path_len);
        if (at.entry.kind == TPL_KIND_DIRECTORY) {
            cli_put(&line, "/");
        } else if (at.entry.kind == TPL_KIND_SYMLINK) {
            cli_put(&line, " -> ");
            cli_put_path(&line, at.entry.hash_text, at.entry.hash_text_len);
        } else if (at.entry.runnable) {
            cli_put(&line, "*");
        }
        cli_put(&line, "\n");
        (void)cli_out_text(out, &line);
    }
    cli_text_dispose(&line);
}

static void put_chunks(cli_json *json, const tpl_entry *entry) {
    const char *text = entry->hash_text;
    size_t left = entry->hash_text_len;
    cli_json_array(json, "chunkHashes");
    for (;;) {
        const char *comma = memchr(text, ',', left);
        size_t one = comma == NULL ? left : (size_t)(comma - text);
        cli_json_text(json, NULL, text, one);
        if (comma == NULL) {
            break;
        }
        text += one + 1;
        left -= one + 1;
    }
    cli_json_array_end(json);
}

static void put_hash(cli_json *json, const row *at) {
    bool has_one = at->entry.kind == TPL_KIND_FILE && !at->entry.deleted;
    if (has_one) {
        cli_json_text(json, "hash", at->hash, at->hash_len);
    } else {
        cli_json_null(json, "hash");
    }
}

/* What only the entries of 2025-12-04-beta have. */
static void put_attributes(cli_json *json, const tpl_entry *entry) {
    cli_json_string(json, "type", tpl_kind_word(entry->kind));
    cli_json_bool(json, "runnable", entry->runnable);
    cli_json_bool(json, "deleted", entry->deleted);
    if (entry->kind == TPL_KIND_SYMLINK) {
        cli_json_text(json, "target", entry->hash_text, entry->hash_text_len);
    } else if (entry->kind == TPL_KIND_CHUNKED) {
        put_chunks(json, entry);
    }
}

void cli_entries_member(cli_json *json, const tpl_manifest *manifest) {
    bool beta = tpl_manifest_format(manifest) == TPL_FORMAT_2025_12_04_BETA;
    cli_json_array(json, "entries");
    for (size_t i = 0; i < count_rows(manifest) && cli_signal_caught() == 0; i++) {
        row at;
        read_row(&at, manifest, i);
        cli_json_object(json, NULL);
        cli_json_text(json, "path", at.entry.path, at.entry.path_len);
        put_hash(json, &at);
        cli_json_unsigned(json, "size", at.entry.size);
        cli_json_signed(json, "mtime", at.entry.mtime);
        if (beta) {
            put_attributes(json, &at.entry);
        }
        cli_json_object_end(json);
    }
    cli_json_array_end(json);
}
