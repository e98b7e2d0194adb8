/* Every descriptor there is: of all contracts, the bus and the journal. */
#pragma once

#include "contract/all.h"
#include "contract/bus.h"
#include "contract/journal.h"

typedef void visit_descriptor(const struct descriptor *descriptor);

static inline void visit_each(visit_descriptor *visit)
{
    static const struct descriptor *const ours[] = {
        &bus_command_descriptor,  &bus_accepted_descriptor,   &bus_opened_descriptor,
        &bus_refused_descriptor,  &bus_query_descriptor,      &bus_page_descriptor,
        &bus_pull_descriptor,     &bus_credit_descriptor,     &bus_head_descriptor,
        &bus_diverged_descriptor, &journal_header_descriptor, &journal_event_descriptor,
    };

    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        visit(ours[i]);
    for (size_t i = 0; i < contract_count; i++) {
        const struct contract *c = contracts[i];

        for (size_t n = 0; n < c->command_count; n++) {
            visit(c->commands[n].body);
            if (c->commands[n].answer != NULL) visit(c->commands[n].answer);
            if (c->commands[n].opens != NULL) visit(c->commands[n].opens);
        }
        for (size_t n = 0; n < c->event_count; n++)
            visit(c->events[n]);
        for (size_t n = 0; n < c->record_count; n++)
            visit(c->records[n].row);
    }
}
