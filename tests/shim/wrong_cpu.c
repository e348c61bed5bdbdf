/* SPDX-License-Identifier: MIT */
/* Linked with cpu.c and a CPU that lacks everything: main() is not reached. */
#include <stdio.h>

int main(void)
{
    (void)puts("main() was reached");
    return 0;
}
