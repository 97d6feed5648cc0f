/* SPDX-License-Identifier: MIT */
/* Writes and reads lines of check sums. */
#include "sums.h"

#include <string.h>

static bool needs_escape(const char *name) {
    return strpbrk(name, "\\\n\r") != NULL;
}

static void put_escaped(cli_text *text, const char *name) {
    for (; *name != '\0'; name++) {
        if (*name == '\\') {
            cli_put(text, "\\\\");
        } else if (*name == '\n') {
            cli_put(text, "\\n");
        } else if (*name == '\r') {
            cli_put(text, "\\r");
        } else {
            cli_put_bytes(text, name, 1);
        }
    }
}

void cli_sum_put(cli_text *text, tpl_hash128 hash, const char *name) {
    char hex[TPL_HASH_HEX_LEN + 1];
    tpl_hash128_to_hex(hash, hex);
    cli_put(text, needs_escape(name) ? "\\" : "");
    cli_put(text, hex);
    cli_put(text, "  ");
    put_escaped(text, name);
    cli_put(text, "\n");
}

void cli_sum_put_name(cli_text *text, const char *name) {
    cli_put(text, needs_escape(name) ? "\\" : "");
    put_escaped(text, name);
}

/* What a letter behind a backslash stands for; NUL when for nothing. */
static char unescape(char letter) {
    switch (letter) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case '\\':
        return '\\';
    default:
        return '\0';
    }
}

static bool put_unescaped(cli_text *text, const char *name, size_t len) {
    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        if (c == '\\') {
            i++;
            c = i < len ? unescape(name[i]) : '\0';
        }
        if (c == '\0') {
            return false;
        }
        cli_put_bytes(text, &c, 1);
    }
    return true;
}

static bool parse_hash(tpl_hash128 *out, const char *digits) {
    char lower[TPL_HASH_HEX_LEN];
    for (size_t i = 0; i < TPL_HASH_HEX_LEN; i++) {
        char c = digits[i];
        lower[i] = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
    }
    return tpl_hash128_from_hex(out, lower, sizeof(lower));
}

cli_sum_kind cli_sum_parse(cli_sum *out, const char *line, size_t len) {
    if (len > 0 && line[len - 1] == '\r') {
        len--;
    }
    if (len == 0 || line[0] == '#') {
        return CLI_SUM_IGNORED;
    }
    bool escaped = line[0] == '\\';
    line += escaped ? 1 : 0;
    len -= escaped ? 1 : 0;
    size_t name_at = TPL_HASH_HEX_LEN + 2; /* behind "  ", or " *" of a file read as binary */
    if (len <= name_at || line[TPL_HASH_HEX_LEN] != ' ' ||
        (line[name_at - 1] != ' ' && line[name_at - 1] != '*') || !parse_hash(&out->hash, line) ||
        memchr(line, '\0', len) != NULL) {
        return CLI_SUM_MALFORMED;
    }
    out->name.bytes.len = 0;
    if (!escaped) {
        cli_put_bytes(&out->name, line + name_at, len - name_at);
        return CLI_SUM_LINE;
    }
    return put_unescaped(&out->name, line + name_at, len - name_at) ? CLI_SUM_LINE
                                                                    : CLI_SUM_MALFORMED;
}
