/* SPDX-License-Identifier: MIT */
#include "fetch/fetch.h"

#include "base/file.h"
#include "base/process.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "fetch/download.h"
#include "fetch/url.h"
#include "metadata/assets.h"
#include "metadata/lock.h"
#include "project/project.h"

#include <inttypes.h>
#include <sys/stat.h>

struct fetching {
    const struct options *options;
    const struct project_config *config;
    const char *directory;
    const char *lock_path;
    struct lock lock;
    struct download_limits limits;
    struct workdir workdir;
    struct arena *arena;
};

/* An asset that has an address. */
struct wanted {
    const char *id;
    const char *url;
    const char *name; /* of its file */
    const char *path;
};

static void say(const struct fetching *fetching, const struct wanted *wanted,
                const char *what, uint64_t size)
{
    if (!fetching->options->is_quiet) {
        (void)fprintf(stderr,
                      "f4e-build: asset '%s': %s '%s', %" PRIu64 " bytes\n",
                      utf8_print_text(wanted->id, fetching->arena), what,
                      utf8_print_text(wanted->path, fetching->arena), size);
    }
}

static bool ends_in(const char *name, const char *suffix)
{
    size_t length = strlen(name);
    size_t tail = strlen(suffix);
    return length >= tail && strcmp(name + length - tail, suffix) == 0;
}

/* A stranger's text does not get to write what a build, a shell or an editor
 * would read. */
static bool is_harmless(const char *name)
{
    static const char *const suffixes[] = {".8f4e", ".wasm", ".lock", ".json"};
    enum { MAX_NAME_BYTES = 200 };
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        if (ends_in(name, suffixes[i])) {
            return false;
        }
    }
    return name[0] != '.' && name[0] != '-' && strlen(name) <= MAX_NAME_BYTES;
}

static bool find_name(struct fetching *fetching, struct wanted *wanted,
                      struct diag *diag)
{
    struct arena *arena = fetching->arena;
    wanted->name = asset_url_name(wanted->url, arena);
    if (wanted->name == NULL || !is_harmless(wanted->name)) {
        diag->file = fetching->options->input;
        (void)diag_input(diag, -1,
                         "asset '%s': '%s' does not end in the name of a file "
                         "that is written",
                         utf8_print_text(wanted->id, arena),
                         utf8_print_text(wanted->url, arena));
        (void)diag_hint(
            diag,
            "fetch it by hand, and build with --asset %s="
            "FILE",
            utf8_print_text(asset_typed_id(wanted->id, arena), arena));
        return false;
    }
    wanted->path =
        strcmp(fetching->directory, ".") == 0
            ? wanted->name
            : arena_format(arena, "%s/%s", fetching->directory, wanted->name);
    for (uint32_t i = 0; i < fetching->config->asset_count; i++) {
        const char *url = fetching->config->assets[i].url;
        const char *name =
            url != NULL && url_is_web(url) ? asset_url_name(url, arena) : NULL;
        if (name != NULL && strcmp(name, wanted->name) == 0 &&
            strcmp(url, wanted->url) != 0) {
            diag->file = fetching->options->input;
            return diag_input(diag, -1,
                              "'%s' and '%s' would be the same file '%s'",
                              utf8_print_text(wanted->url, arena),
                              utf8_print_text(url, arena), wanted->name);
        }
    }
    return true;
}

static bool is_there(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

static bool lock_it(struct fetching *fetching, const struct wanted *wanted,
                    const uint8_t *bytes, size_t size, struct diag *diag)
{
    char hex[SHA256_HEX];
    sha256_hex(bytes, size, hex);
    const struct lock_entry entry = {
        .sha256 = arena_copy(fetching->arena, hex, strlen(hex)),
        .size = size,
        .name = wanted->name,
        .url = wanted->url,
    };
    lock_set(&fetching->lock, &entry, fetching->arena);
    return lock_write(&fetching->lock, fetching->lock_path, fetching->arena,
                      diag);
}

static bool differs(const struct lock_entry *entry, const uint8_t *bytes,
                    size_t size)
{
    char hex[SHA256_HEX];
    sha256_hex(bytes, size, hex);
    return strcmp(hex, entry->sha256) != 0;
}

/* A file that is there is the user's: it stays. */
static bool keep(struct fetching *fetching, const struct wanted *wanted,
                 const struct lock_entry *entry, struct diag *diag)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    diag->file = NULL;
    if (!file_read(wanted->path, (size_t)1 << 30, &bytes, &size,
                   fetching->arena, diag)) {
        return false;
    }
    if (entry != NULL && differs(entry, bytes, size)) {
        (void)diag_input(diag, -1,
                         "asset '%s': '%s' has %zu bytes and is another file "
                         "than the one that '%s' has, of %" PRIu64 " bytes",
                         utf8_print_text(wanted->id, fetching->arena),
                         utf8_print_text(wanted->path, fetching->arena), size,
                         fetching->lock_path, entry->size);
        return diag_hint(diag, "remove it to fetch it again");
    }
    say(fetching, wanted, "kept", size);
    return entry != NULL || lock_it(fetching, wanted, bytes, size, diag);
}

