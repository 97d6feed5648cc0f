/* SPDX-License-Identifier: MIT */
/* `hash`: the check sums of files, and the check of such sums. */
#include "check.h"
#include "commands.h"
#include "input.h"
#include "out.h"
#include "report.h"
#include "sums.h"

typedef struct arguments {
    const char *check;
} arguments;

static const cli_option OPTIONS[] = {
    {"check", 'c', CLI_TEXT, offsetof(arguments, check), "FILE", NULL, NULL,
     "read sums from FILE, - being standard input, and check the files they name"},
    {0},
};

static void add_file(cli_json *json, const char *name, const tpl_file_hash *file) {
    cli_json_object(json, NULL);
    cli_json_os(json, "path", name);
    cli_json_hash(json, "hash", file->hash);
    cli_json_unsigned(json, "size", file->size);
    cli_json_object_end(json);
}

/* One document about all files, or the first failure. */
static cli_exit print_document(cli_context *cli, char *const *names, int count) {
    tpl_error err = TPL_ERROR_INIT;
    tpl_run run = cli_run(cli);
    tpl_status status = TPL_OK;
    cli_json json = CLI_JSON_INIT;
    cli_json_begin(&json, "hash");
    cli_json_array(&json, "files");
    for (int i = 0; i < count && status == TPL_OK; i++) {
        tpl_file_hash file;
        status = cli_input_hash(&file, names[i], &run, &err);
        if (status == TPL_OK) {
            add_file(&json, names[i], &file);
        }
    }
    cli_json_array_end(&json);
    if (status == TPL_OK) {
        status = cli_print_json(&json, &err);
    }
    cli_json_dispose(&json);
    return status == TPL_OK ? CLI_EXIT_DONE : cli_fail(cli, &err);
}

/* A line for each file that can be read; the others are reported, and go into the exit code. */
static cli_exit print_text(cli_context *cli, char *const *names, int count) {
    tpl_error err = TPL_ERROR_INIT;
    tpl_run run = cli_run(cli);
    cli_out out = CLI_OUT_INIT;
    cli_text line = CLI_TEXT_INIT;
    cli_exit code = CLI_EXIT_DONE;
    bool stop = false;
    for (int i = 0; i < count && !stop; i++) {
        tpl_file_hash file;
        if (cli_input_hash(&file, names[i], &run, &err) == TPL_OK) {
            line.bytes.len = 0;
            cli_sum_put(&line, file.hash, names[i]);
            stop = cli_out_text(&out, &line) != TPL_OK;
        } else {
            cli->subject = names[i];
            code = cli_fail(cli, &err);
            stop = code != CLI_EXIT_IO;
        }
    }
    cli->subject = NULL;
    if (cli_out_commit(&out, &err) != TPL_OK) {
        code = cli_fail(cli, &err);
    }
    cli_text_dispose(&line);
    cli_out_dispose(&out);
    return code;
}

static cli_exit run(cli_context *cli, int argc, char **argv) {
    char dash[] = "-";
    char *only_stdin[] = {dash};
    arguments args = {0};
    cli_exit code;
    if (!cli_parse(cli, &args, argc, argv, &code)) {
        return code;
    }
    if (args.check != NULL) {
        return cli->operand_count > 0
                   ? cli_usage(cli, "--check takes its files from the sums, not from ",
                               cli->operands[0], NULL)
                   : cli_check_sums(cli, args.check);
    }
    bool none = cli->operand_count == 0;
    char *const *names = none ? only_stdin : cli->operands;
    int count = none ? 1 : cli->operand_count;
    if (cli_stdin_twice(cli, names, count)) {
        return CLI_EXIT_USAGE;
    }
    return cli->json ? print_document(cli, names, count) : print_text(cli, names, count);
}

const cli_command cli_cmd_hash = {
    .name = "hash",
    .arguments = "[FILE...]",
    .summary = "Print or check the XXH3-128 sums of files, as xxhsum -H2 does",
    .details = "Without FILE, or with -, standard input is read. A line is the hash, two spaces "
               "and the name; a name with a newline or backslash has it escaped, and its line "
               "begins with a backslash. With --check, a line is a name and OK or FAILED.",
    .examples = "  template-cli hash *.iso > sums.txt\n"
                "  template-cli hash --check sums.txt\n",
    .options = OPTIONS,
    .run = run,
};
