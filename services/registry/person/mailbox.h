/* Where mails go to somebody on whom others rely: who is cleared, coordinates, counsels, decides, or watches over the data.
 *
 * Whoever says where reads what is meant for them, so one alone could take them over. Another mailbox therefore waits, beside
 * the one that is theirs (`email_next` in the vault), until the next day is over: they are told of it where mails go until
 * then, and nothing goes to the other. It ends when the former is said again. At once counts what the operator says, and what
 * they say themself with what passed through nobody else's hands (hands/hands.h): a token that an admin made is no proof that
 * it is they who speak. What an agency's system says waits too, but for no day: until somebody says it in the
 * person's details, and then for a day, or the former. That mails go nowhere is not said of them, since the next
 * mailbox would then be told to nobody.
 */
#pragma once

#include "person/person.h"

enum { MAILBOX_DAYS = 1 };

bool person_is_relied_on(const struct person *row, const struct head *head);

/* Whether this says that mails go nowhere, of whom it is not said. Before the vault has it, when it can still be seen. */
bool person_leaves_no_mailbox(const struct person_case *c, const struct person_input *in);
/* Whether another waits, in what is sealed now. */
bool person_mailbox_waits(const struct head *head);
/* That another waits until its day, if that is new. */
void person_say_mailbox_held(const struct person_case *c, const struct person_input *in,
                             struct person_events *out);
bool person_check_taking_mailbox(const struct person *row, const struct head *head,
                                 struct error *err);

void person_conceal_mailbox(const struct person_case *c, const struct person_input *in,
                            struct concealed *what);
/* It stays as it was, whatever came to stand in whole. */
void person_keep_mailbox(const struct person_details *before, struct person_details *whole);
/* The same, and what came there waits: for no day, but until somebody says it, or the former. Where another waits already by
 * somebody's word, that one does. */
void person_offer_mailbox(const struct person_details *before, struct person_details *whole,
                          bool waits_already);
