/* SPDX-License-Identifier: MIT */
/* The command with its first allocation failing, then its second, and so on until all succeed: once
 * with the memory there again right after, once without. Each try is a process of its own. */
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

enum {
    MOST_WORDS = 12,
    MOST_TEXT = 1 << 18,
    MOST_ALLOCATIONS = 5000,
    EXIT_MEMORY = 3 /* CLI_EXIT_IO: "a file, the system or memory failed" */
};

typedef struct call {
    const char *words[MOST_WORDS];
    int otherwise; /* how it ends with enough memory */
} call;

static const call CALLS[] = {
    {{"snapshot", "tree", "-j1"}, 0},
    {{"snapshot", "tree", "-j1", "-o", "made", "--json", "--exclude", "*.x", "--include", "*"}, 0},
    {{"snapshot", "tree", "-j1", "--base", "old", "--delta", "-o", "made"}, 0},
    {{"snapshot", "missing", "-j1"}, 3},
    {{"diff", "old", "tree", "-j1", "--all"}, 0},
    {{"diff", "old", "tree", "-j1", "--all", "--tree"}, 0},
    {{"diff", "old", "new", "--json", "--exit-code"}, 1},
    {{"diff", "old", "tree", "-j1", "--rehash", "-o", "made"}, 0},
    {{"report", "old", "new", "-o", "made", "--json", "--exit-code"}, 1},
    {{"report", "tree", "-j1", "--title", "<x>"}, 0},
    {{"merge", "old", "new", "-o", "made"}, 0},
    {{"verify", "new", "tree", "-j1", "--strict"}, 1},
    {{"verify", "new", "tree", "-j1", "--json"}, 1},
    {{"hash", "tree/a", "tree/d/b", "--json"}, 0},
    {{"hash", "--check", "sums"}, 1},
    {{"inspect", "old", "--entries", "--json"}, 0},
    {{"inspect", "broken"}, 4},
    {{"convert", "old", "-o", "made"}, 0},
    {{"submit", "--dry-run", "--input-dir=tree", "-i", "tree/a", "--asset-references=refs", "-j1",
      "--storage-profile=profile", "--exclude=*.x", "--json"},
     0},
    {{"submit", "--dry-run", "--output-dir=out", "--manifest-prefix=k", "-i", "tree/a", "-j1", "-o",
      "made"},
     0},
    {{"submit", "--dry-run", "-i", "tree", "--require-paths-exist", "-i", "missing"}, 4},
    {{"surface"}, 0},
    {{"version", "--json"}, 0},
    {{"help", "snapshot"}, 0},
    {{"snapshot", "--exclud=a"}, 2},
    {{"snapshott"}, 2},
    {{"diff", "old", "new", "--nonsense", "--json"}, 2},
};

/* What a try came to. */
typedef struct outcome {
    int code;
    uint64_t failed;
    int64_t live;
    char out[MOST_TEXT];
    char err[MOST_TEXT];
    char made[MOST_TEXT]; /* what -o names; empty when it was not made */
} outcome;

static void redirect(const char *path, int descriptor) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || dup2(file, descriptor) < 0 || close(file) != 0) {
        _exit(99);
    }
}

static void try_in_child(const call *c, uint64_t nth, bool forever, int pipe) {
    char name[] = "template-cli";
    char *argv[MOST_WORDS + 2] = {name};
    int argc = 1;
    for (int i = 0; i < MOST_WORDS && c->words[i] != NULL; i++) {
        argv[argc++] = (char *)(uintptr_t)c->words[i];
    }
    redirect("io/out", STDOUT_FILENO);
    redirect("io/err", STDERR_FILENO);
    int64_t before = mem_faulty_live();
    mem_faulty_arm(nth, forever);
    int code = cli_main(argc, argv);
    int64_t told[3] = {code, (int64_t)mem_faulty_failed(), mem_faulty_live() - before};
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
static void run(outcome *o, const call *c, uint64_t nth, bool forever) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        try_in_child(c, nth, forever, ends[1]);
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
    if (status != 0 || got != (ssize_t)sizeof(told)) {
        fail_msg("%s %s, allocation %d: status %d: %s", c->words[0], c->words[1], (int)nth, status,
                 o->err);
    }
    o->code = (int)told[0];
    o->failed = (uint64_t)told[1];
    o->live = told[2];
}

static size_t lines(const char *text) {
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += *text == '\n';
    }
    return count;
}

/* A clean end for want of memory: one line that says so, and nothing on standard output but an
 * error document, which must be whole. */
static const char *memory_fault(const outcome *o) {
    if (o->code != EXIT_MEMORY) {
        return "neither its own end nor that of a call without memory";
    }
    if (strncmp(o->err, "template-cli: ", 14) != 0 || strstr(o->err, "memory") == NULL) {
        return "does not say that memory failed";
    }
    if (lines(o->err) != 1) {
        return "says more than one line";
    }
    size_t len = strlen(o->out);
    bool document =
        o->out[0] == '{' && o->out[len - 1] == '\n' && strstr(o->out, "error/1") != NULL;
    return len == 0 || document ? NULL : "leaves a part of its result on standard output";
}

static const char *fault(const outcome *o, const outcome *whole) {
    if (o->live != 0) {
        return "memory was not freed";
    }
    if (o->made[0] != '\0' && strcmp(o->made, whole->made) != 0) {
        return "made another file"; /* a whole one may be there when what follows it fails */
    }
    bool same = o->code == whole->code && strcmp(o->out, whole->out) == 0 &&
                strcmp(o->made, whole->made) == 0;
    if (same && (o->failed == 0 || strcmp(o->err, whole->err) == 0)) {
        return NULL;
    }
    if (o->failed == 0) {
        return "two calls, two answers";
    }
    bool fails_anyway = whole->code > 1 && o->code == whole->code; /* if in fewer words */
    if (fails_anyway && strncmp(o->err, "template-cli: ", 14) == 0) {
        return NULL;
    }
    return same ? NULL : memory_fault(o);
}

static void sweep(const call *c) {
    static outcome whole;
    static outcome o;
    run(&whole, c, 0, false);
    if (whole.code != c->otherwise) {
        fail_msg("%s %s: exit %d: %s", c->words[0], c->words[1], whole.code, whole.err);
    }
    size_t files = scratch_entries(".");
    for (int forever = 0; forever < 2; forever++) {
        uint64_t nth = 0;
        do {
            run(&o, c, ++nth, forever == 1);
            const char *what = fault(&o, &whole);
            what = what == NULL && scratch_entries(".") != files ? "files were left behind" : what;
            if (what != NULL) {
                fail_msg("%s %s, allocation %d%s: %s: exit %d: %s%s", c->words[0], c->words[1],
                         (int)nth, forever ? " and all behind it" : "", what, o.code, o.out, o.err);
            }
            assert_true(nth < MOST_ALLOCATIONS);
        } while (o.failed > 0);
        assert_true(nth > 1); /* or nothing was tried */
    }
}

static void make_files(void) {
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
    scratch_write("broken", "{\"hashAlg\":");
    scratch_write("sums", "99aa06d3014798d86001c324468d497f  tree/a\n");
    scratch_write_old("tree/a", "1");
    scratch_write_old("tree/d/b", "22");
    scratch_write_old("tree/left.x", "");
    scratch_directory("io");
}

static void every_command_survives_running_out_of_memory(void **state) {
    (void)state;
    make_files();
    for (size_t i = 0; i < sizeof(CALLS) / sizeof(CALLS[0]); i++) {
        sweep(&CALLS[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(every_command_survives_running_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
