/* SPDX-License-Identifier: MIT */
/* Asks the file system for its kind, and sysfs whether its disk has heads. */
#include "device_linux.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>

#include "fs.h"
#include "mem.h"

#define MINOR_BITS 32

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

/* A guest's disk says of itself what its driver was written with: nothing to go by. */
static bool is_virtual(const char *folder) {
    static const char *const SIGNS[] = {"/virtio", "/vbd-", "/vmbus", "/virtual/"};
    char *link = NULL;
    bool found = false;
    if (tpl__fs_read_link(&link, TPL__FS_CWD, folder) == 0) {
        for (size_t i = 0; i < sizeof(SIGNS) / sizeof(*SIGNS); i++) {
            found = found || strstr(link, SIGNS[i]) != NULL;
        }
    }
    tpl__free(link);
    return found;
}

/* The first character of a file, or NUL. */
static char first_character(const char *folder, const char *name) {
    char path[PATH_MAX];
    char character = '\0';
    size_t got = 0;
    int fd = -1;
    int len = snprintf(path, sizeof(path), "%s%s", folder, name);
    if ((size_t)len < sizeof(path) &&
        tpl__fs_open_file(&fd, TPL__FS_CWD, path, TPL__LINKS_FOLLOW) == 0) {
        if (tpl__fs_read(fd, &character, 1, &got) != 0 || got != 1) {
            character = '\0';
        }
        tpl__fs_close(fd);
    }
    return character;
}

tpl__device tpl__device_of_block(const char *folder) {
    char rotational = first_character(folder, "/queue/rotational");
    if (rotational == '\0') { /* a partition: the disk is the folder above */
        rotational = first_character(folder, "/../queue/rotational");
    }
    return rotational == '1' && !is_virtual(folder) ? TPL__DEVICE_SPINNING : TPL__DEVICE_SOLID;
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
