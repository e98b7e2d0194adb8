/* What is said once is not said again, but with other words. */
#include "person/consent.h"

#include "person/asking.h"

bool person_seals_goals(const struct head *head)
{
    const struct descriptor *details = &person_details_descriptor;

    for (size_t i = 0; head->has_sealed && i < details->count; i++)
        if (details->fields[i].present == offsetof(struct person_details, has_goals))
            return (head->sealed.holds >> i & 1) != 0;
    return false;
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
    struct person_consent_withdrawn *said;

    if (person_has_withdrawn(&c->row, purpose))
        return refuse(err, &person_consent_withdrawn_already);
    if (!asking_check(c, &in->head, err)) return false;

    said = &person_emit(out, PERSON_CONSENT_WITHDRAWN, c->row.id)->person_consent_withdrawn;
    said->purpose = purpose;
    said->at = asking_begin(&in->head).at;
    said->by = in->head.actor.id;
    said->has_told = in->head.has_behalf;
    said->told = in->head.behalf.told;
    asking_record(c, &in->head, PERSON_SAID_WITHDRAW_CONSENT, out);
    return true;
}
