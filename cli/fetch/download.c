/* SPDX-License-Identifier: MIT */
#include "fetch/download.h"

#include "base/file.h"
#include "base/process.h"
#include "base/utf8.h"
#include "fetch/address.h"

#include <inttypes.h>
#include <signal.h>
#include <unistd.h>

/* What curl says after a transfer, a line each. */
static const char report[] =
    "%{http_code}\n%header{content-encoding}\n%{redirect_url}\n";

struct answer {
    unsigned code;
    const char *encoding;
    const char *redirect;
};

/* The last three lines of the output. */
static bool read_answer(struct answer *answer, const struct buf *output,
                        struct arena *arena)
{
    const char *lines[3] = {NULL, NULL, NULL};
    const char *text = buf_string(output);
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        lines[0] = lines[1];
        lines[1] = lines[2];
        lines[2] = arena_copy(arena, text, length);
        text += length + (text[length] == '\n');
    }
    if (lines[0] == NULL || strlen(lines[0]) != 3 ||
        strspn(lines[0], "0123456789") != 3) {
        return false;
    }
    *answer = (struct answer){(unsigned)strtoul(lines[0], NULL, 10), lines[1],
                              lines[2]};
    return true;
}

static bool fail_curl(const struct process *process, const char *text,
                      const struct download_limits *limits, struct arena *arena,
                      struct diag *diag)
{
    enum { TOO_LARGE = 63, TOO_SLOW = 28, NO_TRUST = 60 };
    const char *url = utf8_print_text(text, arena);
    bool is_large = (process->has_exited && process->status == TOO_LARGE) ||
                    (!process->has_exited && process->signal == SIGXFSZ);
    if (is_large) {
        (void)diag_tool(diag, "'%s' has more than %" PRIu64 " bytes", url,
                        limits->max_bytes);
        return diag_hint(diag, "--max-bytes N takes more");
    }
    if (process->has_timed_out ||
        (process->has_exited && process->status == TOO_SLOW)) {
        (void)diag_tool(diag, "'%s' does not come in %u seconds", url,
                        limits->max_seconds);
        return diag_hint(diag, "--max-seconds N waits longer");
    }
    /* "curl: (18) transfer closed …" is its last line but for the report. */
    const char *said = strstr(buf_string(&process->text), "curl: ");
    size_t length = said != NULL ? strcspn(said, "\n") : 0;
    (void)diag_tool(diag, "'%s': %s", url,
                    length > 0
                        ? utf8_print_line((const uint8_t *)said, length, arena)
                        : process_end_text(process, arena));
    return process->has_exited && process->status == NO_TRUST &&
           diag_hint(diag, "if that server is your own: CURL_CA_BUNDLE=FILE "
                           "names its certificate");
}

/* Ask once, at the address that was found for the host. */
static bool ask(struct answer *answer, const struct url *url,
                const char *address, const char *curl, const char *path,
                const struct download_limits *limits, struct arena *arena,
                struct diag *diag)
{
    enum { SPARE_MS = 5000 };
    struct process process;
    bool is_long = strchr(address, ':') != NULL;
    const char *const argv[] = {
        curl,
        "-q", /* no ~/.curlrc; has to be the first one */
        "--silent",
        "--show-error",
        "--globoff",
        "--path-as-is",
        "--proto",
        "=http,https",
        "--max-redirs",
        "0",
        "--noproxy",
        "*",
        "--connect-to",
        arena_format(arena, is_long ? "::[%s]:%s" : "::%s:%s", address,
                     url->port),
        "--connect-timeout",
        arena_format(arena, "%u", limits->max_seconds),
        "--max-time",
        arena_format(arena, "%u", limits->max_seconds),
        "--max-filesize",
        arena_format(arena, "%" PRIu64, limits->max_bytes),
        "--output",
        path,
        "--write-out",
        report,
        "--",
        url->text,
        NULL,
    };
    (void)unlink(path);
    if (!process_run_limited(&process, argv, limits->max_bytes,
                             limits->max_seconds * 1000U + SPARE_MS, arena,
                             diag)) {
        return false;
    }
    if (!process_succeeded(&process)) {
        return fail_curl(&process, url->text, limits, arena, diag);
    }
    return read_answer(answer, &process.text, arena) ||
           diag_tool(diag, "'%s': curl does not say what came",
                     utf8_print_text(url->text, arena));
}

static bool check_answer(const struct answer *answer, const char *text,
                         struct arena *arena, struct diag *diag)
{
    enum { OK = 200 };
    const char *url = utf8_print_text(text, arena);
    if (answer->code != OK) {
        return diag_tool(diag, "'%s': the server answers with %u", url,
                         answer->code);
    }
    if (answer->encoding[0] != '\0' &&
        strcmp(answer->encoding, "identity") != 0) {
        return diag_tool(diag,
                         "'%s': the server sends it as '%s', which nobody "
                         "asked for",
                         url, utf8_print_text(answer->encoding, arena));
    }
    return true;
}

static bool read_bytes(const char *path, const uint8_t **bytes, size_t *size,
                       const struct download_limits *limits,
                       struct arena *arena, struct diag *diag)
{
    if (access(path, F_OK) != 0) { /* a file of no bytes */
        *bytes = (const uint8_t *)"";
        *size = 0;
        return true;
    }
    return file_read(path, (size_t)limits->max_bytes, bytes, size, arena, diag);
}

bool download(const char *text, const uint8_t **bytes, size_t *size,
              const struct download_limits *limits,
              const struct workdir *workdir, struct arena *arena,
              struct diag *diag)
{
    const char *path = workdir_path(workdir, "download", arena);
    const char *curl = process_find("curl", arena);
    if (curl == NULL) {
        (void)diag_tool(diag, "no program 'curl'");
        return diag_hint(diag, "sudo apt install curl");
    }
    for (int hops = 0; hops <= DOWNLOAD_MAX_REDIRECTS; hops++) {
        struct url url;
        struct answer answer = {0, "", ""};
        const char *address = NULL;
        const char *why = "";
        if (!url_parse(&url, text, &why, arena)) {
            return diag_input(diag, -1, "%s'%s' is not fetched: %s",
                              hops > 0 ? "redirected: " : "",
                              utf8_print_text(text, arena), why);
        }
        if (!address_find(&address, &url, limits->allows_private, arena,
                          diag) ||
            !ask(&answer, &url, address, curl, path, limits, arena, diag)) {
            return false;
        }
        if (answer.code / 100 != 3 || answer.redirect[0] == '\0') {
            return check_answer(&answer, text, arena, diag) &&
                   read_bytes(path, bytes, size, limits, arena, diag);
        }
        text = answer.redirect;
    }
    return diag_tool(diag, "'%s': more than %d redirects",
                     utf8_print_text(text, arena), DOWNLOAD_MAX_REDIRECTS);
}
