/* SPDX-License-Identifier: MIT */
#include "program.h"

#include "fake_patch.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 64 };

static char directory[] = "/tmp/f4e-shim-XXXXXX";

void program_setup(void)
{
    memcpy(directory + strlen(directory) - 6, "XXXXXX", 6);
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
}

void program_teardown(void)
{
    char left[256] = "";
    DIR *dir = opendir(directory);
    ck_assert_ptr_nonnull(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (strstr(entry->d_name, ".tmp") != NULL) {
            (void)snprintf(left, sizeof(left), "%s", entry->d_name);
        }
        (void)unlinkat(dirfd(dir), entry->d_name, 0);
    }
    (void)closedir(dir);
    (void)chdir("/");
    (void)rmdir(directory);
    ck_assert_msg(left[0] == '\0', "left behind: %s", left);
}

static void redirect(const char *path, int flags, int fd)
{
    int file = open(path, flags, 0600);
    if (file < 0 || dup2(file, fd) < 0) {
        _exit(127);
    }
}

pid_t program_start(const char *program, const char *conf,
                    const char *arguments)
{
    char words[4096];
    char *argv[ARGUMENTS_MAX] = {NULL};
    unsigned count = 0;
    program = program != NULL ? program : getenv("FAKE_STEREO");
    ck_assert_ptr_nonnull(program);
    (void)snprintf(words, sizeof(words), "%s %s", program, arguments);
    for (char *word = strtok(words, " "); word != NULL;
         word = strtok(NULL, " ")) {
        ck_assert_uint_lt(count, ARGUMENTS_MAX - 1);
        argv[count++] = word;
    }
    if (conf != NULL) {
        program_write_file("alsa.conf", conf, strlen(conf));
    }
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        /* A test that fails leaves no program that plays on. */
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        redirect("/dev/null", O_RDONLY, 0);
        redirect("child.out", O_WRONLY | O_CREAT | O_TRUNC, 1);
        redirect("child.err", O_WRONLY | O_CREAT | O_TRUNC, 2);
        (void)setenv("ALSA_CONFIG_PATH", conf != NULL ? "alsa.conf" : "none",
                     1);
        (void)execv(argv[0], argv);
        _exit(127);
    }
    return pid;
}

static size_t take_file(const char *path, char *text, size_t size)
{
    size_t bytes;
    unsigned char *data = program_read_file(path, &bytes);
    size_t kept = bytes < size - 1 ? bytes : size - 1;
    memcpy(text, data, kept);
    text[kept] = '\0';
    free(data);
    return bytes;
}

struct program_result program_wait(pid_t pid)
{
    struct program_result result;
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    result.status =
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result.out_bytes = take_file("child.out", result.out, sizeof(result.out));
    (void)take_file("child.err", result.err, sizeof(result.err));
    return result;
}

struct program_result program_check(const char *arguments, int status,
                                    const char *message)
{
    struct program_result result = program_run(NULL, NULL, arguments);
    ck_assert_msg(result.status == status &&
                      strstr(result.err, message) != NULL,
                  "%s: status %d: %s", arguments, result.status, result.err);
    return result;
}

void program_expect(const struct program_result *result, int status,
                    const char *const *words)
{
    ck_assert_msg(result->status == status, "%d: %s", result->status,
                  result->err);
    for (; *words != NULL; words++) {
        ck_assert_msg(strstr(result->err, *words) != NULL, "no '%s' in %s",
                      *words, result->err);
    }
}

void program_wait_for(const char *text)
{
    const struct timespec pause = {0, 10000000};
    char err[8192] = "";
    for (int i = 0; i < 6000 && strstr(err, text) == NULL; i++) {
        (void)nanosleep(&pause, NULL);
        if (program_has_file("child.err")) {
            (void)take_file("child.err", err, sizeof(err));
        }
    }
    ck_assert_msg(strstr(err, text) != NULL, "no '%s' in: %s", text, err);
}

void program_wait_for_bytes(const char *path, long bytes)
{
    const struct timespec pause = {0, 5000000};
    struct stat status = {0};
    for (int i = 0; i < 8000 && status.st_size <= bytes; i++) {
        (void)nanosleep(&pause, NULL);
        (void)stat(path, &status);
    }
    ck_assert_msg(status.st_size > bytes, "%s has %ld bytes", path,
                  (long)status.st_size);
}

