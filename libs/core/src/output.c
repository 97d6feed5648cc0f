/* SPDX-License-Identifier: MIT */
/* A file that takes another's place by a rename, or a device that is written to as it is. */
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fail.h"
#include "fs.h"
#include "mem.h"
#include "poll.h"
#include "thread.h"
#include "tpl/file.h"
#include "tpl/hash.h"

enum {
    BUFFER_SIZE = 64 * 1024,
    SYNC_SIZE = 8 << 20,
    MOST_LINKS = 40,
    MOST_ATTEMPTS = 100,
    NEW_MODE = 0666, /* the system takes the umask off */
    OWNER_BITS = 0700,
    MODE_BITS = 0777,
    NAME_PART = 64,      /* bytes of the target's name in the temporary one */
    TEMPORARY_SIZE = 96, /* NAME_PART, 12 digits, punctuation */
    STOPPED = -1,        /* beside the errno values: the caller wants no more */
};

struct tpl_output {
    char *path;       /* as given, for messages */
    char *target;     /* links resolved */
    const char *name; /* the last component, in `target` */
    int dir;          /* the directory it is in; -1 when written to directly */
    int fd;           /* -1 before the first write */
    bool replaces;    /* a file is there, whose mode is kept */
    bool is_cache;    /* need not survive a loss of power */
    uint32_t mode;
    int sys_errno; /* the first failure, or STOPPED */
    tpl_run run;
    tpl__poll poll; /* of `run` */
    uint64_t sent;  /* bytes that are in the temporary file */
    size_t used;
    char *buffer;
    char temporary[TEMPORARY_SIZE]; /* "" while there is none */
};

