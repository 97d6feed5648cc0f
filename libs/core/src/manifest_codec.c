/* SPDX-License-Identifier: MIT */
/* The way from a manifest to its documents and back: which codec, and what is made of its bytes. */
#include <assert.h>
#include <string.h>

#include "fail.h"
#include "manifest_beta.h"
#include "manifest_convert.h"
#include "manifest_table.h"
#include "manifest_v2023.h"
#include "tpl/manifest.h"

/* Somebody's way to take text, and the question after every piece whether more is wanted. */
typedef struct taker {
    tpl_write_fn write;
    void *payload;
    tpl__poll poll;
} taker;

static tpl_status take(const void *data, size_t len, void *payload) {
    taker *t = payload;
    tpl_status status = t->write(data, len, t->payload);
    return status == TPL_OK && tpl__poll_stops(&t->poll) ? TPL_E_CANCELLED : status;
}

static tpl_status write_own(const tpl_manifest *manifest, bool zero_mtime, tpl_write_fn write,
                            void *payload, const tpl_run *run, tpl_error *err) {
    taker t = {write, payload, TPL__POLL_INIT(run)};
    if (manifest->format != TPL_FORMAT_2023_03_03) {
        return tpl__beta_write(manifest, zero_mtime, take, &t, err);
    }
    tpl_status status = tpl__v2023_write(manifest, zero_mtime, take, &t, run);
    return status == TPL_OK ? TPL_OK : tpl__fail(err, status, "%s", tpl_status_text(status));
}

/* In another format: of a copy, since the manifest itself may not change. */
static tpl_status write_other(const tpl_manifest *manifest, tpl_format format, tpl_write_fn write,
                              void *payload, const tpl_run *run, tpl_error *err) {
    tpl__poll poll = TPL__POLL_INIT(run);
    tpl_manifest *copy = NULL;
    tpl_status status = tpl__manifest_clone(&copy, manifest, &poll, err);
    if (status == TPL_OK) {
        status = tpl__manifest_convert(copy, format, &poll, err);
    }
    if (status == TPL_OK) {
        status = tpl_manifest_encode(copy, format, write, payload, run, err);
    }
    tpl_manifest_free(copy);
    return status;
}

/* Whether the manifest is what the format can say, as it stands. */
static bool is_own(const tpl_manifest *manifest, tpl_format format) {
    return format == manifest->format &&
           (format != TPL_FORMAT_2023_03_03 || tpl__manifest_is_plain(manifest));
}

tpl_status tpl_manifest_encode(const tpl_manifest *manifest, tpl_format format, tpl_write_fn write,
                               void *payload, const tpl_run *run, tpl_error *err) {
    assert(manifest->sealed && format < TPL_FORMAT_COUNT);
    if (!is_own(manifest, format)) {
        return write_other(manifest, format, write, payload, run, err);
    }
    return write_own(manifest, false, write, payload, run, err);
}

/* Written elsewhere first, and copied. */
static tpl_status copy_into(const tpl_manifest *manifest, tpl_format format, tpl_room_fn room,
                            void *payload, const tpl_run *run, tpl_error *err) {
    tpl_buffer text = TPL_BUFFER_INIT;
    tpl_status status = tpl_manifest_encode(manifest, format, tpl_buffer_write, &text, run, err);
    if (status == TPL_OK) {
        char *out = room(text.len, payload);
        if (out == NULL) {
            status = tpl__fail_nomem(err);
        } else {
            memcpy(out, text.data, text.len);
        }
    }
    tpl_buffer_dispose(&text);
    return status;
}

tpl_status tpl_manifest_encode_into(const tpl_manifest *manifest, tpl_format format,
                                    tpl_room_fn room, void *payload, const tpl_run *run,
                                    tpl_error *err) {
    assert(manifest->sealed && format < TPL_FORMAT_COUNT);
    unsigned threads = tpl__v2023_writers(manifest, run);
    if (!is_own(manifest, format) || format != TPL_FORMAT_2023_03_03 || threads == 1) {
        return copy_into(manifest, format, room, payload, run, err);
    }
    tpl_status status = tpl__v2023_write_text(manifest, room, payload, threads, run);
    return status == TPL_OK ? TPL_OK : tpl__fail(err, status, "%s", tpl_status_text(status));
}

