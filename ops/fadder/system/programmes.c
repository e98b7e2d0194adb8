/* All persons and tokens of a programme are gone through once each; nobody is named. */
#include "system/programmes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "contract/person.h"
#include "contract/programme.h"
#include "contract/token.h"
#include "core/error.h"
#include "core/instant.h"
#include "core/zone.h"

enum { PROGRAMMES_MAX = 64, ADMINS_MAX = 32 };

/* Whom an admin's token could come of; more are not told apart. */
struct admin {
    struct id person;
    struct hands token, part;
    struct person_role role; /* as what they take part: coordinator */
    bool is_known, has_role;
};

struct found {
    struct programme programmes[PROGRAMMES_MAX];
    size_t programme_count;
    /* of one of them */
    const struct programme *programme;
    struct instant now;
    size_t participants, hidden, cleared, officers;
    struct admin admins[ADMINS_MAX];
    size_t admin_count;
};

static bool take_programme(void *cookie, const void *row)
{
    const struct programme *programme = row;
    struct found *found = cookie;

    if (programme->state == PROGRAMME_STATE_OPEN && found->programme_count < PROGRAMMES_MAX)
        found->programmes[found->programme_count++] = *programme;
    return true;
}

static bool take_token(void *cookie, const void *row)
{
    const struct token *token = row;
    struct found *found = cookie;

    if (token->role != ACTOR_ROLE_PROGRAMME_ADMIN || token->state != TOKEN_STATE_ACTIVE ||
        token->expires.ms <= found->now.ms || !id_equal(token->programme, found->programme->id) ||
        found->admin_count == ADMINS_MAX)
        return true;
    found->admins[found->admin_count++] = (struct admin){
        .person = token->person, .token = token->hands, .is_known = token->has_hands};
    return true;
}

static bool is_current(const struct found *found, const struct person_role *role)
{
    const struct date today = zone_date(found->programme->country, found->now);

    return role->from.day <= today.day && (!role->has_until || role->until.day >= today.day);
}

static void take_part(struct found *found, const struct person *person,
                      const struct person_role *role)
{
    const bool is_hidden = person->protection >= PROTECTION_MARKED;

    found->participants += role->part == PERSON_PART_PARTICIPANT;
    found->hidden += role->part == PERSON_PART_PARTICIPANT && is_hidden;
    found->cleared += role->part == PERSON_PART_COORDINATOR && role->cleared;
    found->officers += role->part == PERSON_PART_DATA_PROTECTION_OFFICER;
}

static void note_role(struct admin *admin, const struct person *person)
{
    for (uint32_t i = 0; i < person->roles.count; i++) {
        if (person->roles.at[i].part != PERSON_PART_COORDINATOR) continue;
        admin->has_role = true;
        admin->role = person->roles.at[i];
    }
}

static bool take_person(void *cookie, const void *row)
{
    const struct person *person = row;
    struct found *found = cookie;

    if (person->state != PERSON_STATE_ACTIVE || !id_equal(person->programme, found->programme->id))
        return true;
    for (uint32_t i = 0; i < person->roles.count; i++)
        if (is_current(found, &person->roles.at[i])) take_part(found, person, &person->roles.at[i]);
    for (size_t i = 0; i < found->admin_count; i++) {
        struct admin *admin = &found->admins[i];

        if (!id_equal(admin->person, person->id)) continue;
        admin->part = person->coordinator_hands;
        note_role(admin, person);
        admin->is_known = admin->is_known && person->has_coordinator_hands;
    }
    return true;
}

static bool has(const struct admin *admin, struct id one)
{
    if (id_equal(admin->person, one)) return true;
    for (uint32_t i = 0; i < admin->token.count; i++)
        if (id_equal(admin->token.at[i], one)) return true;
    for (uint32_t i = 0; i < admin->part.count; i++)
        if (id_equal(admin->part.at[i], one)) return true;
    return false;
}

static bool are_apart(const struct admin *one, const struct admin *other)
{
    if (!one->is_known || !other->is_known || has(other, one->person)) return false;
    for (uint32_t i = 0; i < one->token.count; i++)
        if (has(other, one->token.at[i])) return false;
    for (uint32_t i = 0; i < one->part.count; i++)
        if (has(other, one->part.at[i])) return false;
    return true;
}

static bool has_two(const struct found *found)
{
    for (size_t i = 0; i < found->admin_count; i++)
        for (size_t n = i + 1; n < found->admin_count; n++)
            if (are_apart(&found->admins[i], &found->admins[n])) return true;
    return false;
}

