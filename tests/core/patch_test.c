/* What a change leaves of what was, over the wire and in between. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "contract/all.h"
#include "contract/person.h"
#include "contract/programme.h"
#include "contract/referral.h"
#include "core/error.h"
#include "core/json.h"
#include "core/pack.h"
#include "core/patch.h"

static struct error err;
static const struct date today = {20779};
static const struct person_who ada = {.given_name = "Ada",
                                      .has_family_name = true,
                                      .family_name = "Exempel",
                                      .has_email = true,
                                      .email = "ada@example.org",
                                      .has_phone = true,
                                      .phone = "+46701740606"};

/* As it comes in: JSON, then msgpack between programs. */
static const struct person_who *changed(const char *text)
{
    static struct person_change said, heard;
    static struct person_who whole;
    static char packed[4096];
    size_t size = sizeof packed;

    if (!json_read(&person_change_descriptor, text, strlen(text), today, &said, &err))
        fail_msg("%s: %s %s", err.text, err.faults[0].field, err.faults[0].what);
    assert_true(pack(&person_change_descriptor, &said, packed, &size, &err));
    memset(&heard, 0, sizeof heard);
    assert_true(unpack(&person_change_descriptor, packed, size, &heard, &err));
    assert_memory_equal(&heard, &said, sizeof said);
    whole = ada;
    patch_apply(&person_details_change_descriptor, &heard.details, &person_who_descriptor, &whole);
    return &whole;
}

static void what_is_left_out_stays_and_null_removes(void **unused)
{
    const struct person_who *now = changed("{}");

    (void)unused;
    assert_memory_equal(now, &ada, sizeof ada);
    now = changed("{\"details\":{\"given_name\":\"Ida\",\"phone\":null,\"email\":\"\"}}");
    assert_string_equal(now->given_name, "Ida");
    assert_true(now->has_family_name);
    assert_string_equal(now->family_name, "Exempel");
    assert_false(now->has_phone || now->has_email);
    assert_string_equal(now->phone, "");
}

static bool is_refused(const char *text, const char *field)
{
    static struct person_change said;

    if (json_read(&person_change_descriptor, text, strlen(text), today, &said, &err)) return false;
    assert_string_equal(err.faults[0].field, field);
    assert_string_equal(err.faults[0].what, "not to be removed: it can only be another");
    return true;
}

static void what_has_to_be_there_is_not_removed(void **unused)
{
    static struct programme_change programme;

    (void)unused;
    assert_true(is_refused("{\"language\":null}", "language"));
    assert_true(is_refused("{\"details\":null}", "details"));
    assert_true(is_refused("{\"details\":{\"given_name\":null}}", "details.given_name"));
    assert_true(is_refused("{\"details\":{\"given_name\":\" \"}}", "details.given_name"));
    assert_false(json_read(&programme_change_descriptor, "{\"contact\":null}", 16, today,
                           &programme, &err)); /* its coordinators would hear of nothing */
    assert_string_equal(err.faults[0].field, "contact");
}

static void an_object_is_changed_within(void **unused)
{
    static struct programme_changed now;
    static struct programme_change said;
    const char text[] = "{\"rules\":{\"offer_days\":9,\"book_days\":null},\"until\":null}";

    (void)unused;
    now.has_until = true;
    now.until.day = 21000;
    now.rules.offer_days = 7;
    now.rules.sign_days = 14;
    now.rules.has_book_days = true;
    now.rules.book_days = 30;
    assert_true(json_read(&programme_change_descriptor, text, sizeof text - 1, today, &said, &err));
    patch_apply(&programme_change_descriptor, &said, &programme_changed_descriptor, &now);
    assert_int_equal(now.rules.offer_days, 9);
    assert_int_equal(now.rules.sign_days, 14);
    assert_false(now.rules.has_book_days || now.has_until);
    assert_int_equal(now.rules.book_days, 0);
}

static void a_change_is_carried_into_another(void **unused)
{
    static struct referral_give_info said;
    static struct person_details_change change;
    const char text[] =
        "{\"person\":{\"phone\":null,\"birth_date\":\"1994-05\",\"language\":\"sv\"}}";

    (void)unused;
    assert_true(
        json_read(&referral_give_info_descriptor, text, sizeof text - 1, today, &said, &err));
    patch_carry(&referral_person_change_descriptor, &said.person, &person_details_change_descriptor,
                &change);
    assert_true(change.removes_phone && change.has_birth_date);
    assert_int_equal(change.birth_date.last, 8916);
    assert_false(change.has_phone || change.has_given_name || change.removes_email ||
                 change.removes_birth_date);
}

/* What is named is given, or the name is refused: nothing that is said there is all there is to say. */
static void null_gives_nothing_that_was_asked_for(void **unused)
{
    static const char *const fields[] = {"given",     "person",      "municipality",
                                         "languages", "occupations", "consented_on"};
    static struct referral_give_info said;

    (void)unused;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        char text[64];
        const int size = snprintf(text, sizeof text, "{\"%s\":null}", fields[i]);

        assert_false(
            json_read(&referral_give_info_descriptor, text, (size_t)size, today, &said, &err));
        assert_string_equal(err.faults[0].field, fields[i]);
    }
    assert_true(json_read(&referral_give_info_descriptor, "{}", 2, today, &said, &err));
}

/* Who is known, with what an agency said of them last. */
static struct person_details known(const struct person_who *word)
{
    struct person_details whole = {.has_agency = word != NULL};

    patch_carry(&person_who_descriptor, &ada, &person_details_descriptor, &whole);
    if (word != NULL) whole.agency = *word;
    return whole;
}

