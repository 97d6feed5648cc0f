/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over the files of the folders it is given: an ordinary test, for any compiler.
 */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

static void replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    MUST(file != NULL);
    MUST(fseek(file, 0, SEEK_END) == 0);
    long size = ftell(file);
    MUST(size >= 0 && fseek(file, 0, SEEK_SET) == 0);
    uint8_t *data = malloc(size == 0 ? 1 : (size_t)size); /* of its very size, for ASan to guard */
    MUST(data != NULL && fread(data, 1, (size_t)size, file) == (size_t)size);
    MUST(fclose(file) == 0);
    printf("%s\n", path);
    fflush(stdout); /* the last line names the input that ends the process */
    MUST(LLVMFuzzerTestOneInput(data, (size_t)size) == 0);
    free(data);
}

static size_t replay(const char *path) {
    struct stat stat_of;
    MUST(stat(path, &stat_of) == 0);
    if (!S_ISDIR(stat_of.st_mode)) {
        replay_file(path);
        return 1;
    }
    DIR *dir = opendir(path);
    MUST(dir != NULL);
    size_t count = 0;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char below[4096];
        if (entry->d_name[0] != '.') {
            int len = snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
            MUST(len > 0 && (size_t)len < sizeof(below));
            count += replay(below);
        }
    }
    closedir(dir);
    return count;
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        MUST(replay(argv[i]) > 0);
    }
    MUST(argc > 1);
    return 0;
}
