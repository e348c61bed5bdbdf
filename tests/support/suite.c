/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <stdlib.h>

unsigned suite_rounds(unsigned all)
{
    return getenv("F4E_LONG") != NULL ? all : all / 10;
}

int main(void)
{
    /* Four seconds, Check's own, are short on a machine that does much else. */
    if (setenv("CK_DEFAULT_TIMEOUT", "60", 0) != 0) {
        return EXIT_FAILURE;
    }
    SRunner *runner = srunner_create(test_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
