/* The records that name somebody, one field after the other: each record of each service that has a route, by each field in
 * which a reader's id is looked for. A partner's id is no person's; several roles look into one field, which comes once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "contract/all.h"
#include "core/id.h"

struct bus_query;

struct walk {
    bool is_narrow; /* only fields by which a list is narrowed, or a row found */
    size_t contract, record, reader;
};

/* Whether there is one, from where we are on. */
bool walk_find(struct walk *walk);
/* On to the next, behind this one. */
void walk_on(struct walk *walk);

/* Both live as long as the program. */
const struct contract *walk_contract(const struct walk *walk);
const struct record *walk_record(const struct walk *walk);

/* Ask for the rows that have the id there; who asks for a list that cannot be narrowed so gets others too. */
void walk_narrow(const struct walk *walk, struct id id, struct bus_query *query);
/* Whether an unpacked row has. */
bool walk_is_about(const struct walk *walk, const void *row, struct id id);
