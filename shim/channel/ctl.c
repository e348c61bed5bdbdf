/* SPDX-License-Identifier: MIT */
#include "channel/ctl.h"

#include "channel/ctl_help.h"
#include "channel/ctl_line.h"
#include "channel/listener.h"
#include "channel/unescape.h"
#include "common/number.h"
#include "common/print.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SOCKETS_MAX = 99,
    TIMEOUT_S = 10, /* more than anything takes that a patch answers */
    TIMEOUT_MAX_S = 86400,
};

struct ctl {
    const struct f4e_patch *patch;
    const char *program;
    const char *socket; /* --socket, or NULL */
    bool is_json;
    bool is_help;
    unsigned timeout_s; /* that an answer may take; 0: for ever */
    char **words;       /* the command */
    int count;
    char path[2 * LISTENER_PATH_MAX];
    FILE *requests;
    FILE *answers;
    char *line; /* of getline() */
    size_t capacity;
};

static bool fail_usage(const struct ctl *ctl, struct failure *failure)
{
    (void)failure_set(failure, STATUS_USAGE,
                      "ctl needs a command, or - for lines of them");
    return failure_hint(failure, "./%s ctl list", ctl->program);
}

/* Behind "--NAME=", or the next word behind "--NAME", to which '*at' moves;
 * NULL: 'word' is another option, or has no value. */
static const char *take_value(const char *word, const char *name,
                              const char *next, int *at)
{
    size_t length = strlen(name);
    if (strncmp(word, name, length) != 0) {
        return NULL;
    }
    if (word[length] == '=') {
        return word + length + 1;
    }
    if (word[length] != '\0' || next == NULL) {
        return NULL;
    }
    ++*at;
    return next;
}

static bool parse_timeout(struct ctl *ctl, const char *text,
                          struct failure *failure)
{
    uint64_t seconds = 0;
    if (!number_in_range(text, NUMBER_DECIMAL, 0, TIMEOUT_MAX_S, &seconds)) {
        return failure_set(failure, STATUS_USAGE,
                           "--timeout is 0 to %d whole seconds, not '%s'",
                           TIMEOUT_MAX_S, text);
    }
    ctl->timeout_s = (unsigned)seconds;
    return true;
}

/* The option 'word', of which '*at' moves to the last word. */
static bool parse_option(struct ctl *ctl, const char *word, const char *next,
                         int *at, struct failure *failure)
{
    const char *socket = take_value(word, "--socket", next, at);
    const char *timeout = take_value(word, "--timeout", next, at);
    if (strcmp(word, "--json") == 0) {
        ctl->is_json = true;
    } else if (socket != NULL) {
        ctl->socket = socket;
    } else if (timeout != NULL) {
        return parse_timeout(ctl, timeout, failure);
    } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        ctl->is_help = true;
    } else if (strcmp(word, "--socket") == 0 ||
               strcmp(word, "--timeout") == 0) {
        return failure_set(failure, STATUS_USAGE, "%s of ctl needs a value",
                           word);
    } else {
        (void)failure_set(failure, STATUS_USAGE, "unknown option '%s' of ctl",
                          word);
        return failure_hint(failure, "ctl [--socket PATH] [--json] "
                                     "[--timeout SECONDS] COMMAND...");
    }
    return true;
}

/* Options stand before the command, whose words are its own. */
static bool parse(struct ctl *ctl, int argc, char **argv,
                  struct failure *failure)
{
    int at = 1;
    for (; at < argc && argv[at][0] == '-' && argv[at][1] != '\0'; at++) {
        const char *next = at + 1 < argc ? argv[at + 1] : NULL;
        if (!parse_option(ctl, argv[at], next, &at, failure)) {
            return false;
        }
    }
    ctl->words = argv + at;
    ctl->count = argc - at;
    return ctl->count > 0 || ctl->is_help || fail_usage(ctl, failure);
}

/* "NAME.sock" or "NAME-3.sock". */
static bool is_ours(const struct ctl *ctl, const char *file)
{
    char own[LISTENER_PATH_MAX];
    for (unsigned i = 1; i <= SOCKETS_MAX; i++) {
        listener_format(own, sizeof(own), ctl->patch->name, i);
        if (strcmp(file, own) == 0) {
            return true;
        }
    }
    return false;
}