static tpl_status hash_piece(const void *data, size_t len, void *payload) {
    tpl_hasher_update(payload, data, len);
    return TPL_OK;
}

static tpl_status fingerprint(const tpl_manifest *manifest, bool zero_mtime, tpl_hasher *hasher,
                              const tpl_run *run, tpl_hash128 *out, tpl_error *err) {
    tpl_hasher_reset(hasher);
    tpl_status status = write_own(manifest, zero_mtime, hash_piece, hasher, run, err);
    if (status == TPL_OK) {
        *out = tpl_hasher_digest(hasher);
    }
    return status;
}

tpl_status tpl_manifest_fingerprint(const tpl_manifest *manifest, tpl_hash128 *manifest_hash,
                                    tpl_hash128 *content_hash, const tpl_run *run, tpl_error *err) {
    assert(manifest->sealed);
    tpl_hasher *hasher = NULL;
    if (tpl_hasher_new(&hasher) != TPL_OK) {
        return tpl__fail_nomem(err);
    }
    tpl_status status = TPL_OK;
    if (manifest_hash != NULL) {
        status = fingerprint(manifest, false, hasher, run, manifest_hash, err);
    }
    if (status == TPL_OK && content_hash != NULL) {
        status = fingerprint(manifest, true, hasher, run, content_hash, err);
    }
    tpl_hasher_free(hasher);
    return status;
}

typedef struct comparison {
    const char *data;
    size_t left;
} comparison;

static tpl_status compare_piece(const void *data, size_t len, void *payload) {
    comparison *c = payload;
    if (len > c->left || memcmp(data, c->data, len) != 0) {
        return TPL_E_MANIFEST;
    }
    c->data += len;
    c->left -= len;
    return TPL_OK;
}

bool tpl_manifest_is_canonical(const tpl_manifest *manifest, const char *data, size_t len) {
    comparison c = {data, len};
    return write_own(manifest, false, compare_piece, &c, NULL, NULL) == TPL_OK && c.left == 0;
}

typedef tpl_status read_fn(tpl_manifest **out, const char *data, size_t len, tpl__poll *poll,
                           tpl_error *err);

/* Whatever the text is. The last of equal members counts: what is announced need not be what it
 * comes to. */
static tpl_status read_any(tpl_manifest **out, const char *data, size_t len, tpl__poll *poll,
                           tpl_error *err) {
    bool beta = tpl__beta_is_announced(data, len, poll);
    read_fn *first = beta ? tpl__beta_read : tpl__v2023_read;
    read_fn *second = beta ? tpl__v2023_read : tpl__beta_read;
    tpl_error why = TPL_ERROR_INIT;
    tpl_status status = first(out, data, len, poll, &why);
    if (status == TPL_E_VERSION) {
        tpl_error_dispose(&why);
        return second(out, data, len, poll, err);
    }
    if (status != TPL_OK && err != NULL) {
        tpl_error_dispose(err);
        *err = why;
        why = (tpl_error)TPL_ERROR_INIT;
    }
    tpl_error_dispose(&why);
    return status;
}

tpl_status tpl_manifest_decode(tpl_manifest **out, const char *data, size_t len, const tpl_run *run,
                               tpl_error *err) {
    data = len == 0 ? "" : data; /* an empty buffer has none */
    tpl__poll poll = TPL__POLL_INIT(run);
    tpl_status status = tpl__v2023_read_text(out, data, len, &poll);
    if (status != TPL_OK) {
        return tpl__fail(err, status, "%s", tpl_status_text(status));
    }
    if (*out == NULL) {
        status = read_any(out, data, len, &poll, err);
    }
    if (status == TPL_OK && (*out)->format == TPL_FORMAT_2025_12_04_BETA) {
        (*out)->source = tpl_hash_bytes(data, len);
        (*out)->has_source = true;
    }
    return status;
}
