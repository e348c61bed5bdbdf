/* SPDX-License-Identifier: MIT */
/*
 * For harness.c on a Cortex-M7 without an operating system: the vector table,
 * the start, and a line by semihosting, which QEMU and debuggers serve.
 * cortex_m7.ld places it.
 */
#include <stddef.h>
#include <stdint.h>

void put_line(const char *line, int status);
int main(void);
void reset(void);
void fault(void);
uint64_t __atomic_fetch_add_8(volatile void *at, uint64_t value, int order);
uint64_t __atomic_load_8(const volatile void *at, int order);
void __atomic_store_8(volatile void *at, uint64_t value, int order);

extern uint32_t bss_start[], bss_end[], stack_top[];

enum { SYS_WRITE0 = 0x04, SYS_EXIT_EXTENDED = 0x20, EXIT = 0x20026 };

static void semihost(uintptr_t operation, const void *argument)
{
    register uintptr_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void put_line(const char *line, int status)
{
    const uintptr_t end[2] = {EXIT, (uintptr_t)status};
    semihost(SYS_WRITE0, line);
    semihost(SYS_WRITE0, "\n");
    for (;;) {
        semihost(SYS_EXIT_EXTENDED, end);
    }
}

void fault(void)
{
    put_line("fault", 4);
}

void reset(void)
{
    volatile uint32_t *const cpacr = (volatile uint32_t *)0xe000ed88;
    for (uint32_t *at = bss_start; at < bss_end; at++) {
        *at = 0;
    }
    *cpacr |= 0xfu << 20; /* the floating-point unit */
    __asm__ volatile("dsb\n\tisb");
    (void)main();
    put_line("main returned", 4);
}

/* The engine counts blocks of the general code in 64 bits. One core, and no
 * interrupt that counts: plain arithmetic is atomic enough. */
uint64_t __atomic_fetch_add_8(volatile void *at, uint64_t value, int order)
{
    volatile uint64_t *counter = at;
    uint64_t before = *counter;
    (void)order;
    *counter = before + value;
    return before;
}

__attribute__((section(".vectors"), used)) static void *const vectors[16] = {
    stack_top, reset, fault, fault, fault, fault, fault,
};

uint64_t __atomic_load_8(const volatile void *at, int order)
{
    const volatile uint64_t *number = at;
    (void)order;
    return *number;
}

void __atomic_store_8(volatile void *at, uint64_t value, int order)
{
    volatile uint64_t *number = at;
    (void)order;
    *number = value;
}
