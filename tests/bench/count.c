/* SPDX-License-Identifier: MIT */
/*
 * count LIBRARY PROGRAM: what one block costs besides time. PROGRAM speaks the
 * lines of engine_protocol.h; it is traced (ptrace) with LIBRARY, which
 * count_preload.c makes, preloaded, and told to warm up, to run one block, and
 * to run a thousand and one. What the two runs differ by is of a thousand
 * blocks. Prints
 *
 *     allocations A locks L systemCalls S
 *
 * for one block, as decimal fractions. All threads of the program count.
 */
#define _GNU_SOURCE /* memfd_create, __WALL */
#include "count.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BLOCKS = 1000, ANSWERS = 3 };

static const char lines[] = "start 3000 ieee\nrun 1\nrun 1001\nend\n";

struct snapshot {
    uint64_t allocations, locks, calls;
};

static struct counts *counts;
static struct snapshot snapshots[ANSWERS];
static unsigned answers;
static uint64_t calls;

static int fail(const char *what)
{
    perror(what);
    return 1;
}

static _Noreturn void become(const char *library, const char *program,
                             int counts_fd, int in)
{
    char path[64];
    int null = memfd_create("answers", 0);
    (void)snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getppid(),
                   counts_fd);
    if (dup2(in, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0 &&
        setenv("F4E_COUNTS", path, 1) == 0 &&
        setenv("LD_PRELOAD", library, 1) == 0 &&
        ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0) {
        (void)raise(SIGSTOP);
        (void)execl(program, program, (char *)NULL);
    }
    _exit(127);
}

/* A system call begins. One that writes to standard output is an answer. */
static void enter(const struct __ptrace_syscall_info *info)
{
    bool is_answer =
        info->entry.nr == SYS_write && info->entry.args[0] == STDOUT_FILENO;
    if (is_answer && answers < ANSWERS) {
        snapshots[answers++] =
            (struct snapshot){atomic_load(&counts->allocations),
                              atomic_load(&counts->locks), calls};
    }
    calls++;
}

/* Follow all threads to their end. The status of the first one. */
static int follow(pid_t first)
{
    int result = 1;
    for (;;) {
        int status = 0;
        pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0) {
            return result;
        }
        if (!WIFSTOPPED(status)) {
            result = pid == first && WIFEXITED(status) ? WEXITSTATUS(status)
                                                       : result;
            continue;
        }
        int signal = WSTOPSIG(status);
        if (signal == (SIGTRAP | 0x80)) {
            struct __ptrace_syscall_info info;
            if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0 &&
                info.op == PTRACE_SYSCALL_INFO_ENTRY) {
                enter(&info);
            }
            signal = 0;
        } else if (signal == SIGTRAP || signal == SIGSTOP) {
            signal = 0; /* a new thread, or a program that took over */
        }
        (void)ptrace(PTRACE_SYSCALL, pid, NULL, signal);
    }
}

static double each(uint64_t before, uint64_t middle, uint64_t after)
{
    /* One block and one answer are in the first difference, too. */
    return ((double)(after - middle) - (double)(middle - before)) /
           (double)BLOCKS;
}

static void print(void)
{
    const struct snapshot *s = snapshots;
    (void)printf("allocations %.3f locks %.3f systemCalls %.3f\n",
                 each(s[0].allocations, s[1].allocations, s[2].allocations),
                 each(s[0].locks, s[1].locks, s[2].locks),
                 each(s[0].calls, s[1].calls, s[2].calls));
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        (void)fputs("usage: count LIBRARY PROGRAM\n", stderr);
        return 2;
    }
    int fd = memfd_create("counts", 0);
    int in = memfd_create("lines", 0);
    if (fd < 0 || in < 0 || ftruncate(fd, sizeof(*counts)) != 0 ||
        write(in, lines, sizeof(lines) - 1) != sizeof(lines) - 1 ||
        lseek(in, 0, SEEK_SET) != 0) {
        return fail("count");
    }
    counts =
        mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    pid_t pid = fork();
    if (pid == 0) {
        become(argv[1], argv[2], fd, in);
    }
    int status = 0;
    if (counts == MAP_FAILED || pid < 0 || waitpid(pid, &status, 0) != pid ||
        ptrace(PTRACE_SETOPTIONS, pid, NULL,
               PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
                   PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                   PTRACE_O_EXITKILL) != 0 ||
        ptrace(PTRACE_SYSCALL, pid, NULL, NULL) != 0) {
        return fail("count: ptrace");
    }
    if (follow(pid) != 0 || answers != ANSWERS) {
        (void)fprintf(stderr, "count: '%s' did not get to the end\n", argv[2]);
        return 1;
    }
    print();
    return 0;
}
