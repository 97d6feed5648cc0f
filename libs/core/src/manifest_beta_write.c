/* SPDX-License-Identifier: MIT */
/* Writes format 2025-12-04-beta canonically: UTF-8, one line, directories in code point order,
 * files in canonical order, paths below a listed directory by its number. */
#include "fail.h"
#include "hex.h"
#include "manifest_beta.h"
#include "manifest_dirs.h"
#include "writer.h"
#include "wtf8.h"

#define ROOM ((size_t)96) /* more than what is put between two texts, and a word */

typedef struct beta_writer {
    tpl__writer out;
    const tpl__dirs *dirs;
    size_t last;    /* the directory that was found last */
    uint64_t spent; /* of a reader's budget */
    bool zero_mtime;
} beta_writer;

#define SAY(w, literal) say((w), (literal), sizeof(literal) - 1)

static void say(beta_writer *w, const char *text, size_t len) {
    char *next = tpl__room_for(&w->out, len);
    w->out.next = tpl__put(next, text, len);
}

static bool stands_for_itself(unsigned char c) {
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* A character that is no plain ASCII: escaped where JSON demands it, or where it is a surrogate,
 * which UTF-8 does not have. */
static size_t put_special(tpl__writer *out, const char *text, size_t len) {
    uint32_t code;
    size_t length = tpl__wtf8_next(text, len, &code);
    char *next = tpl__room_for(out, TPL__ESCAPE_MAX);
    if (code < 0x80 || tpl__is_surrogate(code)) {
        out->next = next + tpl__json_escape(next, code);
    } else {
        out->next = tpl__put(next, text, length);
    }
    return length;
}

static void put_text(tpl__writer *out, const char *text, size_t len) {
    size_t at = 0;
    while (at < len) {
        size_t plain = at;
        while (plain < len && stands_for_itself((unsigned char)text[plain])) {
            plain++;
        }
        tpl__put_long(out, text + at, plain - at);
        at = plain;
        if (at < len) {
            at += put_special(out, text + at, len - at);
        }
    }
}

static bool is_dir(const beta_writer *w, size_t index, const char *path, size_t len) {
    const tpl__row *dir = &w->dirs->rows[index];
    return dir->path_len == len && memcmp(dir->path, path, len) == 0;
}

/* Neighbours often share their directory. */
static size_t find_dir(beta_writer *w, const char *path, size_t len) {
    if (w->last < w->dirs->count && is_dir(w, w->last, path, len)) {
        return w->last;
    }
    size_t found = tpl__dirs_find(w->dirs, path, len);
    w->last = found == SIZE_MAX ? w->last : found;
    return found;
}

static void put_path(beta_writer *w, const char *path, size_t len) {
    size_t parent = tpl__parent_len(path, len);
    size_t dir = parent == SIZE_MAX ? SIZE_MAX : find_dir(w, path, parent);
    if (dir != SIZE_MAX) {
        char *next = TPL__PUT(tpl__room_for(&w->out, ROOM), "$");
        w->out.next = TPL__PUT(tpl__put_unsigned(next, dir), "/");
        w->spent += len;
        path += parent + 1;
        len -= parent + 1;
    }
    put_text(&w->out, path, len);
}

static void put_dir(beta_writer *w, const tpl__row *row) {
    if (tpl__row_is_deleted(row)) {
        SAY(w, "{\"delete\":true,\"name\":\"");
    } else {
        SAY(w, "{\"name\":\"");
    }
    put_path(w, row->path, row->path_len);
    SAY(w, "\"}");
}

/* Between the hashes there is a comma. */
static void put_chunks(beta_writer *w, const char *text, size_t len) {
    SAY(w, "\"chunkhashes\":[\"");
    const char *comma;
    while ((comma = memchr(text, ',', len)) != NULL) {
        size_t one = (size_t)(comma - text);
        tpl__put_long(&w->out, text, one);
        SAY(w, "\",\"");
        text += one + 1;
        len -= one + 1;
    }
    tpl__put_long(&w->out, text, len);
    SAY(w, "\"],");
}

static void put_hash(beta_writer *w, const tpl__row *row) {
    SAY(w, "\"hash\":\"");
    uint32_t len = tpl__row_text_len(row);
    if (len == 0) {
        char *next = tpl__room_for(&w->out, ROOM);
        tpl__hash_to_hex(row->hash.digest, next);
        w->out.next = next + TPL_HASH_HEX_LEN;
    } else {
        tpl__put_long(&w->out, row->hash.text, len);
    }
    SAY(w, "\",");
}

static void put_file(beta_writer *w, const tpl__row *row) {
    SAY(w, "{");
    if (tpl__row_is_deleted(row)) {
        SAY(w, "\"delete\":true,\"name\":\"");
        put_path(w, row->path, row->path_len);
        SAY(w, "\"}");
        return;
    }
    bool is_link = tpl__row_kind(row) == TPL_KIND_SYMLINK;
    if (tpl__row_kind(row) == TPL_KIND_CHUNKED) {
        put_chunks(w, row->hash.text, tpl__row_text_len(row));
    } else if (!is_link) {
        put_hash(w, row);
    }
    if (!is_link) {
        char *next = TPL__PUT(tpl__room_for(&w->out, ROOM), "\"mtime\":");
        w->out.next = TPL__PUT(tpl__put_signed(next, w->zero_mtime ? 0 : row->mtime), ",");
    }
    SAY(w, "\"name\":\"");
    put_path(w, row->path, row->path_len);
    if ((row->tag & TPL__TAG_RUNNABLE) != 0) {
        SAY(w, "\",\"runnable\":true");
    } else {
        SAY(w, "\"");
    }
    if (is_link) {
        SAY(w, ",\"symlink\":{\"name\":\"");
        put_path(w, row->hash.text, tpl__row_text_len(row));
        SAY(w, "\"}}");
    } else {
        char *next = TPL__PUT(tpl__room_for(&w->out, ROOM), ",\"size\":");
        w->out.next = TPL__PUT(tpl__put_unsigned(next, row->size), "}");
    }
}

tpl_status tpl__beta_write(const tpl_manifest *manifest, bool zero_mtime, tpl_write_fn write,
                           void *payload, tpl_error *err) {
    char piece[TPL__PIECE];
    beta_writer w = {
        .out = {piece, piece, piece + sizeof(piece), write, payload, TPL_OK, 0},
        .dirs = &manifest->dirs,
        .last = SIZE_MAX,
        .zero_mtime = zero_mtime,
    };
    SAY(&w, "{\"dirs\":[");
    for (size_t i = 0; i < manifest->dirs.count && w.out.status == TPL_OK; i++) {
        say(&w, ",", i > 0);
        put_dir(&w, &manifest->dirs.rows[i]);
    }
    SAY(&w, "],\"files\":[");
    for (size_t i = 0; i < manifest->count && w.out.status == TPL_OK; i++) {
        say(&w, ",", i > 0);
        put_file(&w, tpl__manifest_row(manifest, i));
    }
    SAY(&w, "],\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2025-12-04-beta\"");
    if (manifest->parent != NULL) {
        SAY(&w, ",\"parentManifestHash\":\"");
        tpl__put_long(&w.out, manifest->parent, manifest->parent_len);
        SAY(&w, "\"");
    }
    char *next = TPL__PUT(tpl__room_for(&w.out, ROOM), ",\"totalSize\":");
    w.out.next = TPL__PUT(tpl__put_unsigned(next, manifest->total_size), "}");
    tpl__flush(&w.out);
    if (w.out.status != TPL_OK) {
        return tpl__fail(err, w.out.status, "%s", tpl_status_text(w.out.status));
    }
    return w.spent <= tpl__beta_budget(w.out.written)
               ? TPL_OK
               : tpl__fail(err, TPL_E_RANGE, "paths too long for format 2025-12-04-beta");
}
