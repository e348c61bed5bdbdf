/* SPDX-License-Identifier: MIT */
#include "interp/interp_run.h"

#include "rt/wasm_num.h"

/* Slots hold bits; 32-bit values are zero-extended. */
#define U32(slot) ((uint32_t)(slot))
#define S32(slot) ((int32_t)(slot))
#define S64(slot) ((int64_t)(slot))
#define F32(slot) f32_reinterpret_i32((uint32_t)(slot))
#define F64(slot) f64_reinterpret_i64(slot)
#define BITS32(x) i32_reinterpret_f32(x)
#define BITS64(x) i64_reinterpret_f64(x)

/*
 * The cases of the switch that only compute: operands x and y, one result. The
 * expression is cast to the unsigned type of its width or is in BITS32/BITS64.
 */
#define UNARY(op, expression)            \
    case op: {                           \
        const uint64_t x = sp[-1];       \
        sp[-1] = (uint64_t)(expression); \
        break;                           \
    }
#define BINARY(op, expression)           \
    case op: {                           \
        const uint64_t y = *--sp;        \
        const uint64_t x = sp[-1];       \
        sp[-1] = (uint64_t)(expression); \
        break;                           \
    }
#define DIVIDE_S(op, word, sword, low, expression) \
    case op: {                                     \
        const sword y = (sword) * --sp;            \
        const sword x = (sword)sp[-1];             \
        if (y == 0) {                              \
            text = "divide by zero";               \
            goto stopped;                          \
        }                                          \
        if ((low) != 0 && x == (low) && y == -1) { \
            text = "integer overflow";             \
            goto stopped;                          \
        }                                          \
        sp[-1] = (word)(expression);               \
        break;                                     \
    }
#define DIVIDE_U(op, word, expression)   \
    case op: {                           \
        const word y = (word) * --sp;    \
        const word x = (word)sp[-1];     \
        if (y == 0) {                    \
            text = "divide by zero";     \
            goto stopped;                \
        }                                \
        sp[-1] = (uint64_t)(expression); \
        break;                           \
    }
/* Converts numbers above 'below' and below 'limit'; NaN fails both tests. */
#define TRUNCATE(op, real, take, word, integer, below, limit) \
    case op: {                                                \
        const real x = take(sp[-1]);                          \
        if (!(x > (below) && x < (limit))) {                  \
            text = "float unrepresentable in integer range";  \
            goto stopped;                                     \
        }                                                     \
        sp[-1] = (word)(integer)x;                            \
        break;                                                \
    }
#define LOAD(op, stored, is_float, expression)                                 \
    case op: {                                                                 \
        stored x;                                                              \
        const uint64_t address = U32(sp[-1]) + insn->value;                    \
        if (!interp_fits(interp, insn->memory, address, sizeof(x))) {          \
            goto out_of_bounds;                                                \
        }                                                                      \
        memcpy(&x, interp->memories[insn->memory].bytes + address, sizeof(x)); \
        if (is_watched) {                                                      \
            tell(interp, insn, code->offsets[insn - code->insns], address,     \
                 sizeof(x), false, is_float);                                  \
        }                                                                      \
        sp[-1] = (uint64_t)(expression);                                       \
        break;                                                                 \
    }
#define STORE(op, stored, is_float)                                            \
    case op: {                                                                 \
        const stored x = (stored)sp[-1];                                       \
        const uint64_t address = U32(sp[-2]) + insn->value;                    \
        sp -= 2;                                                               \
        if (!interp_fits(interp, insn->memory, address, sizeof(x))) {          \
            goto out_of_bounds;                                                \
        }                                                                      \
        memcpy(interp->memories[insn->memory].bytes + address, &x, sizeof(x)); \
        if (is_watched) {                                                      \
            tell(interp, insn, code->offsets[insn - code->insns], address,     \
                 sizeof(x), true, is_float);                                   \
        }                                                                      \
        break;                                                                 \
    }

static void tell(const struct interp *interp, const struct interp_insn *insn,
                 uint32_t site, uint64_t address, uint64_t bytes, bool is_store,
                 bool is_f32)
{
    const struct interp_access access = {
        .memory = insn->memory,
        .address = (uint32_t)address,
        .bytes = bytes,
        .site = site,
        .is_store = is_store,
        .is_f32 = is_f32,
    };
    interp->watch.access(interp->watch.user, &access);
}

