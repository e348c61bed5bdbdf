/* SPDX-License-Identifier: MIT */
#include "control/console.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/print.h"
#include "control/list.h"
#include "control/names.h"
#include "control/words.h"

enum {
    READ_BYTES = 4096,
    HELD_WAIT_MS = 5,
};

static const uint64_t HELD_REPORT_NS = UINT64_C(500000000);

/* What a message points to, until that message has been taken. */
struct payload {
    struct payload *next;
    size_t number; /* of the message, from 1 */
    void *bytes;
};

bool console_open(struct console *console, const char *path,
                  struct failure *failure)
{
    struct stat status;
    console->path = path;
    console->fd = STDIN_FILENO;
    inbox_init(&console->inbox, console->slots, CONSOLE_MESSAGES);
    if (strcmp(path, "-") == 0) {
        console->path = "<stdin>";
        return true;
    }
    bool is_pipe = stat(path, &status) == 0 && S_ISFIFO(status.st_mode);
    /* A pipe that is open for writing here never comes to its end. */
    console->fd = open(path, (is_pipe ? O_RDWR : O_RDONLY) | O_CLOEXEC |
                                 O_NONBLOCK | O_NOCTTY);
    console->is_ours = console->fd >= 0;
    if (console->fd >= 0) {
        return true;
    }
    int error = errno;
    (void)failure_set(failure, STATUS_FILE, "cannot read '%s': %s", path,
                      strerror(error));
    return error == ENOENT ? failure_hint(failure, "mkfifo %s", path) : false;
}

int console_fd(const struct console *console)
{
    return console->held_ns == 0 ? console->fd : -1;
}

int console_wait_ms(const struct console *console, int most_ms)
{
    return console->held_ns != 0 && most_ms > HELD_WAIT_MS ? HELD_WAIT_MS
                                                           : most_ms;
}

static void report(struct console *console, const struct failure *failure)
{
    const char *program = console->reader.program;
    (void)fprintf(console->errors, "%s: %s:%u: ", program, console->path,
                  console->line);
    print_name(failure->text, console->errors);
    if (failure->hint[0] != '\0') {
        (void)fprintf(console->errors, "\n%s: hint: ", program);
        print_name(failure->hint, console->errors);
    }
    (void)fputc('\n', console->errors);
}

/* Free what the audio thread has done with. */
static void free_payloads(struct console *console, size_t taken)
{
    for (struct payload **at = &console->payloads; *at != NULL;) {
        struct payload *payload = *at;
        if (payload->number <= taken) {
            *at = payload->next;
            free(payload->bytes);
            free(payload);
        } else {
            at = &payload->next;
        }
    }
}

static bool keep_payload(struct console *console, void *bytes)
{
    struct payload *payload = malloc(sizeof *payload);
    if (payload == NULL) {
        return false;
    }
    *payload = (struct payload){console->payloads, console->sent + 1, bytes};
    console->payloads = payload;
    return true;
}

/* One event of 'waiting'. False: the inbox is full, or there is no memory. */
static bool send_event(struct console *console, size_t index)
{
    struct event_list *list = &console->waiting;
    const struct change *change = &list->events[index];
    if (console->sent - inbox_taken(&console->inbox) == CONSOLE_MESSAGES) {
        return false;
    }
    if (!inbox_copies(change)) {
        if (!keep_payload(console, list->payloads[index])) {
            return false;
        }
        list->payloads[index] = NULL;
    }
    (void)inbox_send(&console->inbox, change); /* there is room */
    console->sent++;
    return true;
}

/*
 * Something waits for the patch: nothing is lost, and nothing more is read.
 * When that lasts it is messages, once. Always false.
 */
static bool hold(struct console *console, uint64_t now_ns)
{
    if (console->held_ns == 0) {
        console->held_ns = now_ns;
    }
    if (!console->has_reported && now_ns - console->held_ns > HELD_REPORT_NS) {
        console->has_reported = true;
        (void)fprintf(console->errors,
                      "%s: %s:%u: the patch does not run and %zu changes wait "
                      "for it; reading goes on when it does\n",
                      console->reader.program, console->path, console->line,
                      console->sent - inbox_taken(&console->inbox));
    }
    return false;
}