static bool fail_timeout(const struct ctl *ctl, struct failure *failure)
{
    (void)failure_set(failure, STATUS_FILE,
                      "the patch at %s is there, but has not answered within "
                      "%u s",
                      ctl->path, ctl->timeout_s);
    return failure_hint(failure, "ctl --timeout %d COMMAND, if it was stopped",
                        6 * TIMEOUT_S);
}

/* Connect to the one copy of the patch that plays; -1: none, or several. */
static int find(struct ctl *ctl, const char *folder, struct failure *failure)
{
    char all[400] = "";
    char path[2 * LISTENER_PATH_MAX + 256];
    unsigned count = 0;
    bool is_late = false;
    int found = -1;
    DIR *directory = opendir(folder);
    const struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        errno = 0;
        int fd = is_ours(ctl, entry->d_name)
                     ? listener_connect(path, ctl->timeout_s)
                     : -1;
        if (fd < 0) {
            if (errno == EAGAIN && count == 0) {
                is_late = true;
                (void)snprintf(ctl->path, sizeof(ctl->path), "%.200s", path);
            }
            continue;
        }
        size_t used = strlen(all);
        (void)snprintf(all + used, sizeof(all) - used, "%s%s",
                       used > 0 ? ", " : "", path);
        if (count++ == 0) {
            found = fd;
            (void)snprintf(ctl->path, sizeof(ctl->path), "%.200s", path);
        } else {
            (void)close(fd);
        }
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
    if (count > 1) {
        (void)close(found);
        found = -1;
        (void)failure_set(failure, STATUS_USAGE, "%u copies of '%s' play: %s",
                          count, ctl->patch->name, all);
        (void)failure_hint(failure, "ctl --socket %.150s ...", ctl->path);
    } else if (count == 0 && is_late) {
        (void)fail_timeout(ctl, failure);
    } else if (count == 0) {
        (void)failure_set(failure, STATUS_FILE, "no copy of '%s' listens in %s",
                          ctl->patch->name, folder);
        (void)failure_hint(failure, "./%s --control unix", ctl->program);
    }
    return found;
}

static bool open_streams(struct ctl *ctl, int fd, struct failure *failure)
{
    int other = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    ctl->requests = fdopen(fd, "w");
    ctl->answers = other >= 0 ? fdopen(other, "r") : NULL;
    if (ctl->requests == NULL || ctl->answers == NULL) {
        (void)failure_set_memory(failure);
        return false;
    }
    return true;
}

static bool connect_patch(struct ctl *ctl, struct failure *failure)
{
    char folder[LISTENER_PATH_MAX];
    int fd = -1;
    if (ctl->socket != NULL) {
        (void)snprintf(ctl->path, sizeof(ctl->path), "%.200s", ctl->socket);
        fd = listener_connect(ctl->socket, ctl->timeout_s);
        if (fd < 0 && errno == EAGAIN) {
            return fail_timeout(ctl, failure);
        }
        if (fd < 0) {
            return failure_set_errno(failure, STATUS_FILE,
                                     "cannot connect to '%s'", ctl->socket);
        }
    } else if (!listener_folder(folder, sizeof(folder))) {
        return listener_fail_folder(failure);
    } else if (access(folder, F_OK) == 0 &&
               !listener_check_folder(folder, failure)) {
        return false;
    } else {
        fd = find(ctl, folder, failure);
    }
    return fd >= 0 && open_streams(ctl, fd, failure);
}

/* Lines of a text, each safe for a terminal. */
static void print_lines(char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        bool is_last = text[length] == '\0';
        text[length] = '\0';
        print_name(text, stdout);
        (void)fputc('\n', stdout);
        text += length + !is_last;
    }
}

static bool check_output(struct failure *failure)
{
    return fflush(stdout) == 0 || errno == EPIPE ||
           failure_set_errno(failure, STATUS_FILE,
                             "cannot write standard output");
}

/* What the patch refused, as if it had been refused here. */
static bool take_failure(const char *line, struct failure *failure)
{
    char *text = unescape_member(line, "error");
    char *hint = unescape_member(line, "hint");
    const char *status = strstr(line, ",\"status\":");
    unsigned long long number =
        status != NULL ? strtoull(status + strlen(",\"status\":"), NULL, 10)
                       : 0;
    (void)failure_set(failure,
                      number > 0 && number < STATUS_FORCED
                          ? (enum exit_status)number
                          : STATUS_INTERNAL,
                      "%s", text != NULL ? text : "no reason was given");
    if (hint != NULL) {
        (void)failure_hint(failure, "%s", hint);
    }
    free(text);
    free(hint);
    return false;
}