static char *copy_text(const char *text, size_t len) {
    char *copy = tpl__alloc(len + 1);
    if (copy != NULL) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

/* Where the last component begins. */
static size_t name_start(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* Takes the place of *path, a link, with what its text says. */
static int follow(char **path, const char *text) {
    size_t before = text[0] == '/' ? 0 : name_start(*path);
    size_t len = strlen(text);
    char *joined = tpl__alloc(before + len + 1);
    if (joined == NULL) {
        return ENOMEM;
    }
    memcpy(joined, *path, before);
    memcpy(joined + before, text, len + 1);
    tpl__free(*path);
    *path = joined;
    return 0;
}

/* Follows links at the end of the target, to nowhere too: a file will be made there. Stops at a
 * name of a descriptor, whose number goes to *own. */
static int resolve(tpl_output *o, int *own) {
    for (int i = 0; i < MOST_LINKS; i++) {
        *own = tpl__fs_descriptor_named(o->target);
        if (*own >= 0) {
            return 0;
        }
        char *text = NULL;
        int error = tpl__fs_read_link(&text, TPL__FS_CWD, o->target);
        if (error == EINVAL || error == ENOENT) {
            return 0;
        }
        if (error == 0) {
            error = follow(&o->target, text);
            tpl__free(text);
        }
        if (error != 0) {
            return error;
        }
    }
    return ELOOP; /* GCOVR_EXCL_LINE: the system has followed them already, and takes no more */
}

static int open_parent(tpl_output *o) {
    size_t start = name_start(o->target);
    o->name = o->target + start;
    if (o->name[0] == '\0') {
        return start == 0 ? ENOENT : EISDIR;
    }
    char *parent = start == 0 ? copy_text(".", 1) : copy_text(o->target, start);
    if (parent == NULL) {
        return ENOMEM;
    }
    int error = tpl__fs_open_dir(&o->dir, TPL__FS_CWD, parent, TPL__LINKS_FOLLOW);
    tpl__free(parent);
    return error;
}

/* A file to be replaced, or made, in a directory that takes new names. */
static int prepare_file(tpl_output *o) {
    int error = open_parent(o);
    error = error != 0 ? error : tpl__fs_access_write(o->dir, ".");
    if (error == 0 && o->replaces) {
        error = tpl__fs_access_write(o->dir, o->name);
    }
    return error;
}

static int prepare(tpl_output *o) {
    int own = -1;
    tpl__stat stat;
    int error = tpl__fs_descriptor_named(o->target) >= 0
                    ? ENOENT /* whatever it is, it is not to be opened anew */
                    : tpl__fs_stat_at(&stat, TPL__FS_CWD, o->target, true);
    if (error == 0 && stat.type == TPL__TYPE_DIRECTORY) {
        return EISDIR;
    }
    if (error == 0 && stat.type == TPL__TYPE_OTHER) {
        return tpl__fs_access_write(TPL__FS_CWD, o->target);
    }
    if (error != 0 && error != ENOENT) {
        return error;
    }
    o->replaces = error == 0;
    o->mode = o->replaces ? stat.mode & MODE_BITS : NEW_MODE;
    error = resolve(o, &own);
    if (error != 0) {
        return error;
    }
    return own >= 0 ? tpl__fs_duplicate(&o->fd, own) : prepare_file(o);
}

tpl_status tpl_output_new(tpl_output **out, const char *path, const tpl_run *run, tpl_error *err) {
    *out = NULL;
    tpl_output *o = tpl__alloc_array(1, sizeof(*o));
    if (o == NULL) {
        return tpl__fail_nomem(err);
    }
    o->dir = -1;
    o->fd = -1;
    o->run = run == NULL ? (tpl_run)TPL_RUN_INIT : *run;
    o->poll = tpl__poll_start(&o->run);
    o->path = copy_text(path, strlen(path));
    o->target = copy_text(path, strlen(path));
    int error = o->path == NULL || o->target == NULL ? ENOMEM : prepare(o);
    if (error != 0) {
        tpl_output_free(o);
        return tpl__fail_os(err, error, path);
    }
    *out = o;
    return TPL_OK;
}

void tpl__output_is_cache(tpl_output *output) {
    output->is_cache = true;
}

/* Leaves no temporary file and no descriptor. */
static void abandon(tpl_output *o) {
    tpl__fs_close(o->fd);
    o->fd = -1;
    if (o->temporary[0] != '\0') {
        tpl__fs_unlink(o->dir, o->temporary);
        o->temporary[0] = '\0';
    }
}

void tpl_output_free(tpl_output *output) {
    if (output == NULL) {
        return;
    }
    abandon(output);
    tpl__fs_close(output->dir);
    tpl__free(output->buffer);
    tpl__free(output->target);
    tpl__free(output->path);
    tpl__free(output);
}

/* ".NAME.0123456789ab.tmp": exclusive creation settles who has it, the digits only make a second
 * attempt rare. NAME is cut between characters to keep what a file system allows. */
static void name_temporary(tpl_output *o, unsigned attempt) {
    tpl__time now = tpl__fs_now();
    const uint64_t seed[] = {(uintptr_t)o, (uint64_t)now.sec, now.nsec, attempt};
    tpl_hash128 hash = tpl_hash_bytes(seed, sizeof(seed));
    size_t len = strlen(o->name);
    if (len > NAME_PART) {
        len = NAME_PART;
        while (len > 0 && ((unsigned char)o->name[len] & 0xc0) == 0x80) {
            len--;
        }
    }
    snprintf(o->temporary, sizeof(o->temporary), ".%.*s.%012llx.tmp", (int)len, o->name,
             (unsigned long long)(hash.low & 0xffffffffffff));
}

/* Nobody else may read a private file while it grows. */
static int create_temporary(tpl_output *o) {
    uint32_t mode = o->replaces ? o->mode & OWNER_BITS : o->mode;
    int error = EEXIST;
    for (unsigned i = 0; i < MOST_ATTEMPTS && error == EEXIST; i++) {
        name_temporary(o, i);
        error = tpl__fs_create(&o->fd, o->dir, o->temporary, mode);
    }
    if (error != 0) {
        o->temporary[0] = '\0'; /* not ours to unlink */
    }
    return error;
}

/* Waits for somebody to read a pipe. */
static int open_direct(tpl_output *o) {
    for (;;) {
        int error = tpl__fs_open_write(&o->fd, TPL__FS_CWD, o->target);
        if (error != EAGAIN) {
            return error;
        }
        if (tpl__poll_stops(&o->poll)) {
            return STOPPED;
        }
        tpl__sleep_ms(TPL__POLL_MS);
    }
}

static int begin(tpl_output *o) {
    if (o->buffer != NULL) {
        return 0;
    }
    o->buffer = tpl__alloc(BUFFER_SIZE);
    if (o->buffer == NULL) {
        return ENOMEM;
    }
    if (o->fd >= 0) { /* a descriptor of ours */
        return 0;
    }
    return o->dir >= 0 ? create_temporary(o) : open_direct(o);
}

/* Whoever reads may be slow, or gone to sleep. */
static int send_direct(tpl_output *o, const char *data, size_t size) {
    while (size > 0) {
        size_t put = 0;
        int error = tpl__fs_wait_writable(o->fd, TPL__POLL_MS);
        if (error == 0) {
            size_t piece = size < TPL__FS_PIECE ? size : TPL__FS_PIECE;
            error = tpl__fs_write_some(o->fd, data, piece, &put);
        }
        if (error != 0 && error != ETIMEDOUT && error != EAGAIN) {
            return error;
        }
        if (tpl__poll_stops(&o->poll)) {
            return STOPPED;
        }
        data += put;
        size -= put;
    }
    return 0;
}

static int send(tpl_output *o, const char *data, size_t size) {
    if (o->dir < 0) {
        return send_direct(o, data, size);
    }
    if (tpl__poll_stops(&o->poll)) {
        return STOPPED;
    }
    o->sent += size;
    return tpl__fs_write(o->fd, data, size);
}

static int flush(tpl_output *o) {
    size_t used = o->used;
    o->used = 0;
    return used == 0 ? 0 : send(o, o->buffer, used);
}

static int write_some(tpl_output *o, const void *data, size_t len) {
    int error = begin(o);
    if (error == 0 && len > BUFFER_SIZE - o->used) {
        error = flush(o);
    }
    if (error != 0) {
        return error;
    }
    if (len >= BUFFER_SIZE) {
        return send(o, data, len);
    }
    memcpy(o->buffer + o->used, data, len);
    o->used += len;
    return 0;
}

tpl_status tpl_output_write(const void *data, size_t len, void *output) {
    tpl_output *o = output;
    if (o->sys_errno == 0 && len > 0) {
        o->sys_errno = write_some(o, data, len);
    }
    switch (o->sys_errno) {
    case 0:
        return TPL_OK;
    case STOPPED:
        return TPL_E_CANCELLED;
    case ENOMEM:
        return TPL_E_NOMEM;
    default:
        return TPL_E_IO;
    }
}

/* Some file systems cannot: that keeps no file from being written. */
static bool cannot_sync(int error) {
    return error == EINVAL || error == ENOSYS || error == ENOTSUP;
}

/* A disk may take long: the caller is asked in between. */
static int sync_content(tpl_output *o) {
    int error = 0;
    for (uint64_t done = 0; error == 0 && done < o->sent; done += SYNC_SIZE) {
        error = tpl__poll_stops(&o->poll) ? STOPPED : tpl__fs_sync_part(o->fd, done, SYNC_SIZE);
    }
    error = error == 0 || cannot_sync(error) ? tpl__fs_sync(o->fd) : error;
    return cannot_sync(error) ? 0 : error;
}

/* Some file systems have no modes: that is no error either. */
static int put_in_place(tpl_output *o) {
    if (o->replaces) {
        (void)tpl__fs_set_mode(o->fd, o->mode);
    }
    int error = o->is_cache ? 0 : sync_content(o);
    if (error != 0) {
        return error;
    }
    if (tpl__poll_stops(&o->poll)) {
        return STOPPED;
    }
    error = tpl__fs_rename(o->dir, o->temporary, o->name);
    if (error == 0) {
        o->temporary[0] = '\0';
        if (!o->is_cache) {
            (void)tpl__fs_sync(o->dir); /* too late to take anything back */
        }
    }
    return error;
}

tpl_status tpl_output_commit(tpl_output *output, tpl_error *err) {
    tpl_output *o = output;
    int error = o->sys_errno;
    error = error != 0 ? error : begin(o);
    error = error != 0 ? error : flush(o);
    if (error == 0 && o->dir >= 0) {
        error = put_in_place(o);
    }
    o->sys_errno = error;
    abandon(o);
    if (error == STOPPED) {
        return tpl__fail_cancelled(err);
    }
    return error == 0 ? TPL_OK : tpl__fail_os(err, error, o->path);
}