/* False: some wait for room. */
static bool send_waiting(struct console *console, uint64_t now_ns)
{
    while (console->waiting_next < console->waiting.count) {
        if (!send_event(console, console->waiting_next)) {
            return hold(console, now_ns);
        }
        console->waiting_next++;
    }
    event_list_free(&console->waiting);
    console->waiting_next = 0;
    return true;
}

/* False: the patch has not seen all that was said before a question. */
static bool is_settled(struct console *console, uint64_t now_ns)
{
    return inbox_taken(&console->inbox) == console->sent ||
           hold(console, now_ns);
}

static bool run_get(struct console *console, char *rest,
                    struct failure *failure)
{
    const struct f4e_patch *patch = console->reader.patch;
    const char *name = words_next(&rest);
    struct place place;
    if (name == NULL) {
        return failure_set(failure, STATUS_USAGE, "get needs a name");
    }
    for (; name != NULL; name = words_next(&rest)) {
        if (!names_find(patch, name, &place, failure)) {
            return false;
        }
        list_print_place(patch, &place, UINT32_MAX, console->answers);
    }
    return true;
}

static bool run_list(struct console *console, char *rest,
                     struct failure *failure)
{
    return list_print(console->reader.patch, console->defaults,
                      words_next(&rest), false, console->answers, failure);
}

static bool run_params(struct console *console, char *rest,
                       struct failure *failure)
{
    return list_print_params(console->reader.patch, words_next(&rest), false,
                             console->answers, failure);
}

/* The rest of the line is the path, blanks and all. */
static bool run_save(struct console *console, char *rest,
                     struct failure *failure)
{
    char *path = rest + strspn(rest, " \t");
    for (size_t end = strlen(path);
         end > 0 && strchr(" \t\r", path[end - 1]) != NULL; --end) {
        path[end - 1] = '\0';
    }
    if (*path == '\0') {
        return failure_set(failure, STATUS_USAGE,
                           "save needs a file, such as: save patch.state");
    }
    return console->save != NULL
               ? console->save(console->context, path, failure)
               : failure_set(failure, STATUS_INTERNAL,
                             "nothing can be saved here");
}

/* What is no event. */
static const struct {
    const char *verb;
    bool (*run)(struct console *console, char *rest, struct failure *failure);
} verbs[] = {{"get", run_get},
             {"list", run_list},
             {"params", run_params},
             {"save", run_save}};

enum { VERBS = sizeof verbs / sizeof *verbs };

/* A line that changes the patch: its events, checked for the inbox. */
static bool change(struct console *console, char *line, struct failure *failure)
{
    struct event_list *waiting = &console->waiting;
    if (!command_read(&console->reader, line, 0, waiting, failure)) {
        event_list_free(waiting);
        return false;
    }
    for (size_t i = 0; i < waiting->count; ++i) {
        const struct change *event = &waiting->events[i];
        if (event->kind == CHANGE_CALL &&
            event->call.function->params > INBOX_ARGS_MAX) {
            (void)failure_set(failure, STATUS_USAGE,
                              "'%s' has more than %d parameters",
                              event->call.function->name, INBOX_ARGS_MAX);
            event_list_free(waiting);
            return false;
        }
    }
    return true;
}

/* The row of 'verbs' that a line begins with, or -1. */
static int find_question(const char *verb)
{
    int i = VERBS - 1;
    while (i >= 0 && strcmp(verb, verbs[i].verb) != 0) {
        --i;
    }
    return i;
}

/* False, with nothing done: it is to be tried again. */
static bool run_line(struct console *console, char *line, size_t bytes,
                     uint64_t now_ns)
{
    struct failure failure = {0};
    if (memchr(line, '\0', bytes) != NULL) {
        console->line++;
        (void)failure_set(&failure, STATUS_USAGE, "%s", command_nul_text);
        report(console, &failure);
        return true;
    }
    line += console->line == 0 ? command_mark(line) : 0;
    char *rest = line;
    char verb[16] = "";
    const char *start = line + strspn(line, " \t\r");
    size_t length = strcspn(start, " \t\r");
    memcpy(verb, start, length < sizeof verb ? length : sizeof verb - 1);
    int question = find_question(verb);
    if (question >= 0 && !is_settled(console, now_ns)) {
        return false;
    }
    bool is_good = true;
    console->line++;
    if (question >= 0) {
        (void)words_next(&rest);
        is_good = verbs[question].run(console, rest, &failure);
        (void)fflush(console->answers);
    } else if (strcmp(verb, "quit") == 0) {
        console->is_quitting = true;
    } else if (command_has_verb(verb)) {
        is_good = change(console, line, &failure);
    } else if (*start != '\0' && *start != '#') {
        is_good = failure_set(&failure, STATUS_USAGE,
                              "expected set, load, call, midi, key, get, "
                              "list, params, save or quit, not '%.*s'",
                              (int)length, start);
    }
    if (!is_good) {
        report(console, &failure);
    }
    return true;
}

