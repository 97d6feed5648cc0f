/* SPDX-License-Identifier: MIT */
/* What a submission holds, its manifests, and the payload that it makes. */
#include "submission.h"

#include <string.h>

#include "fail.h"
#include "mem.h"
#include "relay.h"
#include "tpl/hash.h"
#include "tpl/text.h"
#include "tree.h"

void tpl_submission_free(tpl_submission *submission) {
    if (submission == NULL) {
        return;
    }
    for (size_t i = 0; i < submission->count; i++) {
        for (int role = 0; role < TPL__ROLES; role++) {
            tpl_buffer_dispose(&submission->roots[i].paths[role]);
        }
        tpl_manifest_free(submission->roots[i].manifest);
    }
    tpl__arena_dispose(&submission->arena);
    tpl__free(submission->roots);
    tpl__free(submission);
}

size_t tpl_submission_count(const tpl_submission *submission) {
    return submission->count;
}

void tpl_submission_root(const tpl_submission *submission, size_t index, tpl_asset_root *out) {
    const tpl__root *root = &submission->roots[index];
    const tpl_buffer *paths = root->paths;
    *out = (tpl_asset_root){.path = root->path,
                            .path_len = root->path_len,
                            .location = root->location,
                            .inputs = tpl__paths_of(&paths[TPL__INPUTS]),
                            .input_count = tpl__paths_count(&paths[TPL__INPUTS]),
                            .outputs = tpl__paths_of(&paths[TPL__OUTPUTS]),
                            .output_count = tpl__paths_count(&paths[TPL__OUTPUTS]),
                            .references = tpl__paths_of(&paths[TPL__REFERENCES]),
                            .reference_count = tpl__paths_count(&paths[TPL__REFERENCES]),
                            .input_size = root->input_size,
                            .manifest = root->manifest};
}

tpl_manifest *tpl_submission_take(tpl_submission *submission, size_t index) {
    tpl_manifest *manifest = submission->roots[index].manifest;
    submission->roots[index].manifest = NULL;
    return manifest;
}

/* --- manifests --- */

static tpl_status hash_root(tpl__root *root, tpl_format format, const tpl_run *run,
                            tpl_snapshot_stats *stats, tpl_error *err) {
    static const tpl_filter FILTER = TPL_FILTER_INIT;
    const tpl_buffer *inputs = &root->paths[TPL__INPUTS];
    tpl__tree_files files = {tpl__paths_of(inputs), tpl__paths_count(inputs),
                             root->path_len == 1 ? 1 : root->path_len + 1};
    tpl__tree_options tree = {.filter = &FILTER,
                              .run = run,
                              .hash = true,
                              .attributes = format == TPL_FORMAT_2025_12_04_BETA,
                              .files = &files};
    tpl_manifest *manifest = NULL;
    tpl_status status = tpl__tree_scan(&manifest, "/", &tree, stats, err);
    status = status == TPL_OK ? tpl_manifest_convert(manifest, format, run, err) : status;
    if (status == TPL_OK) {
        status = tpl_manifest_fingerprint(manifest, &root->hash, NULL, run, err);
    }
    if (status != TPL_OK) {
        tpl_manifest_free(manifest);
        return status;
    }
    tpl_manifest_free(root->manifest);
    root->manifest = manifest;
    return TPL_OK;
}

static void add_stats(tpl_snapshot_stats *sum, const tpl_snapshot_stats *one) {
    sum->hashed_files += one->hashed_files;
    sum->hashed_bytes += one->hashed_bytes;
    sum->begun_ns = one->begun_ns < sum->begun_ns ? one->begun_ns : sum->begun_ns;
}

static tpl_progress totals_of(const tpl_submission *submission) {
    tpl_progress totals = {.total_known = true};
    for (size_t i = 0; i < submission->count; i++) {
        totals.files_total += tpl__paths_count(&submission->roots[i].paths[TPL__INPUTS]);
        totals.bytes_total += submission->roots[i].input_size;
    }
    return totals;
}

