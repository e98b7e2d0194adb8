/* What is said once is not said again, but with other words. */
#include "person/consent.h"

#include "person/asking.h"

/* The bit of the field whose flag that is. */
static uint64_t bit_of(const struct descriptor *descriptor, size_t present)
{
    for (size_t i = 0; i < descriptor->count; i++)
        if (descriptor->fields[i].present == present) return UINT64_C(1) << i;
    bug("%s: no field has its flag at %zu", descriptor->name, present);
}

bool person_seals_goals(const struct head *head)
{
    const uint64_t goals =
        bit_of(&person_details_descriptor, offsetof(struct person_details, has_goals));

    return head->has_sealed && ((uint64_t)head->sealed.holds & goals) != 0;
}

uint64_t person_withholds(const struct person_case *c, const struct person_input *in)
{
    const struct person_consent *said = person_consent_to(&c->row, PERSON_CONSENT_PURPOSE_GOALS);
    const bool is_own = in->type == PERSON_READ && (in->person_read.purpose == PERSON_PURPOSE_OWN ||
                                                    id_equal(c->row.id, in->head.actor.id));

    if (in->type != PERSON_READ || is_own || (said != NULL && said->is_given)) return 0;
    return bit_of(&person_known_descriptor, offsetof(struct person_known, has_goals));
}

bool person_give_consent_of(const struct person_case *c, const struct person_input *in,
                            struct person_events *out, struct error *err)
{
    const struct person_give_consent *ask = &in->person_give_consent;
    const struct person_consent *known = person_consent_to(&c->row, ask->purpose);
    struct person_consent_given *said;

    if (known != NULL && known->is_given && strcmp(known->words, ask->words) == 0)
        return refuse(err, &person_consent_given_already);
    if (!asking_check(c, &in->head, err)) return false;

    said = &person_emit(out, PERSON_CONSENT_GIVEN, c->row.id)->person_consent_given;
    said->purpose = ask->purpose;
    memcpy(said->words, ask->words, sizeof said->words);
    said->at = asking_begin(&in->head).at;
    said->by = in->head.actor.id;
    said->has_told = in->head.has_behalf;
    said->told = in->head.behalf.told;
    asking_record(c, &in->head, PERSON_SAID_GIVE_CONSENT, out);
    return true;
}

bool person_withdraw_consent_of(const struct person_case *c, const struct person_input *in,
                                struct person_events *out, struct error *err)
{
    const enum person_consent_purpose purpose = in->person_withdraw_consent.purpose;
    const struct person_consent *known = person_consent_to(&c->row, purpose);
    struct person_consent_withdrawn *said;

    if (person_has_withdrawn(&c->row, purpose))
        return refuse(err, &person_consent_withdrawn_already);
    if (!asking_check_since(c, &in->head, known != NULL,
                            known != NULL ? known->at : (struct instant){0}, err))
        return false;

    said = &person_emit(out, PERSON_CONSENT_WITHDRAWN, c->row.id)->person_consent_withdrawn;
    said->purpose = purpose;
    said->has_referral = c->row.has_referral;
    said->referral = c->row.referral;
    said->at = asking_begin(&in->head).at;
    said->by = in->head.actor.id;
    said->has_told = in->head.has_behalf;
    said->told = in->head.behalf.told;
    asking_record(c, &in->head, PERSON_SAID_WITHDRAW_CONSENT, out);
    return true;
}
