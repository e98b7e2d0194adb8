/* What people read instead of codes, and which code they mean. */
#include "codes/called.h"

#include "test.h"

#include <stdint.h>
#include <string.h>

#include "codes/codes.h"
#include "codes/tables.h"

static void codes_have_names_in_the_reader_s_language(void **unused)
{
    (void)unused;
    assert_string_equal(called_language("ar", LANGUAGE_SV), "arabiska");
    assert_string_equal(called_language("ar", LANGUAGE_NB), "arabisk");
    assert_string_equal(called_language("ti", LANGUAGE_EN), "Tigrinya");
    assert_string_equal(called_municipality(COUNTRY_SE, "0180"), "Stockholm");
    assert_string_equal(called_municipality(COUNTRY_SE, "NO-1860"), "Vestvågøy");
    assert_string_equal(called_municipality(COUNTRY_NO, "SE-1860"), "Laxå");
    assert_string_equal(called_occupation(OCCUPATION_SCHEME_JOBTECH, "15e8_KDZ_31Z", LANGUAGE_EN),
                        "SFI-lärare");
}

static void what_has_no_name_is_its_code(void **unused)
{
    (void)unused;
    assert_string_equal(called_language("zzz", LANGUAGE_SV), "zzz");
    assert_string_equal(called_municipality(COUNTRY_SE, "0000"), "0000");
    assert_string_equal(called_municipality(COUNTRY_SE, ""), "");
    assert_string_equal(called_occupation(OCCUPATION_SCHEME_SSYK, "x", LANGUAGE_SV), "x");
}

static void every_occupation_is_called_something_else_than_its_code(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < codes_occupation_name_count; i++) {
        const struct occupation_name *row = &codes_occupation_names[i];
        const char *name = called_occupation(row->scheme, row->code, LANGUAGE_SV);

        assert_true(name != row->code && name[0] != '\0');
        assert_true(codes_occupation(row->scheme, row->code));
    }
}

static bool is(void *cookie, const char *name)
{
    return strcmp(cookie, name) == 0;
}

static const char *language_called(const char *name)
{
    return called_language_code(is, (void *)(uintptr_t)name);
}

static const char *municipality_called(enum country country, const char *name)
{
    return called_municipality_code(country, is, (void *)(uintptr_t)name);
}

/* Where two languages share one, it is one of them. */
static void a_language_is_found_by_every_name_of_it(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < codes_language_name_count; i++)
        for (size_t j = 0; j < CALLED_LANGUAGES; j++) {
            const char *name = codes_language_names[i].names[j];

            if (name == NULL || name[0] == '\0') continue;
            assert_non_null(language_called(name));
            assert_non_null(codes_language(language_called(name), strlen(language_called(name))));
        }
    assert_string_equal(language_called("العربية"), "ar");
    assert_null(language_called(""));
    assert_null(language_called("klingonska"));
}

/* Våler is one of Østfold and one of Innlandet; Stockholm is of the other country. */
static void what_could_be_several_is_none(void **unused)
{
    (void)unused;
    assert_null(municipality_called(COUNTRY_NO, "Våler"));
    assert_null(municipality_called(COUNTRY_NO, "Stockholm"));
    assert_string_equal(municipality_called(COUNTRY_NO, "Tønsberg"), "3905");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_have_names_in_the_reader_s_language),
        cmocka_unit_test(what_has_no_name_is_its_code),
        cmocka_unit_test(every_occupation_is_called_something_else_than_its_code),
        cmocka_unit_test(a_language_is_found_by_every_name_of_it),
        cmocka_unit_test(what_could_be_several_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