void program_wait_for_recording(const char *path, pid_t pid, long bytes)
{
    char temporary[128];
    (void)snprintf(temporary, sizeof(temporary), "%s.%ld.tmp", path, (long)pid);
    program_wait_for_bytes(temporary, bytes);
}

static void nap(void)
{
    const struct timespec pause = {0, 10000000};
    (void)nanosleep(&pause, NULL);
}

/* One request on a connection of its own; false without an answer. */
static bool ask(const char *request, char *answer, size_t size)
{
    const struct sockaddr_un address = {.sun_family = AF_UNIX,
                                        .sun_path = "asked"};
    size_t length = strlen(request);
    size_t count = 0;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(fd, 0);
    answer[0] = '\0';
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
        send(fd, request, length, MSG_NOSIGNAL) == (ssize_t)length) {
        for (ssize_t got = 1;
             got > 0 && count < size - 1 && strchr(answer, '\n') == NULL;) {
            got = recv(fd, answer + count, size - 1 - count, 0);
            count += got > 0 ? (size_t)got : 0;
            answer[count] = '\0';
        }
    }
    (void)close(fd);
    return strchr(answer, '\n') != NULL;
}

int32_t program_word(unsigned address)
{
    char request[32];
    char answer[256];
    bool is_answered = false;
    (void)snprintf(request, sizeof(request), "get @%u:i32\n", address);
    for (int i = 0; i < 6000 && !is_answered; i++) {
        is_answered = ask(request, answer, sizeof(answer));
        if (!is_answered) {
            nap();
        }
    }
    const char *value = strstr(answer, "i32\":");
    ck_assert_msg(value != NULL, "%s: %s", request, answer);
    return (int32_t)strtol(value + strlen("i32\":"), NULL, 10);
}

void program_wait_for_word(unsigned address, int32_t value)
{
    int32_t last = program_word(address);
    for (int i = 0; i < 6000 && last != value; i++) {
        nap();
        last = program_word(address);
    }
    ck_assert_msg(last == value, "word %u is %d, not %d", address, (int)last,
                  (int)value);
}

void program_play_on(int32_t blocks)
{
    int32_t first = program_word(FAKE_BLOCKS);
    int32_t last = first;
    for (int i = 0; i < 6000 && last < first + blocks; i++) {
        nap();
        last = program_word(FAKE_BLOCKS);
    }
    ck_assert_int_ge(last, first + blocks);
}

struct program_result program_insist(pid_t pid, int signal)
{
    siginfo_t info = {0};
    for (int i = 0; i < 6000 && info.si_pid != pid; i++) {
        ck_assert_int_eq(kill(pid, signal), 0);
        nap();
        (void)waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
    }
    return program_wait(pid);
}

struct program_result program_run(const char *program, const char *conf,
                                  const char *arguments)
{
    return program_wait(program_start(program, conf, arguments));
}

void program_write_file(const char *path, const void *data, size_t bytes)
{
    FILE *file = fopen(path, "wb");
    ck_assert_msg(file != NULL, "cannot write %s", path);
    ck_assert_uint_eq(fwrite(data, 1, bytes, file), bytes);
    ck_assert_int_eq(fclose(file), 0);
}

unsigned char *program_read_file(const char *path, size_t *bytes)
{
    struct stat status;
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL && fstat(fileno(file), &status) == 0,
                  "cannot read %s", path);
    unsigned char *data = malloc((size_t)status.st_size + 1);
    ck_assert_ptr_nonnull(data);
    *bytes = fread(data, 1, (size_t)status.st_size, file);
    data[*bytes] = '\0';
    (void)fclose(file);
    return data;
}

bool program_has_file(const char *path)
{
    return access(path, F_OK) == 0;
}

void program_use_sequencer(const char *ports)
{
    const char *fake = getenv("FAKE_SEQ");
    ck_assert_ptr_nonnull(fake);
    (void)setenv("LD_PRELOAD", fake, 1);
    program_write_file("ports", ports, strlen(ports));
    ck_assert_int_eq(mkfifo("events", 0600), 0);
}

int32_t program_dumped(const char *path, unsigned address)
{
    size_t bytes;
    int32_t value;
    unsigned char *data = program_read_file(path, &bytes);
    ck_assert_uint_eq(bytes, FAKE_MEMORY_BYTES);
    memcpy(&value, data + address, sizeof(value));
    free(data);
    return value;
}