/*
 * The lines that are complete, or all at the end of the input. False when one
 * has to wait.
 */
static bool run_lines(struct console *console, bool is_end, uint64_t now_ns)
{
    size_t done = 0;
    bool is_free = send_waiting(console, now_ns);
    while (is_free && done < console->length && !console->is_quitting) {
        char *line = console->text + done;
        char *feed = memchr(line, '\n', console->length - done);
        if (feed == NULL && !is_end) {
            break;
        }
        size_t length =
            feed != NULL ? (size_t)(feed - line) : console->length - done;
        line[length] = '\0'; /* in place of the line feed, or after the end */
        if (console->is_skipping) {
            console->is_skipping = false;
            console->line++;
        } else if (!run_line(console, line, length, now_ns)) {
            line[length] = '\n';
            is_free = false;
            break;
        }
        done += length + (feed != NULL);
        is_free = send_waiting(console, now_ns);
    }
    console->length -= done;
    if (done > 0) {
        memmove(console->text, console->text + done, console->length);
    }
    if (is_free) {
        console->held_ns = 0;
        console->has_reported = false;
    }
    return is_free;
}

/* Room for more, and one byte to end it. */
static bool make_room(struct console *console)
{
    if (console->length >= COMMAND_LINE_MAX && console->is_skipping) {
        console->length = 0;
    } else if (console->length >= COMMAND_LINE_MAX) {
        struct failure failure = {0};
        (void)failure_set(&failure, STATUS_USAGE,
                          "the line is longer than %d bytes", COMMAND_LINE_MAX);
        console->line++;
        report(console, &failure);
        console->line--;
        console->is_skipping = true;
        console->length = 0;
    }
    if (console->capacity - console->length <= READ_BYTES) {
        size_t larger = console->capacity * 2 + (size_t)2 * READ_BYTES;
        char *text = realloc(console->text, larger);
        if (text == NULL) {
            return false;
        }
        console->text = text;
        console->capacity = larger;
    }
    return true;
}

static void stop_reading(struct console *console)
{
    if (console->is_ours) {
        (void)close(console->fd);
    }
    console->fd = -1;
    console->is_ours = false;
}

/* False: nothing there, for now or for ever. */
static bool read_more(struct console *console)
{
    struct pollfd fd = {.fd = console->fd, .events = POLLIN};
    /* Standard input may block others' reads, so its mode is left alone. */
    if (console->fd < 0 || poll(&fd, 1, 0) <= 0 || !make_room(console)) {
        return false;
    }
    ssize_t bytes =
        read(console->fd, console->text + console->length, READ_BYTES);
    if (bytes > 0) {
        console->length += (size_t)bytes;
        return true;
    }
    if (bytes == 0 || (errno != EAGAIN && errno != EINTR)) {
        stop_reading(console);
    }
    return false;
}

void console_pump(struct console *console, uint64_t now_ns)
{
    free_payloads(console, inbox_taken(&console->inbox));
    for (int i = 0; i < COMMAND_LINE_MAX / READ_BYTES; ++i) {
        if (!run_lines(console, false, now_ns) || console->is_quitting ||
            !read_more(console)) {
            break;
        }
    }
    if (console->fd < 0 && console->held_ns == 0 && !console->is_quitting) {
        (void)run_lines(console, true, now_ns);
    }
}

void console_close(struct console *console)
{
    stop_reading(console);
    free_payloads(console, SIZE_MAX);
    event_list_free(&console->waiting);
    free(console->text);
    console->text = NULL;
    console->length = console->capacity = 0;
}