static void says(struct person_details *value, const struct person_who *word)
{
    const struct person_details said = {.has_agency = true, .agency = *word};

    patch_renew(&person_details_descriptor, "agency", &said, value);
    assert_true(value->has_agency);
    assert_memory_equal(&value->agency, word, sizeof *word);
}

static bool has_new_mailbox(const struct person_details *before, const struct person_details *after)
{
    return patch_has_new_mailbox(&person_details_descriptor, before, after);
}

static void a_mailbox_is_new_where_there_was_none_or_another(void **unused)
{
    const struct person_details was = known(&ada);
    struct person_details now = was, none = was;

    (void)unused;
    none.has_email = false;
    memset(none.email, 0, sizeof none.email);
    strcpy(now.phone, "+46701740699");
    strcpy(now.agency.email,
           "said@example.org"); /* that is what somebody said, and not where mails go */
    assert_false(has_new_mailbox(&was, &now));
    assert_false(has_new_mailbox(&was, &none));
    assert_false(has_new_mailbox(&none, &none));
    assert_true(has_new_mailbox(&none, &was));
    strcpy(now.email, "ada@example.com");
    assert_true(has_new_mailbox(&was, &now));
}

static void what_is_repeated_leaves_what_was_changed_since(void **unused)
{
    struct person_who word = ada;
    struct person_details now = known(&word);

    (void)unused;
    strcpy(now.phone, "+46701740699"); /* since */
    now.has_family_name = false;
    now.family_name[0] = '\0';
    now.has_address = true;
    strcpy(now.address, "Streetway 1");
    word.has_goals = true;
    strcpy(word.goals, "A workshop");
    says(&now, &word);
    assert_string_equal(now.phone, "+46701740699");
    assert_false(now.has_family_name);
    assert_string_equal(now.address, "Streetway 1"); /* of which nothing was said */
    assert_string_equal(now.goals, "A workshop");

    strcpy(word.phone, "+46701740688"); /* this is new */
    says(&now, &word);
    assert_string_equal(now.phone, "+46701740688");
    assert_false(now.has_family_name);
}

static void what_is_no_longer_said_goes_where_it_is_still_so(void **unused)
{
    struct person_who word = ada;
    struct person_details now = known(&word);

    (void)unused;
    strcpy(now.phone, "+46701740699"); /* since */
    word.has_phone = word.has_email = false;
    memset(word.phone, 0, sizeof word.phone);
    memset(word.email, 0, sizeof word.email);
    says(&now, &word);
    assert_false(now.has_email);
    assert_string_equal(now.email, "");
    assert_true(now.has_phone);
    assert_string_equal(now.phone, "+46701740699");
}

static void all_of_it_is_new_where_nothing_is_known_of_what_was_said(void **unused)
{
    const struct person_who word = {.given_name = "Ida"};
    struct person_details now = known(NULL);

    (void)unused;
    says(&now, &word);
    assert_string_equal(now.given_name, "Ida");
    assert_false(now.has_family_name || now.has_email || now.has_phone);
}

static void nil_is_nothing_where_nothing_can_be_removed(void **unused)
{
    static struct person_register said;
    static const char nil[] = "\x81\xA7"
                              "details\xC0";

    (void)unused;
    assert_false(unpack(&person_register_descriptor, nil, sizeof nil - 1, &said, &err));
}

/* Every change of ours says only what the thing has, and of the same type. */
/* Whether an event says that field, and so that it is empty; in itself or in what it is about. */
static bool is_in(const struct descriptor *event, const struct field *field)
{
    for (size_t i = 0; i < event->count; i++) {
        const struct field *other = &event->fields[i];

        if (strcmp(other->name, field->name) == 0 && other->type == field->type) return true;
        if (other->type == FIELD_OBJECT && is_in(other->object, field)) return true;
    }
    return false;
}

static bool is_said(const struct contract *contract, const struct field *field)
{
    for (size_t i = 0; i < contract->event_count; i++)
        if (is_in(contract->events[i], field)) return true;
    return false;
}

/* What null removes is removed by an event: what is in the vault alone would stay without a word. */
static void what_a_change_says_is_part_of_what_it_changes(void **unused)
{
    size_t removable = 0;

    (void)unused;
    for (size_t i = 0; i < contract_count; i++)
        for (size_t n = 0; n < contracts[i]->command_count; n++) {
            const struct descriptor *body = contracts[i]->commands[n].body;

            for (size_t f = 0; f < body->count; f++) {
                if (body->fields[f].removed == 0) continue;
                removable++;
                if (!is_said(contracts[i], &body->fields[f]))
                    fail_msg("%s: nothing removes %s", body->name, body->fields[f].name);
            }
        }
    assert_true(removable >= 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_out_stays_and_null_removes),
        cmocka_unit_test(what_has_to_be_there_is_not_removed),
        cmocka_unit_test(an_object_is_changed_within),
        cmocka_unit_test(a_change_is_carried_into_another),
        cmocka_unit_test(null_gives_nothing_that_was_asked_for),
        cmocka_unit_test(a_mailbox_is_new_where_there_was_none_or_another),
        cmocka_unit_test(what_is_repeated_leaves_what_was_changed_since),
        cmocka_unit_test(what_is_no_longer_said_goes_where_it_is_still_so),
        cmocka_unit_test(all_of_it_is_new_where_nothing_is_known_of_what_was_said),
        cmocka_unit_test(nil_is_nothing_where_nothing_can_be_removed),
        cmocka_unit_test(what_a_change_says_is_part_of_what_it_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