tpl_status tpl_submission_hash(tpl_submission *submission, tpl_format format, const tpl_run *run,
                               tpl_snapshot_stats *stats, tpl_error *err) {
    const tpl_progress totals = totals_of(submission);
    tpl__relay relay = tpl__relay_start(run, TPL_PHASE_HASH);
    tpl_run relayed = tpl__relay_run(&relay);
    relay.totals = &totals;
    tpl_snapshot_stats sum = {.begun_ns = INT64_MAX};
    tpl_status status = TPL_OK;
    for (size_t i = 0; i < submission->count && status == TPL_OK; i++) {
        tpl_snapshot_stats one = {0};
        if (submission->roots[i].paths[TPL__INPUTS].len > 0) {
            status = hash_root(&submission->roots[i], format, &relayed, &one, err);
            add_stats(&sum, &one);
        }
    }
    status = status == TPL_OK ? tpl__relay_end(&relay, err) : status;
    if (status == TPL_OK && stats != NULL) {
        *stats = sum;
    }
    return status;
}

/* --- the payload --- */

typedef struct writer {
    tpl_buffer *out;
    tpl_status status;
} writer;

static void put(writer *w, const char *text) {
    w->status = w->status == TPL_OK ? tpl_buffer_append(w->out, text, strlen(text)) : w->status;
}

static void put_text(writer *w, const char *text, size_t len) {
    w->status = w->status == TPL_OK ? tpl_text_append_json(w->out, text, len) : w->status;
}

/* The hash that the key of a root's manifest is made of: of its path as the system spells it. */
static void put_key(writer *w, const tpl__root *root, const char *prefix) {
    tpl_buffer os = TPL_BUFFER_INIT;
    tpl_buffer key = TPL_BUFFER_INIT;
    char hex[TPL_HASH_HEX_LEN + 1];
    tpl_status status = tpl_text_to_os(&os, root->path, root->path_len);
    tpl_hash128_to_hex(tpl_hash_bytes(os.data, os.len), hex);
    if (prefix != NULL && prefix[0] != '\0') {
        status = status == TPL_OK ? tpl_buffer_append(&key, prefix, strlen(prefix)) : status;
        bool ends = prefix[strlen(prefix) - 1] == '/';
        status = status == TPL_OK ? tpl_buffer_append(&key, "/", !ends) : status;
    }
    status = status == TPL_OK ? tpl_buffer_append(&key, hex, TPL_HASH_HEX_LEN) : status;
    status = status == TPL_OK ? tpl_buffer_append(&key, "_input", 6) : status;
    w->status = w->status == TPL_OK ? status : w->status;
    put_text(w, key.data, key.len);
    tpl_buffer_dispose(&os);
    tpl_buffer_dispose(&key);
}

static void put_outputs(writer *w, const tpl__root *root) {
    const tpl_buffer *outputs = &root->paths[TPL__OUTPUTS];
    size_t skip = root->path_len == 1 ? 1 : root->path_len + 1;
    for (size_t i = 0; i < tpl__paths_count(outputs); i++) {
        const tpl_asset_path *path = &tpl__paths_of(outputs)[i];
        put(w, i == 0 ? ",\"outputRelativeDirectories\":[" : ",");
        bool is_root = path->len <= skip;
        put_text(w, is_root ? "." : path->text + skip, is_root ? 1 : path->len - skip);
    }
    put(w, outputs->len == 0 ? "" : "]");
}

static void put_root(writer *w, const tpl__root *root, const char *prefix) {
    put(w, "{\"rootPath\":");
    put_text(w, root->path, root->path_len);
    if (root->location != NULL && root->location[0] != '\0') {
        put(w, ",\"fileSystemLocationName\":");
        put_text(w, root->location, strlen(root->location));
    }
    put(w, ",\"rootPathFormat\":\"posix\"");
    if (root->manifest != NULL) {
        char hex[TPL_HASH_HEX_LEN + 1];
        tpl_hash128_to_hex(root->hash, hex);
        put(w, ",\"inputManifestPath\":");
        put_key(w, root, prefix);
        put(w, ",\"inputManifestHash\":");
        put_text(w, hex, TPL_HASH_HEX_LEN);
    }
    put_outputs(w, root);
    put(w, "}");
}

tpl_status tpl_submission_payload(tpl_buffer *out, const tpl_submission *submission,
                                  const char *file_system, const char *prefix, tpl_error *err) {
    writer w = {out, TPL_OK};
    size_t start = out->len;
    put(&w, "{\"manifests\":[");
    for (size_t i = 0; i < submission->count; i++) {
        put(&w, i == 0 ? "" : ",");
        put_root(&w, &submission->roots[i], prefix);
    }
    put(&w, "],\"fileSystem\":");
    put_text(&w, file_system, strlen(file_system));
    put(&w, "}");
    if (w.status != TPL_OK) {
        out->len = start;
        return tpl__fail_nomem(err);
    }
    return TPL_OK;
}
