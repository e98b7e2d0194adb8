/* What is known of a reading. */
#include "reading/reading.h"

/* What both events of it say alike. Both are pointers, evaluated often. */
#define take(row, said)                                     \
    do {                                                    \
        (row)->at = (said)->at;                             \
        (row)->role = (said)->role;                         \
        (row)->has_reader = (said)->has_reader;             \
        (row)->reader = (said)->reader;                     \
        (row)->has_organisation = (said)->has_organisation; \
        (row)->organisation = (said)->organisation;         \
        (row)->has_credential = (said)->has_credential;     \
        (row)->credential = (said)->credential;             \
        (row)->purpose = (said)->purpose;                   \
    } while (0)

static void person_was_read(struct reading *row, struct id person,
                            const struct person_was_read *said)
{
    row->person = person;
    take(row, said);
    row->what = said->what == PERSON_OPENED_NAME ? READING_WHAT_NAME : READING_WHAT_DETAILS;
    row->has_another = said->has_another;
    row->another = said->another;
}

static void question_was_read(struct reading *row, const struct question_was_read *said)
{
    row->person = said->participant;
    take(row, said);
    row->what = said->what == QUESTION_WHAT_QUESTION ? READING_WHAT_QUESTION : READING_WHAT_ANSWER;
}

void reading_evolve(struct reading *row, const struct reading_event *event)
{
    switch (event->type) {
    case READING_AFTER_PERSON_WAS_READ:
        person_was_read(row, event->id, &event->person_was_read);
        return;
    case READING_AFTER_QUESTION_WAS_READ: question_was_read(row, &event->question_was_read); return;
    }
    bug("reading_evolve: event type %u", event->type);
}
