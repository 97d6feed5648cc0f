/* SPDX-License-Identifier: MIT */
/* Asks the file system for its kind, and sysfs whether its disk has heads. */
#include "device_linux.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>

#include "fs.h"
#include "mem.h"

enum {
    MINOR_BITS = 32,
    MOST_LAYERS = 8, /* of devices made of others */
    LISTING_SIZE = 32 << 10
};

bool tpl__device_is_remote(uint64_t magic) {
    static const uint32_t REMOTE[] = {
        0x6969,     /* NFS */
        0x517b,     /* SMB */
        0xff534d42, /* CIFS */
        0xfe534d42, /* SMB2 */
        0x01021997, /* 9P */
        0x65735546, /* FUSE */
        0x00c36400, /* Ceph */
        0x5346414f, /* AFS */
        0x0bd00bd0, /* Lustre */
        0x01161970, /* GFS2 */
        0x7461636f, /* OCFS2 */
    };
    for (size_t i = 0; i < sizeof(REMOTE) / sizeof(*REMOTE); i++) {
        if ((uint32_t)magic == REMOTE[i]) {
            return true;
        }
    }
    return false;
}

/* Whether the way to a device in sysfs goes by one of these. */
static bool is_below(const char *folder, const char *const *signs, size_t count) {
    char *link = NULL;
    bool found = false;
    if (tpl__fs_read_link(&link, TPL__FS_CWD, folder) == 0) {
        for (size_t i = 0; i < count; i++) {
            found = found || strstr(link, signs[i]) != NULL;
        }
    }
    tpl__free(link);
    return found;
}

/* A guest's disk says of itself what its driver was written with: nothing to go by. */
static bool is_a_guests(const char *folder) {
    static const char *const SIGNS[] = {"/virtio", "/vbd-", "/vmbus"};
    return is_below(folder, SIGNS, 3);
}

/* The same of what is made of no device: of a file, or of memory. */
static bool is_virtual(const char *folder) {
    static const char *const SIGNS[] = {"/virtual/"};
    return is_below(folder, SIGNS, 1);
}

static bool join(char path[PATH_MAX], const char *folder, const char *name) {
    int len = snprintf(path, PATH_MAX, "%s%s", folder, name);
    return len >= 0 && len < PATH_MAX;
}

/* The first character of a file, or NUL. */
static char first_character(const char *folder, const char *name) {
    char path[PATH_MAX];
    char character = '\0';
    size_t got = 0;
    int fd = -1;
    if (join(path, folder, name) &&
        tpl__fs_open_file(&fd, TPL__FS_CWD, path, TPL__LINKS_FOLLOW) == 0) {
        if (tpl__fs_read(fd, &character, 1, &got) != 0 || got != 1) {
            character = '\0';
        }
        tpl__fs_close(fd);
    }
    return character;
}

static bool turns(const char *folder, unsigned layers);

/* Whether one of the devices turns that another one is made of: LVM, LUKS, md. *made tells whether
 * there are any. */
static bool part_turns(const char *parts, unsigned layers, bool *made) {
    char path[PATH_MAX];
    size_t got = 0;
    size_t position = 0;
    tpl__dirent part;
    int fd = -1;
    bool found = false;
    void *listing = tpl__alloc(LISTING_SIZE);
    *made = false;
    if (listing != NULL && tpl__fs_open_dir(&fd, TPL__FS_CWD, parts, TPL__LINKS_FOLLOW) == 0) {
        if (tpl__fs_read_dir(fd, listing, LISTING_SIZE, &got) != 0) {
            got = 0;
        }
        tpl__fs_close(fd);
    }
    while (!found && tpl__fs_next(listing, got, &position, &part)) {
        *made = true;
        found = layers > 0 && join(path, parts, part.name) && turns(path, layers - 1);
    }
    tpl__free(listing);
    return found;
}

/* Whether a device says that it turns, and is to be believed: of one that is made of others, they
 * are asked. A partition's disk is the folder above. */
static bool turns(const char *folder, unsigned layers) {
    static const char *const PARTS[] = {"/slaves/", "/../slaves/"};
    char path[PATH_MAX];
    if (is_a_guests(folder)) {
        return false;
    }
    char rotational = first_character(folder, "/queue/rotational");
    if (rotational == '\0') {
        rotational = first_character(folder, "/../queue/rotational");
    }
    if (rotational != '1') {
        return false;
    }
    bool made = false;
    bool found = false;
    for (size_t i = 0; i < 2 && !made; i++) {
        found = join(path, folder, PARTS[i]) && part_turns(path, layers, &made);
    }
    return made ? found : !is_virtual(folder);
}

tpl__device tpl__device_of_block(const char *folder) {
    return turns(folder, MOST_LAYERS) ? TPL__DEVICE_SPINNING : TPL__DEVICE_SOLID;
}

tpl__device tpl__device_of(const char *path) {
    struct statfs file_system;
    tpl__stat stat;
    char folder[64];
    if (statfs(path, &file_system) == 0 && tpl__device_is_remote((uint64_t)file_system.f_type)) {
        return TPL__DEVICE_REMOTE;
    }
    if (tpl__fs_stat_at(&stat, TPL__FS_CWD, path, true) != 0) {
        return TPL__DEVICE_SOLID;
    }
    (void)snprintf(folder, sizeof(folder), "/sys/dev/block/%u:%u",
                   (unsigned)(stat.dev >> MINOR_BITS), (unsigned)(stat.dev & UINT32_MAX));
    return tpl__device_of_block(folder);
}
