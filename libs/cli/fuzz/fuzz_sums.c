/* SPDX-License-Identifier: MIT */
/* Lists of check sums, as `hash --check` reads them: what a line says can be written, and says the
 * same again. */
#include <string.h>

#include "fuzz.h"
#include "sums.h"

/* The line that it is written as has no other line in it, and is read as what it was. */
static void check_written(cli_sum *sum) {
    const char *name = cli_text_string(&sum->name);
    MUST(sum->name.status == TPL_OK && name[0] != '\0');
    cli_text line = CLI_TEXT_INIT;
    cli_sum again = {{0, 0}, CLI_TEXT_INIT};
    cli_sum_put(&line, sum->hash, name);
    const char *text = cli_text_string(&line);
    size_t len = strlen(text);
    MUST(line.status == TPL_OK && strchr(text, '\n') == text + len - 1);
    MUST(cli_sum_parse(&again, text, len - 1) == CLI_SUM_LINE);
    MUST(again.hash.high == sum->hash.high && again.hash.low == sum->hash.low);
    MUST(strcmp(cli_text_string(&again.name), name) == 0);
    cli_text_dispose(&again.name);
    cli_text_dispose(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_text input = {(const char *)data, size};
    cli_sum sum = {{0, 0}, CLI_TEXT_INIT};
    while (input.len > 0) {
        fuzz_text line = fuzz_line(&input);
        cli_sum_kind kind = cli_sum_parse(&sum, line.data, line.len);
        MUST(kind == CLI_SUM_LINE || kind == CLI_SUM_IGNORED || kind == CLI_SUM_MALFORMED);
        if (kind == CLI_SUM_LINE) {
            check_written(&sum);
        }
    }
    cli_text_dispose(&sum.name);
    return 0;
}
