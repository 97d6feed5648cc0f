/* SPDX-License-Identifier: MIT */
/* A directory that a test fills and that is gone afterwards. Use as cmocka set-up and tear-down. */
#ifndef TPL_TEST_TEMP_TREE_H
#define TPL_TEST_TEMP_TREE_H

#include <stddef.h>

typedef struct temp_tree {
    char root[64];
    char path[8192]; /* what temp_path() gave last */
} temp_tree;

int temp_tree_setup(void **state);
int temp_tree_teardown(void **state);

/* The operating-system path of a name in the tree, borrowed until the next call. */
const char *temp_path(temp_tree *tree, const char *name);

/* Each makes missing parent directories; a file's mtime is 1,600,000,000.123456789 s. */
void temp_file(temp_tree *tree, const char *name, const void *data, size_t len);
void temp_text(temp_tree *tree, const char *name, const char *text);
void temp_dir(temp_tree *tree, const char *name);
void temp_link(temp_tree *tree, const char *name, const char *target);
void temp_fifo(temp_tree *tree, const char *name);

/* A test that runs in a tree of its own. */
#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, temp_tree_setup, temp_tree_teardown)

#endif
