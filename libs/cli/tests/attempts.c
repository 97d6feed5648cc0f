/* SPDX-License-Identifier: MIT */
/* Makes calls of the command in children, and looks at how they end. */
#include "attempts.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "mem_faulty.h"
#include "scratch.h"

int cli_main(int argc, char **argv);

const call attempts_calls[] = {
    {{"snapshot", "tree", "-j1"}, 0},
    {{"snapshot", "tree", "-j1", "-o", "made", "--json", "--exclude", "*.x", "--include", "*"}, 0},
    {{"snapshot", "tree", "-j1", "--base", "old", "--delta", "-o", "made"}, 0},
    {{"snapshot", "tree", "-j1", "--index", "index", "-o", "made"}, 0},
    {{"snapshot", "tree", "-j1", "--format", "2025-12-04-beta", "--symlinks", "keep"}, 0},
    {{"snapshot", "tree", "-j1", "--base", "kept", "--delta", "--format", "2025-12-04-beta",
      "--symlinks", "keep", "-o", "made"},
     0},
    {{"snapshot", "missing", "-j1"}, 3},
    {{"diff", "old", "tree", "-j1", "--all"}, 0},
    {{"diff", "old", "tree", "-j1", "--all", "--tree"}, 0},
    {{"diff", "old", "new", "--json", "--exit-code"}, 1},
    {{"diff", "old", "tree", "-j1", "--rehash", "-o", "made"}, 0},
    {{"diff", "kept", "bare", "--as-manifest"}, 0},
    {{"diff", "kept", "bare", "--as-manifest", "--json", "-o", "made"}, 0},
    {{"report", "old", "new", "-o", "made", "--json", "--exit-code"}, 1},
    {{"report", "tree", "-j1", "--title", "<x>"}, 0},
    {{"merge", "old", "new", "-o", "made"}, 0},
    {{"verify", "new", "tree", "-j1", "--strict"}, 1},
    {{"verify", "new", "tree", "-j1", "--json"}, 1},
    {{"hash", "tree/a", "tree/d/b", "--json"}, 0},
    {{"hash", "--check", "sums"}, 1},
    {{"inspect", "old", "--entries", "--json"}, 0},
    {{"inspect", "broken"}, 4},
    {{"inspect", "kept", "--entries", "--json"}, 0},
    {{"convert", "old", "-o", "made"}, 0},
    {{"convert", "old", "--format", "2025-12-04-beta", "--json", "-o", "made"}, 0},
    {{"convert", "kept", "--format", "2023-03-03"}, 4},
    {{"submit", "--dry-run", "--input-dir=tree", "-i", "tree/a", "--asset-references=refs", "-j1",
      "--storage-profile=profile", "--exclude=*.x", "--json"},
     0},
    {{"submit", "--dry-run", "--output-dir=out", "--manifest-prefix=k", "-i", "tree/a", "-j1", "-o",
      "made"},
     0},
    {{"submit", "--dry-run", "-i", "tree", "--require-paths-exist", "-i", "missing"}, 4},
    {{"surface"}, 0},
    {{"completions", "bash"}, 0},
    {{"completions", "zsh"}, 0},
    {{"completions", "fish"}, 0},
    {{"man"}, 0},
    {{"version", "--json"}, 0},
    {{"help", "snapshot"}, 0},
    {{"snapshot", "--exclud=a"}, 2},
    {{"snapshott"}, 2},
    {{"diff", "old", "new", "--nonsense", "--json"}, 2},
};

const size_t attempts_calls_count = sizeof(attempts_calls) / sizeof(attempts_calls[0]);

static void redirect(const char *path, int descriptor) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || dup2(file, descriptor) < 0 || close(file) != 0) {
        _exit(99);
    }
}

static void try_in_child(const call *c, const trouble *t, uint64_t nth, int pipe) {
    char name[] = "template-cli";
    char *argv[MOST_WORDS + 2] = {name};
    int argc = 1;
    for (int i = 0; i < MOST_WORDS && c->words[i] != NULL; i++) {
        argv[argc++] = (char *)(uintptr_t)c->words[i];
    }
    redirect("io/out", STDOUT_FILENO);
    redirect("io/err", STDERR_FILENO);
    int64_t before = mem_faulty_live();
    t->arm(nth);
    int code = cli_main(argc, argv);
    int64_t told[3] = {code, (int64_t)t->failed(), mem_faulty_live() - before};
    t->arm(0);
    _exit(write(pipe, told, sizeof(told)) == (ssize_t)sizeof(told) ? 0 : 98);
}

