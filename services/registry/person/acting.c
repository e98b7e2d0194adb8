/* Each part's roles, in one switch. */
#include "person/acting.h"

#include "core/error.h"

bool person_acts_as(enum actor_role role, enum person_part part)
{
    switch (part) {
    case PERSON_PART_PARTICIPANT: return role == ACTOR_ROLE_PARTICIPANT;
    case PERSON_PART_MENTOR: return role == ACTOR_ROLE_MENTOR;
    case PERSON_PART_SUPERVISOR: return role == ACTOR_ROLE_SUPERVISOR;
    case PERSON_PART_COORDINATOR:
        return role == ACTOR_ROLE_COORDINATOR || role == ACTOR_ROLE_PROGRAMME_ADMIN;
    case PERSON_PART_COUNSELLOR: return role == ACTOR_ROLE_COUNSELLOR;
    case PERSON_PART_GUARDIAN: return role == ACTOR_ROLE_GUARDIAN;
    case PERSON_PART_DECISION_MAKER: return role == ACTOR_ROLE_DECISION_MAKER;
    case PERSON_PART_VOLUNTEER_COORDINATOR: return role == ACTOR_ROLE_VOLUNTEER_COORDINATOR;
    case PERSON_PART_SIGNATORY: return role == ACTOR_ROLE_HOST;
    case PERSON_PART_DATA_PROTECTION_OFFICER: return role == ACTOR_ROLE_DATA_PROTECTION_OFFICER;
    case PERSON_PART_GUIDE: return false;
    }
    bug("person_acts_as: part %u", part);
}

const struct person_role *person_part_for(const struct person *row, enum actor_role role)
{
    for (uint32_t i = 0; i < row->roles.count; i++)
        if (person_acts_as(role, row->roles.at[i].part)) return &row->roles.at[i];
    return NULL;
}

const struct id *person_acts_for(const struct person *row, enum actor_role role)
{
    const struct person_role *part = person_part_for(row, role);

    if (part == NULL) return NULL;
    if (part->has_organisation) return &part->organisation;
    return row->has_organisation ? &row->organisation : NULL;
}
