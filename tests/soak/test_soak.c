/* SPDX-License-Identifier: MIT */
/*
 * A patch plays on the fake card in virtual time while faults drawn from a
 * seed strike it. Every frame that is heard is compared with the frame the
 * patch made, through all recoveries; memory may not grow, and it may not hang.
 *
 * F4E_SOAK_BLOCKS and F4E_SOAK_SEED (20000 and 1) make it longer; see run.
 */
/* F_SETPIPE_SZ is Linux's. */
#define _GNU_SOURCE
#include "fake_card.h"
#include "suite.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A sanitizer has memory of its own. */
#if defined(__has_feature)
# if __has_feature(address_sanitizer)
#  define IS_SANITIZED 1
# endif
#endif
#if defined(__SANITIZE_ADDRESS__)
# define IS_SANITIZED 1
#endif
#ifndef IS_SANITIZED
# define IS_SANITIZED 0
#endif

enum {
    BLOCK_FRAMES = 128,
    RAMP_FRAMES = 1000, /* the period of what the fake patch plays */
    CHANNELS = 2,
    STUCK_MS = 60000, /* without a frame */
    MOMENT_MS = 4,
    TAIL_FRAMES =
        1024,         /* a drain has an end, though virtual time may not move */
    GROWTH_KIB = 256, /* from 10 % of the blocks to the end */
    LIMIT_S = 7200,
    PIPE_BYTES = 1 << 20,
};

/*
 * The card's faults, all that a patch survives, and what it looks like. A
 * duplex row captures from the same card; 'in_settings' are that direction's.
 */
static const struct row {
    const char *name;
    const char *settings;
    const char *in_settings; /* or NULL: playback alone */
    const char *arguments;
    bool may_allocate; /* the device is opened again */
} rows[] = {
    {"lost samples and suspends",
     "script \"xrun@9000+90000~60000 suspend@40000+400000~300000:1 "
     "suspend@170000+2000000~400000\"",
     NULL, "--period 128 --periods 4", false},
    {"transfers cut short and interrupted",
     "script \"short@3000+30000~20000 eagain@7000+50000~30000:3 "
     "eintr@11000+60000~30000:2 xrun@200000+400000~300000\"",
     NULL, "--period 256 --periods 3", false},
    {"wake-ups for nothing, and late ones",
     "jitter_us 1500\nquantum 32\nscript \"spurious@5000+20000~10000:3 "
     "early@9000+40000~30000:2 xrun@50000+300000~200000 "
     "short@77777+90000~70000\"",
     NULL, "--period 96 --periods 6", false},
    {"a card that goes away and comes back",
     "script \"nodev@300000+1500000~500000:1 xrun@50000+200000~100000\"", NULL,
     "--period 128 --periods 4 --wait-device", true},
    {"full duplex",
     "linked \"yes\"\nscript \"xrun@20000+200000~150000 "
     "suspend@90000+700000~300000:1 short@3000+50000~30000\"",
     "linked \"yes\"\nin_script \"xrun@70000+250000~150000 "
     "short@5000+60000~30000 eagain@9000+70000~30000:2\"",
     "--period 128 --periods 4", false},
};

/* What must not grow. */
struct weight {
    long resident_kib;
    long page_faults; /* of all threads but the control thread */
};

struct soak {
    const struct row *row;
    struct fake_card card;
    uint64_t blocks;
    pid_t pid;
    int heard_fd; /* a FIFO in place of the card's file */
    FILE *log;

    uint64_t frames; /* heard */
    uint64_t made;   /* by the patch, up to what is heard next */
    uint64_t lost;   /* of them: queued when the stream stopped */
    uint64_t silent; /* heard: what duplex begins with */
    uint64_t queued; /* lost if the stream is prepared, not if it resumes */
    uint64_t losing; /* frames that the next one heard may come after */
    unsigned faults;
    struct weight first; /* at 10 % */
    struct weight last;
    uint64_t line_at; /* no unread line of the log is about one before it */
    uint64_t weighed; /* frames made then */
    float frame[CHANNELS]; /* one that is not whole yet */
    size_t frame_bytes;
};

