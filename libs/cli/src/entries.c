/* SPDX-License-Identifier: MIT */
/* Prints the entries of a manifest. */
#include "entries.h"

#include <inttypes.h>

/* An entry with its hash as text. */
typedef struct row {
    tpl_entry entry;
    const char *hash;
    size_t hash_len;
    char digits[TPL_HASH_HEX_LEN + 1];
} row;

static void read_row(row *out, const tpl_manifest *manifest, size_t index) {
    tpl_manifest_entry(manifest, index, &out->entry);
    out->hash = tpl_entry_hash(&out->entry, out->digits, &out->hash_len);
}

void cli_entries_put(cli_text *text, const tpl_manifest *manifest) {
    for (size_t i = 0; i < tpl_manifest_count(manifest); i++) {
        row at;
        read_row(&at, manifest, i);
        cli_put_path(text, at.hash, at.hash_len);
        cli_put_format(text, " %" PRIu64 " %" PRId64 " ", at.entry.size, at.entry.mtime);
        cli_put_path(text, at.entry.path, at.entry.path_len);
        cli_put(text, "\n");
    }
}

void cli_entries_member(cli_json *json, const tpl_manifest *manifest) {
    cli_json_array(json, "entries");
    for (size_t i = 0; i < tpl_manifest_count(manifest); i++) {
        row at;
        read_row(&at, manifest, i);
        cli_json_object(json, NULL);
        cli_json_text(json, "path", at.entry.path, at.entry.path_len);
        cli_json_text(json, "hash", at.hash, at.hash_len);
        cli_json_unsigned(json, "size", at.entry.size);
        cli_json_signed(json, "mtime", at.entry.mtime);
        cli_json_object_end(json);
    }
    cli_json_array_end(json);
}
