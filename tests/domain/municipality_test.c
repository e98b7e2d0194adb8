/* Where a municipality lies is said within a programme, by who administers it. */
#include "test.h"

#include <string.h>

#include "core/error.h"
#include "core/life.h"
#include "municipality/municipality.h"

static const char *say(enum role role, struct id programme)
{
    static struct municipality_events out;
    const struct municipality_case c = {.row = {.version = 0}};
    struct municipality_input in = {.type = MUNICIPALITY_LOCATE,
                                    .head = {.actor = {.role = role}, .programme = programme}};
    struct error err = {0};

    strcpy(in.municipality_locate.code, "0180");
    out.count = 0;
    if (!municipality_decide(&c, &in, &out, &err)) return err.code;
    assert_int_equal(out.count, 1);
    assert_string_equal(out.at[0].municipality_located.code, "0180");
    return NULL;
}

static void it_is_said_by_who_administers_a_programme(void **unused)
{
    const struct id work = {"work"}, none = {{0}};

    (void)unused;
    for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
        const char *expected = role == ROLE_PA || role == ROLE_SYS ? NULL : life_forbidden.code;

        assert_ptr_equal(say(role, work), expected);
        if (expected == NULL) assert_ptr_equal(say(role, none), life_unknown.code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_said_by_who_administers_a_programme),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
