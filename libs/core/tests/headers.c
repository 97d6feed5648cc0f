/* SPDX-License-Identifier: MIT */
/* Looks for declarations in the text of the public headers. */
#include "headers.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

bool headers_lists(const char *functions, const char *name) {
    size_t len = strlen(name);
    for (const char *at = functions; at != NULL && *at != '\0';) {
        if (strncmp(at, name, len) == 0 && (at[len] == ' ' || at[len] == '\0')) {
            return true;
        }
        at = strchr(at, ' ');
        at = at == NULL ? NULL : at + 1;
    }
    return false;
}

static char *read_header(const char *name) {
    char path[1024];
    snprintf(path, sizeof(path), "%s/%s", TPL_TEST_HEADERS, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = (size_t)1 << 20;
    char *text = calloc(1, size);
    assert_non_null(text);
    size_t len = fread(text, 1, size - 1, file);
    assert_true(len > 0 && len < size - 1);
    assert_int_equal(fclose(file), 0);
    return text;
}

static void blank_comments(char *text) {
    for (char *start = strstr(text, "/*"); start != NULL; start = strstr(start, "/*")) {
        char *end = strstr(start, "*/");
        assert_non_null(end);
        memset(start, ' ', (size_t)(end + 2 - start));
    }
}

/* Looks at every `tpl_status tpl_name(`; returns how many there are. */
static size_t check_header(const char *header, bool (*is_tried)(const char *name),
                           const char *how) {
    static const char type[] = "tpl_status";
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    char *text = read_header(header);
    blank_comments(text);
    size_t found = 0;
    for (char *at = strstr(text, type); at != NULL; at = strstr(at, type)) {
        at += sizeof(type) - 1;
        char *function = at + strspn(at, " \n");
        size_t len = strspn(function, letters);
        if (function == at || strncmp(function, "tpl_", 4) != 0 || function[len] != '(') {
            continue;
        }
        function[len] = '\0';
        at = function + len + 1;
        found++;
        if (!is_tried(function)) {
            fail_msg("%s: %s is not tried %s", header, function, how);
        }
    }
    free(text);
    return found;
}

void headers_check(bool (*is_tried)(const char *name), const char *how) {
    DIR *dir = opendir(TPL_TEST_HEADERS);
    assert_non_null(dir);
    size_t found = 0;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        size_t len = strlen(entry->d_name);
        if (len > 2 && strcmp(entry->d_name + len - 2, ".h") == 0) {
            found += check_header(entry->d_name, is_tried, how);
        }
    }
    closedir(dir);
    assert_true(found >= 20); /* or the search itself has gone wrong */
}
