/* A fold is waited for as long as it gets on, and no longer. */
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "system/folding.h"

static char home[] = "/tmp/fadder-folding-XXXXXX";
static const char file[] = "toy/state.fresh/data.mdb";
static int seconds;

static void begin(void)
{
    const int fd = open(file, O_WRONLY | O_CREAT | O_EXCL, 0600);

    assert_true(fd >= 0);
    close(fd);
}

static void write_some(void)
{
    const struct timespec times[2] = {{.tv_sec = ++seconds}, {.tv_sec = seconds}};

    assert_int_equal(utimensat(AT_FDCWD, file, times, 0), 0);
}

static void it_is_waited_for_as_long_as_it_gets_on(void **unused)
{
    struct folding folding = {0};

    (void)unused;
    assert_false(folding_goes_on(&folding, "toy")); /* it folds nothing */
    begin();
    for (int i = 0; i < 3; i++) {
        write_some();
        assert_true(folding_goes_on(&folding, "toy"));
        assert_false(folding_goes_on(&folding, "toy"));
    }
    assert_int_equal(unlink(file), 0);
    assert_false(folding_goes_on(&folding, "toy"));
}

static void who_begins_anew_is_not_waited_for(void **unused)
{
    struct folding folding = {0};

    (void)unused;
    begin();
    assert_true(folding_goes_on(&folding, "toy"));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(rename(file, "toy/before"), 0); /* so that it is another file */
        begin();
        write_some();
        assert_false(folding_goes_on(&folding, "toy"));
        assert_int_equal(unlink("toy/before"), 0);
    }
    assert_int_equal(unlink(file), 0);
}

static int set_up(void **unused)
{
    (void)unused;
    return mkdtemp(home) == NULL || chdir(home) != 0 || mkdir("toy", 0700) != 0 ||
           mkdir("toy/state.fresh", 0700) != 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    return rmdir("toy/state.fresh") != 0 || rmdir("toy") != 0 || chdir("/") != 0 ||
           rmdir(home) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_waited_for_as_long_as_it_gets_on),
        cmocka_unit_test(who_begins_anew_is_not_waited_for),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