static void say(const struct found *found, bool stops)
{
    printf("%s  programme %s: ", stops ? "look" : "hint", found->programme->slug);
}

/* The part as it is, since what is granted anew replaces it; and then the token, which comes of it. */
static void tell_how(const struct found *found, const struct admin *admin)
{
    const char *slug = found->programme->slug;
    char person[ID_TEXT_SIZE], organisation[ID_TEXT_SIZE] = "";

    id_write(admin->person, person);
    if (admin->role.has_organisation) id_write(admin->role.organisation, organisation);
    printf("        echo '{\"part\":\"coordinator\"%s%s%s%s}' | fadder say person.grant_role - "
           "--on %s "
           "--programme %s\n",
           organisation[0] != '\0' ? ",\"organisation\":\"" : "", organisation,
           organisation[0] != '\0' ? "\"" : "", admin->role.cleared ? ",\"cleared\":true" : "",
           person, slug);
    printf("        fadder token add --role programme_admin --person %s --programme %s\n", person,
           slug);
}

static bool was_before(const struct found *found, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (id_equal(found->admins[i].person, found->admins[at].person)) return true;
    return false;
}

/* Of before it was written down by whose hands parts and tokens came; two of them are enough. False: there are no two. */
static bool tell_of_unknown(const struct found *found)
{
    const struct admin *two[2];
    size_t count = 0;

    for (size_t i = 0; i < found->admin_count && count < 2; i++)
        if (found->admins[i].has_role && !was_before(found, i)) two[count++] = &found->admins[i];
    if (count < 2) return false;
    say(found, false);
    printf("no two admins could clear somebody, or lower a protection: one made what the other "
           "acts with, or "
           "nobody knows who did; say anew who two of them are, and give them the tokens\n");
    for (size_t i = 0; i < count; i++)
        tell_how(found, two[i]);
    return true;
}

static bool tell_of_admins(const struct found *found)
{
    if (found->admin_count == 0) {
        say(found, true);
        printf("nobody can administrate it: no admin's token is good; `fadder token add`\n");
        return false;
    }
    if (has_two(found) || tell_of_unknown(found)) return true;
    say(found, false);
    printf("no two admins could clear somebody, or lower a protection: grant the part of a second "
           "(`fadder say person.grant_role`), then make the token (`fadder token add`); until then "
           "the operator says it\n");
    return true;
}

/* Who is hidden, or may be from one minute to the next, is looked after by who is cleared. */
static bool tell_of_cleared(const struct found *found)
{
    if (found->participants == 0 || found->cleared > 0) return true;
    say(found, found->hidden > 0);
    printf("%s, and no coordinator is cleared who could take over\n",
           found->hidden > 0 ? "participants are under protection"
                             : "a participant may come under protection");
    return found->hidden == 0;
}

static void tell_of_officers(const struct found *found)
{
    if (found->participants == 0 || found->officers > 0) return;
    say(found, false);
    printf("nobody is its data protection officer: nobody but the operator sees the audit\n");
}

static bool look_at(struct found *found, bool *is_well, struct error *err)
{
    const struct ask_for scope = {found->programme->id, found->programme->country};
    bool is_fine;

    found->participants = found->hidden = found->cleared = 0;
    found->officers = found->admin_count = 0;
    if (!ask_rows(&scope, find_record("token", NULL), NULL, NULL, take_token, found, err) ||
        !ask_rows(&scope, find_record("person", NULL), NULL, NULL, take_person, found, err))
        return false;
    is_fine = tell_of_admins(found);
    is_fine = tell_of_cleared(found) && is_fine;
    tell_of_officers(found);
    if (is_fine) printf("fine  programme %s\n", found->programme->slug);
    *is_well = *is_well && is_fine;
    return true;
}

static bool look_at_each(struct found *found, bool *is_well, struct error *err)
{
    const struct ask_for nobody = {0};

    if (!ask_rows(&nobody, find_record("programme", NULL), NULL, NULL, take_programme, found, err))
        return false;
    for (size_t i = 0; i < found->programme_count; i++) {
        found->programme = &found->programmes[i];
        if (!look_at(found, is_well, err)) return false;
    }
    return true;
}

bool programmes_check(bool *is_well, struct error *err)
{
    struct found *found = calloc(1, sizeof *found);
    bool is_told;

    if (found == NULL) bug("out of memory");
    found->now.ms = clock_now_ms();
    *is_well = true;
    is_told = look_at_each(found, is_well, err);
    free(found);
    return is_told;
}
