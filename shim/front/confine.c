/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* syscall */
#include "front/confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    DESCRIPTORS_MAX = 256,
    NICENESS = 5,
    /* The same numbers on all architectures; older headers lack them. */
    CALL_CLOSE_RANGE = 436,
    CALL_LANDLOCK_CREATE = 444,
    CALL_LANDLOCK_RESTRICT = 446,
    LANDLOCK_VERSION = 1,
};

#if defined(__x86_64__)
# define OWN_ARCH AUDIT_ARCH_X86_64
#elif defined(__i386__)
# define OWN_ARCH AUDIT_ARCH_I386
#elif defined(__aarch64__)
# define OWN_ARCH AUDIT_ARCH_AARCH64
#elif defined(__arm__)
# define OWN_ARCH AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
# define OWN_ARCH AUDIT_ARCH_RISCV64
#endif

static void close_above(int last)
{
    if (syscall(CALL_CLOSE_RANGE, last + 1, ~0U, 0) != 0) {
        for (int fd = last + 1; fd < DESCRIPTORS_MAX; fd++) {
            (void)close(fd);
        }
    }
}

static void limit(int resource, rlim_t most)
{
    const struct rlimit limit = {most, most};
    (void)setrlimit((__rlimit_resource_t)resource, &limit);
}

void confine_start(int last)
{
    static const struct sched_param ordinary = {0};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    (void)prctl(PR_SET_NAME, "f4e-front", 0, 0, 0);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* the token is in its memory */
    close_above(last);
    (void)sched_setscheduler(0, SCHED_OTHER, &ordinary);
    (void)setpriority(PRIO_PROCESS, 0, NICENESS);
    (void)munlockall();
    (void)signal(SIGPIPE, SIG_IGN);
}

/* No file at all, and no connection to anywhere. */
static bool forbid_files(void)
{
    struct {
        uint64_t files;
        uint64_t networks;
    } rules = {0, 0};
    long version =
        syscall(CALL_LANDLOCK_CREATE, NULL, 0, (unsigned)LANDLOCK_VERSION);
    if (version < 1) {
        return false;
    }
    /* The rights of versions 1, 2, 3 and 5; version 4 knows networks. */
    unsigned rights = version >= 5   ? 16
                      : version >= 3 ? 15
                      : version == 2 ? 14
                                     : 13;
    rules.files = (UINT64_C(1) << rights) - 1;
    rules.networks = version >= 4 ? 3 : 0; /* bind and connect by TCP */
    long set = syscall(CALL_LANDLOCK_CREATE, &rules,
                       version >= 4 ? sizeof(rules) : sizeof(rules.files), 0);
    bool is_done = set >= 0 && syscall(CALL_LANDLOCK_RESTRICT, set, 0) == 0;
    if (set >= 0) {
        (void)close((int)set);
    }
    return is_done;
}

#ifdef OWN_ARCH
/* What serving descriptors that are open needs. */
static const int allowed[] = {
    __NR_read,
    __NR_write,
    __NR_readv,
    __NR_writev,
    __NR_close,
    __NR_recvmsg,
    __NR_sendmsg,
# ifdef __NR_recvfrom
    __NR_recvfrom,
    __NR_sendto,
# endif
# ifdef __NR_recv
    __NR_recv,
    __NR_send,
# endif
# ifdef __NR_recvmmsg
    __NR_recvmmsg,
    __NR_sendmmsg,
# endif
# ifdef __NR_accept
    __NR_accept,
# endif
    __NR_accept4,
    __NR_shutdown,
    __NR_setsockopt,
    __NR_getsockopt,
    __NR_getsockname,
    __NR_getpeername,
# ifdef __NR_fcntl
    __NR_fcntl,
# endif
# ifdef __NR_fcntl64
    __NR_fcntl64,
# endif
# ifdef __NR_timerfd_settime
    __NR_timerfd_settime,
# endif
# ifdef __NR_timerfd_settime64
    __NR_timerfd_settime64,
# endif
    __NR_epoll_ctl,
    __NR_epoll_pwait,
# ifdef __NR_epoll_wait
    __NR_epoll_wait,
# endif
# ifdef __NR_epoll_pwait2
    __NR_epoll_pwait2,
# endif
# ifdef __NR_poll
    __NR_poll,
# endif
# ifdef __NR_ppoll
    __NR_ppoll,
# endif
# ifdef __NR_ppoll_time64
    __NR_ppoll_time64,
# endif
# ifdef __NR_select
    __NR_select,
# endif
# ifdef __NR__newselect
    __NR__newselect,
# endif
# ifdef __NR_pselect6
    __NR_pselect6,
# endif
# ifdef __NR_pselect6_time64
    __NR_pselect6_time64,
# endif
# ifdef __NR_futex
    __NR_futex,
# endif
# ifdef __NR_futex_time64
    __NR_futex_time64,
# endif
# ifdef __NR_clock_gettime
    __NR_clock_gettime,
    __NR_clock_nanosleep,
# endif
# ifdef __NR_clock_gettime64
    __NR_clock_gettime64,
    __NR_clock_nanosleep_time64,
# endif
# ifdef __NR_gettimeofday
    __NR_gettimeofday,
# endif
# ifdef __NR_time
    __NR_time,
# endif
    __NR_getrandom,
    __NR_getpid,
    __NR_gettid,
    __NR_sched_yield,
    __NR_munmap,
    __NR_mremap,
    __NR_madvise,
    __NR_brk,
    __NR_rt_sigprocmask,
    __NR_rt_sigaction,
    __NR_rt_sigreturn,
    __NR_restart_syscall,
    __NR_exit,
    __NR_exit_group,
};

