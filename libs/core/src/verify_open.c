/* SPDX-License-Identifier: MIT */
/* Component by component where links must not be followed; as a whole where they may not lead out;
 * else in pieces short enough for the system. */
#include "verify_open.h"

#include <errno.h>
#include <string.h>

#include "tpl/text.h"

/* Below every system's limit on the length of one path argument. */
enum {
    LONGEST_PIECE = 3840
};

void tpl__opener_init(tpl__opener *opener, int root_fd, tpl_symlinks symlinks) {
    *opener = (tpl__opener){.root_fd = root_fd,
                            .symlinks = symlinks,
                            .dir = TPL_BUFFER_INIT,
                            .dir_fd = -1,
                            .os = TPL_BUFFER_INIT};
}

static void close_dir(tpl__opener *opener) {
    tpl__fs_close(opener->dir_fd);
    opener->dir_fd = -1;
    opener->dir.len = 0;
}

void tpl__opener_dispose(tpl__opener *opener) {
    close_dir(opener);
    tpl_buffer_dispose(&opener->dir);
    tpl_buffer_dispose(&opener->os);
}

static int set_os(tpl__opener *opener, const char *path, size_t len) {
    opener->os.len = 0;
    tpl_status status = tpl_text_to_os(&opener->os, path, len);
    if (status == TPL_E_UNSAFE_PATH) {
        return ENOENT;
    }
    return status == TPL_OK && tpl_buffer_append(&opener->os, "", 1) == TPL_OK ? 0 : ENOMEM;
}

static tpl__links links_of(const tpl__opener *opener) {
    switch (opener->symlinks) {
    case TPL_SYMLINKS_FOLLOW:
        return TPL__LINKS_FOLLOW;
    case TPL_SYMLINKS_BENEATH:
        return TPL__LINKS_BENEATH;
    case TPL_SYMLINKS_SKIP:
    case TPL_SYMLINKS_KEEP:
        break;
    }
    return TPL__LINKS_NOFOLLOW;
}

static bool follows(const tpl__opener *opener) {
    return links_of(opener) != TPL__LINKS_NOFOLLOW;
}

/* The length of the next piece of a directory path that ends in a slash: one component, or many.
 * What is beneath the root, the root alone can tell. */
static size_t piece(const tpl__opener *opener, const char *path, size_t len) {
    bool whole = links_of(opener) == TPL__LINKS_BENEATH;
    if (whole || (follows(opener) && len <= LONGEST_PIECE)) {
        return len;
    }
    size_t end = 0;
    for (;;) {
        const char *slash = memchr(path + end, '/', len - end);
        size_t next = (size_t)(slash - path) + 1;
        if (end > 0 && (next > LONGEST_PIECE || !follows(opener))) {
            return end;
        }
        end = next;
        if (end == len) {
            return end;
        }
    }
}

/* Opens the directory `path` (with its last slash) and keeps it. */
static int open_dir(tpl__opener *opener, const char *path, size_t len) {
    close_dir(opener);
    int at = opener->root_fd;
    for (size_t done = 0; done < len;) {
        size_t part = piece(opener, path + done, len - done);
        int error = set_os(opener, path + done, part - 1);
        const char *name = part == 1 ? "." : opener->os.data; /* a doubled slash */
        int fd = -1;
        error = error != 0 ? error : tpl__fs_open_dir(&fd, at, name, links_of(opener));
        tpl__fs_close(opener->dir_fd);
        opener->dir_fd = fd;
        if (error != 0) {
            return error;
        }
        at = fd;
        done += part;
    }
    if (tpl_buffer_append(&opener->dir, path, len) != TPL_OK) {
        close_dir(opener);
        return ENOMEM;
    }
    return 0;
}

static size_t dir_len(const char *path, size_t len) {
    while (len > 0 && path[len - 1] != '/') {
        len--;
    }
    return len;
}

/* Special files are never opened: a pipe's writer would take us for its reader, a device may do
 * anything. */
static tpl__outcome hash_at(tpl__reader *reader, int at, const char *name, tpl__links links,
                            tpl__content *out) {
    tpl__stat stat;
    out->sys_errno = links == TPL__LINKS_BENEATH
                         ? tpl__fs_stat_beneath(&stat, at, name)
                         : tpl__fs_stat_at(&stat, at, name, links == TPL__LINKS_FOLLOW);
    if (out->sys_errno == 0 && stat.type == TPL__TYPE_LINK) {
        out->sys_errno = ELOOP;
    }
    if (out->sys_errno != 0) {
        return TPL__FAILED;
    }
    return stat.type == TPL__TYPE_FILE ? tpl__reader_hash(reader, at, name, links, out)
                                       : TPL__NOT_FILE;
}

/* Sets the directory that the path is in, and its last component in `os`. */
static int prepare(tpl__opener *opener, const char *path, size_t len, int *at) {
    size_t dir = dir_len(path, len);
    *at = opener->root_fd;
    if (dir > 0) {
        bool open = opener->dir_fd >= 0 && opener->dir.len == dir &&
                    memcmp(opener->dir.data, path, dir) == 0;
        int error = open ? 0 : open_dir(opener, path, dir);
        if (error != 0) {
            return error;
        }
        *at = opener->dir_fd;
    }
    return set_os(opener, path + dir, len - dir);
}

/* A component that no file here can have. */
static int not_there(int sys_errno) {
    return sys_errno == ENAMETOOLONG ? ENOENT : sys_errno;
}

tpl__outcome tpl__opener_hash(tpl__opener *opener, tpl__reader *reader, const char *path,
                              size_t len, tpl__content *out) {
    bool beneath = opener->symlinks == TPL_SYMLINKS_BENEATH;
    tpl__outcome outcome = TPL__FAILED;
    int at = -1;
    out->sys_errno = prepare(opener, path, len, &at);
    if (out->sys_errno == 0) {
        tpl__links links = beneath ? TPL__LINKS_NOFOLLOW : links_of(opener);
        outcome = hash_at(reader, at, opener->os.data, links, out);
    }
    if (beneath && outcome == TPL__FAILED && out->sys_errno == ELOOP) {
        /* A link: only the root's descriptor can tell whether it stays inside. */
        out->sys_errno = set_os(opener, path, len);
        if (out->sys_errno == 0) {
            outcome = hash_at(reader, opener->root_fd, opener->os.data, TPL__LINKS_BENEATH, out);
        }
    }
    out->sys_errno = not_there(out->sys_errno);
    return outcome;
}

int tpl__opener_read_link(tpl__opener *opener, const char *path, size_t len, char **target) {
    int at = -1;
    *target = NULL;
    int error = prepare(opener, path, len, &at);
    return not_there(error != 0 ? error : tpl__fs_read_link(target, at, opener->os.data));
}

int tpl__opener_stat(tpl__opener *opener, const char *path, size_t len, tpl__stat *stat) {
    int at = -1;
    int error = prepare(opener, path, len, &at);
    if (error == 0) {
        bool follow = opener->symlinks == TPL_SYMLINKS_FOLLOW;
        error = tpl__fs_stat_at(stat, at, opener->os.data, follow);
    }
    if (error == 0 && stat->type == TPL__TYPE_LINK && opener->symlinks == TPL_SYMLINKS_BENEATH) {
        error = set_os(opener, path, len);
        error = error != 0 ? error : tpl__fs_stat_beneath(stat, opener->root_fd, opener->os.data);
    }
    return not_there(error);
}