static void read_text(const char *path, char *text) {
    text[0] = '\0';
    if (!scratch_exists(path)) {
        return;
    }
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(text, 1, MOST_TEXT - 1, file);
    text[len] = '\0';
    assert_int_equal(fclose(file), 0);
}

/* Ends the test with what happened when the child ended by a signal or a sanitizer. */
static void run(outcome *o, const call *c, const trouble *t, uint64_t nth) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        try_in_child(c, t, nth, ends[1]);
    }
    assert_true(child > 0);
    close(ends[1]);
    int64_t told[3] = {0, 0, 0};
    ssize_t got = read(ends[0], told, sizeof(told));
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    read_text("io/out", o->out);
    read_text("io/err", o->err);
    read_text("made", o->made);
    unlink("made");
    unlink("index");
    if (status != 0 || got != (ssize_t)sizeof(told)) {
        fail_msg("%s %s, %s %d: status %d: %s", c->words[0], c->words[1], t->what, (int)nth, status,
                 o->err);
    }
    o->code = (int)told[0];
    o->failed = (uint64_t)told[1];
    o->live = told[2];
}

size_t attempts_lines(const char *text) {
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += *text == '\n';
    }
    return count;
}

void attempts_sweep(const call *c, const trouble *t,
                    const char *(*fault)(const outcome *o, const outcome *whole)) {
    static outcome whole;
    static outcome o;
    run(&whole, c, t, 0);
    if (whole.code != c->otherwise) {
        fail_msg("%s %s: exit %d: %s", c->words[0], c->words[1], whole.code, whole.err);
    }
    size_t files = scratch_entries(".");
    uint64_t nth = 0;
    do {
        run(&o, c, t, ++nth);
        const char *what = fault(&o, &whole);
        what = what == NULL && scratch_entries(".") != files ? "files were left behind" : what;
        if (what != NULL) {
            fail_msg("%s %s, %s %d: %s: exit %d: %s%s", c->words[0], c->words[1], t->what, (int)nth,
                     what, o.code, o.out, o.err);
        }
        assert_true(nth < MOST_ATTEMPTS);
    } while (o.failed > 0);
    assert_true(nth > 1); /* or nothing was tried */
}

void attempts_make_files(void) {
    static const char manifest[] =
        "{\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2023-03-03\",\"paths\":["
        "{\"hash\":\"%s9aa06d3014798d86001c324468d497f\",\"mtime\":7,\"path\":\"a\",\"size\":1},"
        "{\"hash\":\"99aa06d3014798d86001c324468d497f\",\"mtime\":5,\"path\":\"gone\",\"size\":0}"
        "],\"totalSize\":1}";
    char text[1024];
    snprintf(text, sizeof(text), manifest, "9");
    scratch_write("old", text);
    snprintf(text, sizeof(text), manifest, "0");
    scratch_write("new", text);
    scratch_write("refs", "{\"assetReferences\":{\"inputs\":{\"filenames\":[\"tree/d/b\"]},"
                          "\"referencedPaths\":[\"r\"]}}");
    scratch_write("profile", "{\"storageProfileId\":\"s\",\"fileSystemLocations\":[{\"name\":\"n\","
                             "\"path\":\"tree/d\",\"type\":\"LOCAL\"}]}");
    scratch_write("kept", "{\"dirs\":[{\"name\":\"d\"}],\"files\":[{\"hash\":\"0\",\"mtime\":1,"
                          "\"name\":\"$0/b\",\"size\":1},{\"name\":\"link\",\"symlink\":{\"name\":"
                          "\"a\"}}],\"hashAlg\":\"xxh128\",\"manifestVersion\":"
                          "\"2025-12-04-beta\",\"totalSize\":1}");
    scratch_write("bare", "{\"dirs\":[],\"files\":[],\"hashAlg\":\"xxh128\",\"manifestVersion\":"
                          "\"2025-12-04-beta\",\"totalSize\":0}");
    scratch_write("broken", "{\"hashAlg\":");
    scratch_write("sums", "99aa06d3014798d86001c324468d497f  tree/a\n");
    scratch_write_old("tree/a", "1");
    scratch_write_old("tree/d/b", "22");
    scratch_write_old("tree/left.x", "");
    scratch_link("tree/link", "a");
    scratch_directory("io");
}
