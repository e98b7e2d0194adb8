/* What is known of one thing that was noted. Nothing is checked here: it has already happened. */
#include "audit/audit.h"

static void noted(struct audit *row, const struct audit_noted *said)
{
    row->state = AUDIT_STATE_NOTED;
    row->kind = said->kind;
    memcpy(row->what, said->what, sizeof row->what);
    memcpy(row->code, said->code, sizeof row->code);
    row->has_about = said->has_about;
    row->about = said->about;
    row->has_person = said->has_person;
    row->person = said->person;
    row->has_role = said->has_role;
    row->role = said->role;
    row->has_actor = said->has_actor;
    row->actor = said->actor;
    row->has_asked_by = said->has_asked_by;
    row->asked_by = said->asked_by;
    row->has_credential = said->has_credential;
    row->credential = said->credential;
    row->has_organisation = said->has_organisation;
    row->organisation = said->organisation;
    row->has_address = said->has_address;
    memcpy(row->address, said->address, sizeof row->address);
    row->has_program = said->has_program;
    memcpy(row->program, said->program, sizeof row->program);
    row->has_service = said->has_service;
    memcpy(row->service, said->service, sizeof row->service);
    row->times = said->times;
    row->first = said->first;
    row->last = said->last;
}

void audit_evolve(struct audit *row, const struct audit_event *event)
{
    switch (event->type) {
    case AUDIT_NOTED: noted(row, &event->audit_noted); return;
    case AUDIT_AFTER_PERSON: return; /* decide says what there is to note of it */
    }
    bug("audit_evolve: event type %u", event->type);
}
