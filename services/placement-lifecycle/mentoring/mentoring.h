/* Who is whose mentor: nobody is to be mentor and supervisor of the same person. A view of
 * mentor-assignment's events; its id is the mentorship's. */
#pragma once

#include "contract/mentoring.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void mentoring_evolve(struct mentoring *row, const struct mentoring_event *event);
bool mentoring_find(struct txn *txn, const struct mentoring_input *in, struct ids *found,
                    struct error *err);

/* Whether they are mentor and participant of one mentorship now. */
bool mentoring_is_between(struct txn *txn, struct id mentor, struct id participant, bool *is_so,
                          struct error *err);

extern const struct table mentorings;
extern const struct aggregate mentoring_aggregate;