/* The next line of the patch, printed. False: there is none. */
static bool take_line(struct ctl *ctl, struct failure *failure)
{
    bool is_late = false;
    if (ctl->answers == NULL ||
        !ctl_line_read(ctl->answers, &ctl->line, &ctl->capacity, &is_late)) {
        return is_late ? fail_timeout(ctl, failure) : false;
    }
    if (ctl->is_json) {
        (void)fputs(ctl->line, stdout);
    } else {
        char *text = unescape_member(ctl->line, "text");
        if (text != NULL) {
            print_lines(text);
        }
        free(text);
    }
    return check_output(failure);
}

static bool is_event(const struct ctl *ctl)
{
    return strncmp(ctl->line, "{\"event\":", strlen("{\"event\":")) == 0;
}

/* One request and its answer. */
static bool ask(struct ctl *ctl, const char *line, struct failure *failure)
{
    bool is_sent = fprintf(ctl->requests, "%s%s\n", ctl->is_json ? "" : "text ",
                           line) >= 0 &&
                   fflush(ctl->requests) == 0;
    /* Otherwise the answer says whether it arrived. */
    if (!is_sent && errno == EAGAIN) {
        return fail_timeout(ctl, failure);
    }
    do {
        if (!take_line(ctl, failure)) {
            return failure_set(failure, STATUS_FILE,
                               "the patch at %s ended without an answer",
                               ctl->path);
        }
    } while (is_event(ctl));
    return strstr(ctl->line, "\"ok\":true") != NULL ||
           take_failure(ctl->line, failure);
}

/* The line holds a request, which gets an answer. */
static bool has_request(const char *line)
{
    const char *start = line + strspn(line, " \t\r\v\f");
    return *start != '\0' && *start != '#';
}

/* Lines of standard input; the first failure is the one that counts. */
static bool ask_lines(struct ctl *ctl, struct failure *failure)
{
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, stdin) > 0) {
        struct failure own = {0};
        line[strcspn(line, "\n")] = '\0';
        if (!has_request(line) || ask(ctl, line, &own)) {
            continue;
        }
        if (failure->status == STATUS_OK) {
            *failure = own;
        }
        if (feof(ctl->answers) || ferror(ctl->answers)) {
            break;
        }
    }
    free(line);
    return failure->status == STATUS_OK;
}

static bool ask_words(struct ctl *ctl, struct failure *failure)
{
    char *line = ctl_line_join(ctl->words, ctl->count);
    bool is_good = false;
    if (line == NULL) {
        (void)failure_set_memory(failure);
    } else if (strpbrk(line, "\n") != NULL) {
        (void)failure_set(failure, STATUS_USAGE,
                          "a command of ctl is one line");
        (void)failure_hint(failure, "./%s ctl -", ctl->program);
    } else if (!has_request(line)) {
        (void)fail_usage(ctl, failure);
    } else {
        is_good = ask(ctl, line, failure);
    }
    free(line);
    return is_good;
}

static bool run(struct ctl *ctl, struct failure *failure)
{
    bool is_list = ctl->count == 1 && strcmp(ctl->words[0], "-") == 0;
    if (!connect_patch(ctl, failure) ||
        !(is_list ? ask_lines(ctl, failure) : ask_words(ctl, failure))) {
        return false;
    }
    size_t first = strcspn(ctl->words[0], " \t");
    bool is_watching = first == strlen("subscribe") &&
                       strncmp(ctl->words[0], "subscribe", first) == 0;
    if (is_watching && ctl->answers != NULL) {
        /* No event comes while nothing changes. */
        listener_set_timeout(fileno(ctl->answers), 0);
    }
    while (is_watching && take_line(ctl, failure)) {
        /* Until the patch ends, or this program is interrupted. */
    }
    return failure->status == STATUS_OK;
}

bool ctl_run(const struct f4e_patch *patch, const char *program,
             const struct word_table *more, int argc, char **argv,
             struct failure *failure)
{
    struct ctl ctl = {
        .patch = patch, .program = program, .timeout_s = TIMEOUT_S};
    bool is_good = parse(&ctl, argc, argv, failure);
    if (is_good && ctl.is_help) {
        ctl_help_print(program, more, stdout);
        return check_output(failure);
    }
    is_good = is_good && run(&ctl, failure);
    if (ctl.requests != NULL) {
        (void)fclose(ctl.requests);
    }
    if (ctl.answers != NULL) {
        (void)fclose(ctl.answers);
    }
    free(ctl.line);
    return is_good;
}