/* Memory, as long as it is not to be executed: an argument with PROT_EXEC. */
static const int without_exec[] = {
# ifdef __NR_mmap
    __NR_mmap,
# endif
# ifdef __NR_mmap2
    __NR_mmap2,
# endif
    __NR_mprotect,
};

enum {
    ALLOWED_COUNT = sizeof(allowed) / sizeof(*allowed),
    GUARDED_COUNT = sizeof(without_exec) / sizeof(*without_exec),
    FILTER_MAX = 8 + 2 * ALLOWED_COUNT + 6 * GUARDED_COUNT,
};

# define LOAD(member) \
     BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
# define LOAD_ARGUMENT(number)                              \
     BPF_STMT(BPF_LD | BPF_W | BPF_ABS,                     \
              (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__    \
                   ? 0                                      \
                   : sizeof(uint64_t) - sizeof(uint32_t)) + \
                  offsetof(struct seccomp_data, args) +     \
                  (number) * sizeof(uint64_t))
# define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))

/* Everything else is refused, and the front goes on. */
static unsigned short make_filter(struct sock_filter *filter)
{
    static const struct sock_filter head[] = {
        LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCH, 1, 0),
        RETURN(SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
    };
    unsigned short count = 0;
    for (size_t i = 0; i < sizeof(head) / sizeof(*head); i++) {
        filter[count++] = head[i];
    }
    for (size_t i = 0; i < ALLOWED_COUNT; i++) {
        const struct sock_filter rule[] = {
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)allowed[i], 0, 1),
            RETURN(SECCOMP_RET_ALLOW),
        };
        filter[count++] = rule[0];
        filter[count++] = rule[1];
    }
    for (size_t i = 0; i < GUARDED_COUNT; i++) {
        const struct sock_filter rule[] = {
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)without_exec[i], 0,
                     4),
            LOAD_ARGUMENT(2),
            BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0),
            RETURN(SECCOMP_RET_ALLOW),
            RETURN(SECCOMP_RET_ERRNO | EPERM),
        };
        for (size_t k = 0; k < sizeof(rule) / sizeof(*rule); k++) {
            filter[count++] = rule[k];
        }
    }
    filter[count++] = (struct sock_filter)RETURN(SECCOMP_RET_ERRNO | EPERM);
    return count;
}

static bool forbid_calls(void)
{
    struct sock_filter filter[FILTER_MAX];
    struct sock_fprog program = {make_filter(filter), filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}
#else
static bool forbid_calls(void)
{
    return false;
}
#endif

/* What the user root would keep. */
static void drop_capabilities(void)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    static const struct __user_cap_data_struct none[2];
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    (void)syscall(SYS_capset, &header, none);
}

void confine_finish(bool *has_landlock, bool *has_seccomp)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NOFILE, DESCRIPTORS_MAX);
    limit(RLIMIT_RTPRIO, 0);
    limit(RLIMIT_MEMLOCK, 0);
    limit(RLIMIT_NPROC, 0);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    drop_capabilities();
    *has_landlock = forbid_files();
    *has_seccomp = forbid_calls();
}
