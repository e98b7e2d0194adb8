/* What is told of somebody beside who they are: in events and rows, or only in the vault. */
#include "person/hiding.h"

#include "core/life.h"
#include "core/patch.h"
#include "fold/aggregate.h"
#include "tenancy.h"

bool person_put_away(const struct person_case *c, const struct head *head,
                     struct person_events *out, struct error *err)
{
    const struct person *row = &c->row;
    struct person_hidden *said;
    struct person_aliased *aliased;

    if (!person_is_protected(row->protection) || row->hidden)
        return refuse(err, &person_nothing_to_hide);

    said = &person_emit(out, PERSON_HIDDEN, row->id)->person_hidden;
    said->protection = row->protection;
    said->has_referral = row->has_referral;
    said->referral = row->referral;
    said->sealed = head->has_sealed ? head->sealed : row->sealed;
    if (c->brought.has_alias || !is_somebody(head->alias)) return true;
    aliased = &person_emit(out, PERSON_ALIASED, row->id)->person_aliased;
    aliased->referral = row->referral;
    aliased->alias = head->alias;
    return true;
}

bool person_bring_back(const struct person_case *c, const struct person_show *ask,
                       const struct head *head, struct person_events *out, struct error *err)
{
    const struct person *row = &c->row;
    struct person_shown *said;

    if (person_is_protected(row->protection) || !row->hidden)
        return refuse(err, &person_nothing_to_hide);

    said = &person_emit(out, PERSON_SHOWN, row->id)->person_shown;
    patch_carry(&person_kept_descriptor, &ask->kept, &person_shown_descriptor, said);
    said->has_municipality = ask->has_municipality;
    memcpy(said->municipality, ask->municipality, sizeof said->municipality);
    said->has_referral = row->has_referral;
    said->referral = row->referral;
    said->sealed = head->has_sealed ? head->sealed : row->sealed;
    return true;
}

/* Sealing. */

static void keep_languages(const struct spokens *said, bool *has, struct spokens *to)
{
    if (said->count == 0) return;
    *has = true;
    *to = *said;
}

static void keep_occupations(const struct occupations *said, bool *has, struct occupations *to)
{
    if (said->count == 0) return;
    *has = true;
    *to = *said;
}

static void keep_place(const struct referral *brought, struct person_details *details)
{
    if (!brought->has_place_kept) return;
    details->has_municipality = true;
    memcpy(details->municipality, brought->place_kept, sizeof details->municipality);
}

static void keep_mentors_place(bool is_said, const char *said, struct person_kept *kept)
{
    kept->has_mentor_municipality = is_said;
    memset(kept->mentor_municipality, 0, sizeof kept->mentor_municipality);
    if (is_said) memcpy(kept->mentor_municipality, said, sizeof kept->mentor_municipality);
}

/* What rows still tell; the rest is there already. */
static void put_away(const void *loaded, void *in, const void *before, void *whole)
{
    const struct person_case *c = loaded;
    struct person_details *details = whole;
    struct person_kept *kept = &details->kept;

    (void)in;
    (void)before;
    details->has_kept = true;
    if (c->brought.has_external_id && strcmp(c->brought.external_id, referral_unsaid) != 0) {
        kept->has_external_id = true;
        memcpy(kept->external_id, c->brought.external_id, sizeof kept->external_id);
    }
    keep_place(&c->brought, details);
    if (c->row.has_mentor_municipality) keep_mentors_place(true, c->row.mentor_municipality, kept);
    keep_languages(&c->brought.languages, &kept->has_languages, &kept->languages);
    keep_occupations(&c->brought.occupations, &kept->has_occupations, &kept->occupations);
    keep_languages(&c->row.mentor_languages, &kept->has_mentor_languages, &kept->mentor_languages);
    keep_occupations(&c->row.mentor_occupations, &kept->has_mentor_occupations,
                     &kept->mentor_occupations);
}

/* The referral tells it again. */
static void tell_place(struct person_details *details, struct person_show *show)
{
    show->has_municipality = details->has_municipality;
    memcpy(show->municipality, details->municipality, sizeof show->municipality);
    details->has_municipality = false;
    memset(details->municipality, 0, sizeof details->municipality);
}

static void bring_back(const void *c, void *in, const void *before, void *whole)
{
    const struct person_case *person = c;
    struct person_show *show = &((struct person_input *)in)->person_show;
    struct person_details *details = whole;

    (void)before;
    show->has_kept = details->has_kept;
    show->kept = details->kept;
    show->has_municipality = false;
    details->has_kept = false;
    details->kept = (struct person_kept){0};
    if (person->row.has_referral) tell_place(details, show);
}

/* The same part again replaces what was said of it. */
void person_keep_offered(const struct person_grant_role *ask, struct person_details *details)
{
    struct person_kept *kept = &details->kept;

    if (ask->part != PERSON_PART_MENTOR) return;
    details->has_kept = true;
    kept->has_mentor_languages = kept->has_mentor_occupations = true;
    kept->mentor_languages = ask->languages;
    kept->mentor_occupations = ask->occupations;
    keep_mentors_place(ask->has_municipality, ask->municipality, kept);
}

static void keep_granted(const void *c, void *in, const void *before, void *whole)
{
    (void)c;
    (void)before;
    person_keep_offered(&((const struct person_input *)in)->person_grant_role, whole);
}

static void change_kept(const struct person *row,
                        void (*change)(const void *c, void *in, const void *before, void *whole),
                        struct concealed *what)
{
    what->owner = row->id;
    what->descriptor = &person_details_descriptor;
    what->value = what->plain;
    what->sealed = row->sealed;
    what->change = change;
}

void person_conceal_kept(const struct person_case *c, const struct person_input *in,
                         struct concealed *what)
{
    const struct person *row = &c->row;
    const bool is_protected = person_is_protected(row->protection);

    if (row->state != PERSON_STATE_ACTIVE || !row->has_sealed) return;
    if (in->type == PERSON_HIDE && is_protected) change_kept(row, put_away, what);
    if (in->type == PERSON_SHOW && !is_protected) change_kept(row, bring_back, what);
    if (in->type == PERSON_GRANT_ROLE && is_protected &&
        in->person_grant_role.part == PERSON_PART_MENTOR)
        change_kept(row, keep_granted, what);
}
