/* Who is near whom: one rule, for one and for several. */
#include "test.h"

#include "core/near.h"

static const struct id ada = {"ada"}, bo = {"bo"}, nobody;

static const struct {
    struct nearness who;
    bool is_near_ada, is_near_both, may_see_adas;
} rows[] = {
    {{ROLE_CO, {"eva"}, false, false}, false, false, false},
    {{ROLE_CO, {"eva"}, true, false}, true, true, true},
    {{ROLE_PA, {"eva"}, false, true}, false, false, false},
    {{ROLE_PT, {"ada"}, false, false}, true, false, true},
    {{ROLE_PT, {"ada"}, false, true}, false, false, false}, /* somebody else may have kept it */
    {{ROLE_ME, {"bo"}, false, false}, false, false, false},
    {{ROLE_AG, {"ada"}, false, false}, false, false, false}, /* a system is nobody */
    {{ROLE_CO, {{0}}, false, false}, false, false, false},
    {{ROLE_SYS, {{0}}, false, false}, true, true, true},
    {{ROLE_TM, {{0}}, false, false}, true, true, true},
};

static void who_is_cleared_and_oneself_are_near(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct guarded guarded = {0}, adas = {.sake = ada};

        guarded_add(&guarded, false, bo);
        assert_true(near_each(&rows[i].who, &guarded)); /* nobody is guarded */
        guarded_add(&guarded, true, ada);
        assert_int_equal(near_each(&rows[i].who, &guarded), rows[i].is_near_ada);
        guarded_add(&guarded, true, bo);
        assert_int_equal(near_each(&rows[i].who, &guarded), rows[i].is_near_both);
        assert_int_equal(near_row(&rows[i].who, &guarded), rows[i].is_near_both);
        guarded_add(&adas, true, bo);
        assert_int_equal(near_row(&rows[i].who, &adas),
                         rows[i].may_see_adas || id_equal(rows[i].who.person, bo));
    }
}

static void nobody_is_nobodys_self(void **unused)
{
    const struct nearness who = {ROLE_CO, {{0}}, false, false};

    (void)unused;
    assert_false(near_is_oneself(&who, nobody));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_cleared_and_oneself_are_near),
        cmocka_unit_test(nobody_is_nobodys_self),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
