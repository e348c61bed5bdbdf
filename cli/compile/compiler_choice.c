/* SPDX-License-Identifier: MIT */
#include "compile/compiler_choice.h"

#include "base/process.h"

enum {
    NEWEST_CLANG = 40,
    OLDEST_CLANG = 11,
};

/* Versions whose code was measured, best first: docs/performance.md. Others
 * come after them, for facts in another form may mean less to them. */
static const int measured[] = {19, 22, 16};
enum { MEASURED = sizeof(measured) / sizeof(measured[0]) };

/* "clang-19" when that is in PATH, else NULL. */
static const char *find_clang(int version, struct arena *arena)
{
    const char *name = arena_format(arena, "clang-%d", version);
    return process_find(name, arena) != NULL ? name : NULL;
}

static const char *newest_clang(struct arena *arena)
{
    const char *name = NULL;
    for (int version = NEWEST_CLANG; version >= OLDEST_CLANG && name == NULL;
         version--) {
        name = find_clang(version, arena);
    }
    return name;
}

const char *compiler_choose_clang(struct arena *arena)
{
    const char *name = NULL;
    for (size_t i = 0; i < MEASURED && name == NULL; i++) {
        name = find_clang(measured[i], arena);
    }
    name = name != NULL ? name : newest_clang(arena);
    return name == NULL && process_find("clang", arena) != NULL ? "clang"
                                                                : name;
}

static const char *other_compiler(const struct target *target,
                                  struct arena *arena)
{
    const char *const own[] = {"gcc", "cc", NULL};
    const char *const cross[] = {
        arena_format(arena, "%s-gcc", target->abi->triple), NULL};
    const char *const *names = target->is_cross ? cross : own;
    const char *path = NULL;
    for (size_t i = 0; names[i] != NULL && path == NULL; i++) {
        path = process_find(names[i], arena);
    }
    return path;
}

struct compiler_choice compiler_choose(const struct target *target,
                                       struct arena *arena)
{
    const char *clang = compiler_choose_clang(arena);
    const char *newest = newest_clang(arena);
    struct compiler_choice choice = {NULL, NULL};
    choice.path = clang != NULL ? process_find(clang, arena)
                                : other_compiler(target, arena);
    if (clang != NULL && newest != NULL && strcmp(clang, newest) != 0) {
        choice.newer = newest;
    }
    return choice;
}