static bool fetch_one(struct fetching *fetching, const struct wanted *wanted,
                      const struct lock_entry *entry, struct diag *diag)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    diag->file = NULL;
    if (!download(wanted->url, &bytes, &size, &fetching->limits,
                  &fetching->workdir, fetching->arena, diag)) {
        return false;
    }
    if (entry != NULL && !fetching->options->is_updating &&
        differs(entry, bytes, size)) {
        (void)diag_input(
            diag, -1,
            "asset '%s': '%s' gives another file than the one that "
            "'%s' has: %zu bytes, not %" PRIu64 " with sha256 %s",
            utf8_print_text(wanted->id, fetching->arena),
            utf8_print_text(wanted->url, fetching->arena), fetching->lock_path,
            size, entry->size, entry->sha256);
        return diag_hint(diag, "--update takes the new one");
    }
    if (!file_write(wanted->path, bytes, size, 0666, diag) ||
        !lock_it(fetching, wanted, bytes, size, diag)) {
        return false;
    }
    say(fetching, wanted, "fetched", size);
    return true;
}

static bool fetch_asset(struct fetching *fetching, const char *id,
                        const char *url, struct diag *diag)
{
    struct wanted wanted = {.id = id, .url = url};
    if (process_interrupted() != 0) {
        return diag_system(diag, "interrupted");
    }
    if (!find_name(fetching, &wanted, diag)) {
        return false;
    }
    const struct lock_entry *entry = lock_find(&fetching->lock, url);
    bool is_kept = is_there(wanted.path) &&
                   (entry == NULL || !fetching->options->is_updating);
    return is_kept ? keep(fetching, &wanted, entry, diag)
                   : fetch_one(fetching, &wanted, entry, diag);
}

static bool fetch_all(struct fetching *fetching, struct diag *diag)
{
    const struct project_config *config = fetching->config;
    for (uint32_t i = 0; i < config->asset_count; i++) {
        const struct project_asset *asset = &config->assets[i];
        bool is_done = asset->url == NULL;
        for (uint32_t k = 0; k < i && !is_done; k++) {
            is_done = config->assets[k].url != NULL &&
                      strcmp(config->assets[k].url, asset->url) == 0;
        }
        if (!is_done && !url_is_web(asset->url) &&
            !fetching->options->is_quiet) {
            (void)fprintf(stderr,
                          "f4e-build: %s:%" PRIu32 ": notice: '%s' is no "
                          "address to fetch from\n",
                          fetching->options->input, asset->line,
                          utf8_print_text(asset->url, fetching->arena));
        }
        if (!is_done && url_is_web(asset->url) &&
            !fetch_asset(fetching, asset->id, asset->url, diag)) {
            return false;
        }
    }
    return true;
}

bool fetch_run(const struct options *options, struct arena *arena,
               struct diag *diag)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    struct project_config config;
    struct fetching fetching = {
        .options = options,
        .config = &config,
        .directory = file_directory(options->input, arena),
        .lock_path = lock_name(options->input, arena),
        .limits = {options->max_bytes, options->max_seconds,
                   options->is_private},
        .arena = arena,
    };
    if (!file_read(options->input, PROJECT_MAX_BYTES, &bytes, &size, arena,
                   diag)) {
        return false;
    }
    const struct project_text *text =
        project_parse(bytes, size, options->input, arena, diag);
    if (text == NULL) {
        return false;
    }
    project_config(&config, text, arena);
    if (!lock_read(&fetching.lock, fetching.lock_path, arena, diag) ||
        !workdir_create(&fetching.workdir, arena, diag)) {
        return false;
    }
    bool ok = fetch_all(&fetching, diag);
    workdir_remove(&fetching.workdir);
    return ok;
}
