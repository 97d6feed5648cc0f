/* SPDX-License-Identifier: MIT */
/* Prints the entries of a manifest. */
#include "entries.h"

#include <inttypes.h>

#include "platform.h"
#include "text.h"

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

void cli_entries_write(const tpl_manifest *manifest, cli_out *out) {
    cli_text line = CLI_TEXT_INIT;
    for (size_t i = 0; i < tpl_manifest_count(manifest) && out->failed == TPL_OK; i++) {
        row at;
        read_row(&at, manifest, i);
        line.bytes.len = 0;
        cli_put_path(&line, at.hash, at.hash_len);
        cli_put_format(&line, " %" PRIu64 " %" PRId64 " ", at.entry.size, at.entry.mtime);
        cli_put_path(&line, at.entry.path, at.entry.path_len);
        cli_put(&line, "\n");
        (void)cli_out_text(out, &line);
    }
    cli_text_dispose(&line);
}

void cli_entries_member(cli_json *json, const tpl_manifest *manifest) {
    cli_json_array(json, "entries");
    for (size_t i = 0; i < tpl_manifest_count(manifest) && cli_signal_caught() == 0; i++) {
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