/* Move the results that a branch carries down to where its label wants them;
 * returns the new top. */
static inline uint64_t *carry(uint64_t *floor, const uint64_t *top,
                              uint32_t arity)
{
    if (arity > 0 && floor != top - arity) {
        memmove(floor, top - arity, arity * sizeof(*floor));
    }
    return floor + arity;
}

/* A host call: takes its parameters, gives zeros where nobody watches. */
static uint64_t *call_import(const struct interp *interp, uint32_t index,
                             uint64_t *sp)
{
    const struct interp_code *callee = &interp->codes[index];
    sp -= callee->param_count;
    if (interp->watch.import != NULL) {
        interp->watch.import(interp->watch.user, index, sp);
    } else {
        memset(sp, 0, callee->result_count * sizeof(*sp));
    }
    return sp + callee->result_count;
}

static inline void notify(const struct interp *interp, uint32_t function,
                          void (*hook)(void *user))
{
    if (hook != NULL && interp->watch.function == function) {
        hook(interp->watch.user);
    }
}

/* One flat switch, so that the compiler makes one jump table of it.
 * NOLINTNEXTLINE(readability-function-cognitive-complexity) */
enum interp_result interp_run(struct interp *interp, uint32_t index,
                              uint64_t *fuel_left, struct interp_stop *stop)
{
    uint64_t *const slots_end = interp->slots + INTERP_SLOTS;
    const bool is_watched = interp->watch.access != NULL;
    const struct interp_code *code = NULL;
    const struct interp_insn *insn = NULL;
    const struct interp_insn *next = NULL;
    const char *text = NULL;
    uint64_t *base = interp->slots; /* the first local */
    uint64_t *sp = base + interp->codes[index].param_count;
    uint64_t fuel = *fuel_left;
    uint32_t depth = 0;
    uint32_t function = index;
    enum interp_result result = INTERP_TRAP;

enter:
    code = &interp->codes[function];
    base = sp - code->param_count;
    if (code->slot_count > slots_end - base) {
        text = "call stack exhausted";
        insn = NULL;
        goto stopped;
    }
    memset(sp, 0, (code->local_count - code->param_count) * sizeof(*sp));
    sp = base + code->local_count;
    next = code->insns;
    notify(interp, function, interp->watch.enter);

    for (;;) {
        insn = next++;
        if (fuel == 0) {
            text = "no end in sight";
            result = INTERP_OUT_OF_FUEL;
            goto stopped;
        }
        fuel--;
        switch (insn->op) {
        case 0x00:
            text = "unreachable";
            goto stopped;
        case 0x04: /* if */
            if (U32(*--sp) == 0) {
                next = code->insns + insn->index;
            }
            break;
        case 0x05: /* else */
            next = code->insns + insn->index;
            break;
        case 0x0d: /* br_if */
            if (U32(*--sp) == 0) {
                break;
            }
            __attribute__((fallthrough));
        case 0x0c: /* br */
            sp = carry(base + code->local_count +
                           INTERP_BRANCH_HEIGHT(insn->value),
                       sp, INTERP_BRANCH_ARITY(insn->value));
            next = code->insns + insn->index;
            break;
        case 0x0e: { /* br_table */
            uint32_t label = U32(*--sp);
            next += label < insn->index ? label : insn->index;
            break;
        }
        case 0x0b: /* end: return */
            sp = carry(base, sp, code->result_count);
            notify(interp, function, interp->watch.leave);
            if (depth == 0) {
                *fuel_left = fuel;
                return INTERP_DONE;
            }
            depth--;
            next = interp->frames[depth].back;
            base = interp->slots + interp->frames[depth].base;
            function = interp->frames[depth].function;
            code = &interp->codes[function];
            break;
        case 0x10: /* call */
            if (interp->codes[insn->index].insns == NULL) {
                sp = call_import(interp, insn->index, sp);
                break;
            }
            if (depth == INTERP_MAX_DEPTH) {
                text = "call stack exhausted";
                goto stopped;
            }
            interp->frames[depth++] = (struct interp_frame){
                .back = next,
                .base = (uint32_t)(base - interp->slots),
                .function = function,
            };
            function = insn->index;
            goto enter;
        case 0x1a: /* drop */
            sp--;
            break;
        case 0x1b: /* select */
            sp -= 2;
            sp[-1] = U32(sp[1]) != 0 ? sp[-1] : sp[0];
            break;
        case 0x20: /* local.get */
            *sp++ = base[insn->index];
            break;
        case 0x21: /* local.set */
            base[insn->index] = *--sp;
            break;
        case 0x22: /* local.tee */
            base[insn->index] = sp[-1];
            break;
        case 0x23: /* global.get */
            *sp++ = interp->globals[insn->index];
            break;
        case 0x24: /* global.set */
            interp->globals[insn->index] = *--sp;
            break;
            LOAD(0x28, uint32_t, false, x)
            LOAD(0x29, uint64_t, false, x)
            LOAD(0x2a, uint32_t, true, x)
            LOAD(0x2b, uint64_t, false, x)
            LOAD(0x2c, int8_t, false, U32(x))
            LOAD(0x2d, uint8_t, false, x)
            LOAD(0x2e, int16_t, false, U32(x))
            LOAD(0x2f, uint16_t, false, x)
            LOAD(0x30, int8_t, false, (uint64_t)x)
            LOAD(0x31, uint8_t, false, x)
            LOAD(0x32, int16_t, false, (uint64_t)x)
            LOAD(0x33, uint16_t, false, x)
            LOAD(0x34, int32_t, false, (uint64_t)x)
            LOAD(0x35, uint32_t, false, x)
            STORE(0x36, uint32_t, false)
            STORE(0x37, uint64_t, false)
            STORE(0x38, uint32_t, true)
            STORE(0x39, uint64_t, false)
            STORE(0x3a, uint8_t, false)
            STORE(0x3b, uint16_t, false)
            STORE(0x3c, uint8_t, false)
            STORE(0x3d, uint16_t, false)
            STORE(0x3e, uint32_t, false)
        case 0x3f: /* memory.size */
            *sp++ = interp->memories[insn->memory].size / WASM_PAGE_BYTES;
            break;
        case 0x40: /* memory.grow: never by more than nothing */
            sp[-1] = U32(sp[-1]) == 0
                         ? interp->memories[insn->memory].size / WASM_PAGE_BYTES
                         : UINT32_MAX;
            break;
        case 0x41: /* constants */
        case 0x42:
        case 0x43:
        case 0x44:
            *sp++ = insn->value;
            break;
            /* i32 */
            UNARY(0x45, U32(x) == 0)
            BINARY(0x46, U32(x) == U32(y))
            BINARY(0x47, U32(x) != U32(y))
            BINARY(0x48, S32(x) < S32(y))
            BINARY(0x49, U32(x) < U32(y))
            BINARY(0x4a, S32(x) > S32(y))
            BINARY(0x4b, U32(x) > U32(y))
            BINARY(0x4c, S32(x) <= S32(y))
            BINARY(0x4d, U32(x) <= U32(y))
            BINARY(0x4e, S32(x) >= S32(y))
            BINARY(0x4f, U32(x) >= U32(y))
            /* i64 */
            UNARY(0x50, x == 0)
            BINARY(0x51, x == y)
            BINARY(0x52, x != y)
            BINARY(0x53, S64(x) < S64(y))
            BINARY(0x54, x < y)
            BINARY(0x55, S64(x) > S64(y))
            BINARY(0x56, x > y)
            BINARY(0x57, S64(x) <= S64(y))
            BINARY(0x58, x <= y)
            BINARY(0x59, S64(x) >= S64(y))
            BINARY(0x5a, x >= y)
            /* f32, f64 */
            BINARY(0x5b, F32(x) == F32(y))
            BINARY(0x5c, F32(x) != F32(y))
            BINARY(0x5d, F32(x) < F32(y))
            BINARY(0x5e, F32(x) > F32(y))
            BINARY(0x5f, F32(x) <= F32(y))
            BINARY(0x60, F32(x) >= F32(y))
            BINARY(0x61, F64(x) == F64(y))
            BINARY(0x62, F64(x) != F64(y))
            BINARY(0x63, F64(x) < F64(y))
            BINARY(0x64, F64(x) > F64(y))
            BINARY(0x65, F64(x) <= F64(y))
            BINARY(0x66, F64(x) >= F64(y))
            /* i32 arithmetic */
            UNARY(0x67, i32_clz(U32(x)))
            UNARY(0x68, i32_ctz(U32(x)))
            UNARY(0x69, i32_popcnt(U32(x)))
            BINARY(0x6a, U32(x) + U32(y))
            BINARY(0x6b, U32(x) - U32(y))
            BINARY(0x6c, U32(x) * U32(y))
            DIVIDE_S(0x6d, uint32_t, int32_t, INT32_MIN, x / y)
            DIVIDE_U(0x6e, uint32_t, x / y)
            DIVIDE_S(0x6f, uint32_t, int32_t, 0, y == -1 ? 0 : x % y)
            DIVIDE_U(0x70, uint32_t, x % y)
            BINARY(0x71, U32(x) & U32(y))
            BINARY(0x72, U32(x) | U32(y))
            BINARY(0x73, U32(x) ^ U32(y))
            BINARY(0x74, U32(x) << (y & 31))
            BINARY(0x75, U32(S32(x) >> (y & 31)))
            BINARY(0x76, U32(x) >> (y & 31))
            BINARY(0x77, i32_rotl(U32(x), U32(y)))
            BINARY(0x78, i32_rotr(U32(x), U32(y)))
            /* i64 arithmetic */
            UNARY(0x79, i64_clz(x))
            UNARY(0x7a, i64_ctz(x))
            UNARY(0x7b, i64_popcnt(x))
            BINARY(0x7c, x + y)
            BINARY(0x7d, x - y)
            BINARY(0x7e, x * y)
            DIVIDE_S(0x7f, uint64_t, int64_t, INT64_MIN, x / y)
            DIVIDE_U(0x80, uint64_t, x / y)
            DIVIDE_S(0x81, uint64_t, int64_t, 0, y == -1 ? 0 : x % y)
            DIVIDE_U(0x82, uint64_t, x % y)
            BINARY(0x83, x & y)
            BINARY(0x84, x | y)
            BINARY(0x85, x ^ y)
            BINARY(0x86, x << (y & 63))
            BINARY(0x87, (uint64_t)(S64(x) >> (y & 63)))
            BINARY(0x88, x >> (y & 63))
            BINARY(0x89, i64_rotl(x, y))
            BINARY(0x8a, i64_rotr(x, y))
            /* f32 arithmetic */
            UNARY(0x8b, BITS32(f32_abs(F32(x))))
            UNARY(0x8c, U32(x) ^ UINT32_C(0x80000000))
            UNARY(0x8d, BITS32(f32_ceil(F32(x))))
            UNARY(0x8e, BITS32(f32_floor(F32(x))))
            UNARY(0x8f, BITS32(f32_trunc(F32(x))))
            UNARY(0x90, BITS32(f32_nearest(F32(x))))
            UNARY(0x91, BITS32(f32_sqrt(F32(x))))
            BINARY(0x92, BITS32(F32(x) + F32(y)))
            BINARY(0x93, BITS32(F32(x) - F32(y)))
            BINARY(0x94, BITS32(F32(x) * F32(y)))
            BINARY(0x95, BITS32(F32(x) / F32(y)))
            BINARY(0x96, BITS32(f32_min(F32(x), F32(y))))
            BINARY(0x97, BITS32(f32_max(F32(x), F32(y))))
            BINARY(0x98, (U32(x) & ~UINT32_C(0x80000000)) |
                             (U32(y) & UINT32_C(0x80000000)))
            /* f64 arithmetic */
            UNARY(0x99, BITS64(f64_abs(F64(x))))
            UNARY(0x9a, x ^ UINT64_C(0x8000000000000000))
            UNARY(0x9b, BITS64(f64_ceil(F64(x))))
            UNARY(0x9c, BITS64(f64_floor(F64(x))))
            UNARY(0x9d, BITS64(f64_trunc(F64(x))))
            UNARY(0x9e, BITS64(f64_nearest(F64(x))))
            UNARY(0x9f, BITS64(f64_sqrt(F64(x))))
            BINARY(0xa0, BITS64(F64(x) + F64(y)))
            BINARY(0xa1, BITS64(F64(x) - F64(y)))
            BINARY(0xa2, BITS64(F64(x) * F64(y)))
            BINARY(0xa3, BITS64(F64(x) / F64(y)))
            BINARY(0xa4, BITS64(f64_min(F64(x), F64(y))))
            BINARY(0xa5, BITS64(f64_max(F64(x), F64(y))))
            BINARY(0xa6, (x & ~UINT64_C(0x8000000000000000)) |
                             (y & UINT64_C(0x8000000000000000)))
            /* conversions */
            UNARY(0xa7, U32(x))
            TRUNCATE(0xa8, float, F32, uint32_t, int32_t, -0x1.000002p31f,
                     0x1p31f)
            TRUNCATE(0xa9, float, F32, uint32_t, uint32_t, -1.0f, 0x1p32f)
            TRUNCATE(0xaa, double, F64, uint32_t, int32_t, -2147483649.0,
                     0x1p31)
            TRUNCATE(0xab, double, F64, uint32_t, uint32_t, -1.0, 0x1p32)
            UNARY(0xac, (uint64_t)(int64_t)S32(x))
            UNARY(0xad, (uint64_t)U32(x))
            TRUNCATE(0xae, float, F32, uint64_t, int64_t, -0x1.000002p63f,
                     0x1p63f)
            TRUNCATE(0xaf, float, F32, uint64_t, uint64_t, -1.0f, 0x1p64f)
            TRUNCATE(0xb0, double, F64, uint64_t, int64_t,
                     -0x1.0000000000001p63, 0x1p63)
            TRUNCATE(0xb1, double, F64, uint64_t, uint64_t, -1.0, 0x1p64)
            UNARY(0xb2, BITS32((float)S32(x)))
            UNARY(0xb3, BITS32((float)U32(x)))
            UNARY(0xb4, BITS32((float)S64(x)))
            UNARY(0xb5, BITS32((float)x))
            UNARY(0xb6, BITS32((float)F64(x)))
            UNARY(0xb7, BITS64((double)S32(x)))
            UNARY(0xb8, BITS64((double)U32(x)))
            UNARY(0xb9, BITS64((double)S64(x)))
            UNARY(0xba, BITS64((double)x))
            UNARY(0xbb, BITS64((double)F32(x)))
        case 0xbc: /* reinterpretations: slots hold bits */
        case 0xbd:
        case 0xbe:
        case 0xbf:
            break;
            UNARY(0xc0, U32((int8_t)x))
            UNARY(0xc1, U32((int16_t)x))
            UNARY(0xc2, (uint64_t)(int8_t)x)
            UNARY(0xc3, (uint64_t)(int16_t)x)
            UNARY(0xc4, (uint64_t)(int32_t)x)
            UNARY(0x100, i32_trunc_sat_f32_s(F32(x)))
            UNARY(0x101, i32_trunc_sat_f32_u(F32(x)))
            UNARY(0x102, i32_trunc_sat_f64_s(F64(x)))
            UNARY(0x103, i32_trunc_sat_f64_u(F64(x)))
            UNARY(0x104, i64_trunc_sat_f32_s(F32(x)))
            UNARY(0x105, i64_trunc_sat_f32_u(F32(x)))
            UNARY(0x106, i64_trunc_sat_f64_s(F64(x)))
            UNARY(0x107, i64_trunc_sat_f64_u(F64(x)))
        case 0x108: /* memory.init */
        case 0x10a: /* memory.copy */
        case 0x10b: /* memory.fill */
            sp -= 3;
            if (!interp_bulk(interp, insn, code->offsets[insn - code->insns],
                             sp)) {
                goto out_of_bounds;
            }
            /* A long one takes the time of many instructions. */
            fuel -= U32(sp[2]) / 64 < fuel ? U32(sp[2]) / 64 : fuel;
            break;
        case 0x109: /* data.drop */
            interp->is_dropped[insn->index] = true;
            break;
        default: /* validation lets nothing else pass */
            text = "unknown instruction";
            goto stopped;
        }
    }

out_of_bounds:
    text = "memory access out of bounds";
stopped:
    *fuel_left = fuel;
    *stop = (struct interp_stop){
        .text = text,
        .function = function,
        .offset = insn != NULL
                      ? code->offsets[insn - code->insns]
                      : interp->module->functions[function].code_offset,
    };
    return result;
}