static uint64_t setting(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);
    return text != NULL ? strtoull(text, NULL, 10) : fallback;
}

static void start_patch(struct soak *soak)
{
    char words[256];
    char *argv[32];
    size_t count = 0;
    int length = snprintf(
        words, sizeof(words),
        "%s --quiet --device fake --format f32 --blocks %" PRIu64 " %s %s",
        getenv("FAKE_STEREO"), soak->blocks, soak->row->arguments,
        soak->row->in_settings != NULL ? "--in-device fake_in" : "--input off");
    ck_assert_int_lt(length, sizeof(words));
    for (char *word = strtok(words, " "); word != NULL;
         word = strtok(NULL, " ")) {
        argv[count++] = word;
    }
    argv[count] = NULL;
    soak->pid = fork();
    ck_assert_int_ge(soak->pid, 0);
    if (soak->pid == 0) {
        (void)execv(argv[0], argv);
        _exit(127);
    }
}

static void setup(struct soak *soak, const struct row *row)
{
    char settings[512];
    char in_settings[512];
    memset(soak, 0, sizeof(*soak));
    soak->row = row;
    soak->blocks = setting("F4E_SOAK_BLOCKS", 20000);
    (void)snprintf(settings, sizeof(settings), "speed 0\nseed %" PRIu64 "\n%s",
                   setting("F4E_SOAK_SEED", 1), row->settings);
    (void)snprintf(in_settings, sizeof(in_settings), "speed 0\n%s",
                   row->in_settings != NULL ? row->in_settings : "");
    fake_card_make(&soak->card, settings, in_settings);
    fake_card_use(&soak->card);
    ck_assert_int_eq(mkfifo(soak->card.played, 0600), 0);
    /* For writing too: the card may close and open it again. */
    soak->heard_fd = open(soak->card.played, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    ck_assert_int_ge(soak->heard_fd, 0);
    (void)fcntl(soak->heard_fd, F_SETPIPE_SZ, PIPE_BYTES);
    soak->log = fopen(soak->card.log, "w+e");
    ck_assert_ptr_nonnull(soak->log);
    start_patch(soak);
}

static void teardown(struct soak *soak)
{
    (void)close(soak->heard_fd);
    (void)fclose(soak->log);
    fake_card_remove(&soak->card);
}

/* A line "playback FRAME EVENT KEY=VALUE ..." */
static void take_line(struct soak *soak, const char *line)
{
    char event[32];
    const char *queued = strstr(line, " queued=");
    long long count = queued != NULL ? strtoll(queued + 8, NULL, 10) : 0;
    if (sscanf(line, "playback %*u %31s", event) != 1) {
        soak->faults += strstr(line, "_params") == NULL;
        return;
    }
    if (strcmp(event, "xrun") == 0 || strcmp(event, "suspend") == 0 ||
        strcmp(event, "nodev") == 0 || strcmp(event, "stop") == 0) {
        soak->faults += strcmp(event, "stop") != 0;
        soak->queued = count > 0 ? (uint64_t)count : 0;
    } else if (strcmp(event, "prepare") == 0) {
        soak->losing += soak->queued;
        soak->queued = 0;
    } else if (strstr(line, " resume left=1\n") != NULL) {
        soak->queued = 0;
    } else {
        soak->faults +=
            strstr(line, " size=") != NULL || strstr(line, " times=") != NULL;
    }
}

/*
 * The next line of the log that concerns a frame before 'end'; one that is
 * later stays unread. Lines are written whole.
 */
static bool next_line(struct soak *soak, uint64_t end)
{
    char line[512];
    uint64_t frame;
    long at = ftell(soak->log);
    clearerr(soak->log);
    if (fgets(line, sizeof(line), soak->log) == NULL) {
        soak->line_at = UINT64_MAX;
        return false;
    }
    if (sscanf(line, "playback %" SCNu64, &frame) == 1 && frame >= end) {
        ck_assert_int_eq(fseek(soak->log, at, SEEK_SET), 0);
        soak->line_at = frame;
        return false;
    }
    take_line(soak, line);
    return true;
}

/* True when the frame heard is the one that the patch made as 'made'. */
static bool is_frame(const struct soak *soak, uint64_t made)
{
    float wanted = (float)(made % RAMP_FRAMES) / (float)RAMP_FRAMES - 0.5F;
    return memcmp(&wanted, soak->frame, sizeof(wanted)) == 0;
}

/*
 * What was queued when the stream stopped is lost, no more, no less. In duplex
 * some of that was silence, so there it is no more.
 */
static void pass_lost(struct soak *soak)
{
    uint64_t lost = soak->losing;
    for (uint64_t n = 0; soak->row->in_settings != NULL && n < lost; n++) {
        lost = is_frame(soak, soak->made + n) ? n : lost;
    }
    soak->made += lost;
    soak->lost += lost;
    soak->losing = 0;
}

static void check_frame(struct soak *soak)
{
    static const float silence[CHANNELS];
    while (soak->line_at <= soak->frames && next_line(soak, soak->frames + 1)) {
    }
    soak->frames++;
    /* The right channel is the input, and that is never silent. */
    if (soak->row->in_settings != NULL &&
        memcmp(silence, soak->frame, sizeof(silence)) == 0) {
        soak->silent++;
        return;
    }
    pass_lost(soak);
    /* An assertion that holds is a system call too: not for each frame. */
    if (!is_frame(soak, soak->made)) {
        ck_abort_msg("%s: frame %" PRIu64 " is %g, not frame %" PRIu64
                     " of the patch",
                     soak->row->name, soak->frames - 1, (double)soak->frame[0],
                     soak->made);
    }
    soak->made++;
}

static void take_bytes(struct soak *soak, const unsigned char *bytes,
                       size_t count)
{
    for (size_t i = 0; i < count;) {
        size_t rest = sizeof(soak->frame) - soak->frame_bytes;
        size_t part = count - i < rest ? count - i : rest;
        memcpy((unsigned char *)soak->frame + soak->frame_bytes, bytes + i,
               part);
        soak->frame_bytes += part;
        i += part;
        if (soak->frame_bytes == sizeof(soak->frame)) {
            check_frame(soak);
            soak->frame_bytes = 0;
        }
    }
}

static long resident_kib(pid_t pid)
{
    char path[64];
    long pages = 0;
    (void)snprintf(path, sizeof(path), "/proc/%ld/statm", (long)pid);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        (void)!fscanf(file, "%*d %ld", &pages);
        (void)fclose(file);
    }
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Of one thread: the pages it touched first, or that were not there. */
static long page_faults(int task_fd, const char *thread)
{
    char path[300];
    long minor = 0;
    long major = 0;
    (void)snprintf(path, sizeof(path), "%s/stat", thread);
    int fd = openat(task_fd, path, O_RDONLY | O_CLOEXEC);
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (file != NULL) {
        (void)!fscanf(file,
                      "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %ld %*u %ld",
                      &minor, &major);
        (void)fclose(file);
    }
    return minor + major;
}

static long audio_page_faults(pid_t pid)
{
    char path[64];
    long sum = 0;
    (void)snprintf(path, sizeof(path), "/proc/%ld/task", (long)pid);
    DIR *dir = opendir(path);
    while (dir != NULL) {
        const struct dirent *entry = readdir(dir);
        if (entry == NULL) {
            break;
        }
        long thread = strtol(entry->d_name, NULL, 10);
        if (thread > 0 && thread != pid) {
            sum += page_faults(dirfd(dir), entry->d_name);
        }
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    return sum;
}

/* Often enough that the last one is near the end. */
static void weigh(struct soak *soak)
{
    uint64_t made = soak->made;
    uint64_t tenth = soak->blocks * BLOCK_FRAMES / 10;
    if (made < tenth || made < soak->weighed + tenth / 20) {
        return;
    }
    struct weight weight = {resident_kib(soak->pid),
                            audio_page_faults(soak->pid)};
    soak->weighed = made;
    soak->first = soak->first.resident_kib == 0 ? weight : soak->first;
    /* Nothing is left of it when it has ended. */
    soak->last = weight.resident_kib > 0 ? weight : soak->last;
}

/* Take what is there to be heard, or wait a moment. False: nothing was. */
static bool take_sound(struct soak *soak)
{
    /* The patch fills the pipe meanwhile, not a block at a time. */
    static const struct timespec moment = {0, MOMENT_MS * 1000000};
    static unsigned char bytes[PIPE_BYTES];
    ssize_t count = read(soak->heard_fd, bytes, sizeof(bytes));
    ck_assert(count > 0 || errno == EAGAIN);
    if (count <= 0) {
        (void)nanosleep(&moment, NULL);
        return false;
    }
    /* Lines about these frames were written before them. */
    soak->line_at = 0;
    take_bytes(soak, bytes, (size_t)count);
    weigh(soak);
    return true;
}

/* To the end of the patch and of what it left in the pipe; its status. */
static int follow(struct soak *soak)
{
    int status = 0;
    bool has_ended = false;
    for (unsigned silent_ms = 0; silent_ms <= STUCK_MS;) {
        has_ended = has_ended || waitpid(soak->pid, &status, WNOHANG) != 0;
        if (take_sound(soak)) {
            silent_ms = 0;
        } else if (has_ended) {
            return WIFEXITED(status) ? WEXITSTATUS(status)
                                     : 128 + WTERMSIG(status);
        } else {
            silent_ms += MOMENT_MS;
        }
    }
    (void)kill(soak->pid, SIGKILL);
    ck_abort_msg("%s: stuck after %" PRIu64 " frames", soak->row->name,
                 soak->frames);
}

START_TEST(plays_on_through_random_faults)
{
    struct soak soak;
    setup(&soak, &rows[_i]);
    int status = follow(&soak);
    while (next_line(&soak, UINT64_MAX)) {
    }
    (void)printf("soak: %s: %" PRIu64 " blocks, %u faults, %" PRIu64
                 " frames lost; at 10 %% and at the end %ld and %ld KiB "
                 "resident, %ld and %ld page faults\n",
                 soak.row->name, soak.blocks, soak.faults, soak.lost,
                 soak.first.resident_kib, soak.last.resident_kib,
                 soak.first.page_faults, soak.last.page_faults);
    ck_assert_msg(status == 0, "%s: exit status %d", soak.row->name, status);
    uint64_t all = soak.blocks * BLOCK_FRAMES;
    ck_assert_msg(soak.made <= all && soak.made + TAIL_FRAMES >= all,
                  "%s: heard up to frame %" PRIu64 " of %" PRIu64,
                  soak.row->name, soak.made, all);
    ck_assert_msg(soak.silent <= (soak.faults + UINT64_C(1)) * TAIL_FRAMES,
                  "%s: %" PRIu64 " frames of silence", soak.row->name,
                  soak.silent);
    ck_assert_msg(soak.faults >= soak.blocks / 2000,
                  "%s: only %u faults: it proves nothing", soak.row->name,
                  soak.faults);
    ck_assert_msg(IS_SANITIZED || (soak.first.resident_kib > 0 &&
                                   soak.last.resident_kib <=
                                       soak.first.resident_kib + GROWTH_KIB),
                  "%s: memory grew", soak.row->name);
    ck_assert_msg(IS_SANITIZED || soak.row->may_allocate ||
                      soak.last.page_faults == soak.first.page_faults,
                  "%s: the audio thread touched new memory", soak.row->name);
    teardown(&soak);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("soak");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, LIMIT_S);
    tcase_add_loop_test(tcase, plays_on_through_random_faults, 0,
                        sizeof(rows) / sizeof(*rows));
    suite_add_tcase(suite, tcase);
    return suite;
}
