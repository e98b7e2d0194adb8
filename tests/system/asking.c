/* asking PROGRAMME
 *
 * Goes through the programme's persons as the operator's program does, and asks for each one again while it is looked at.
 * A line for each: its id. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/ask.h"
#include "base/log.h"
#include "contract/person.h"
#include "core/error.h"
#include "operator/home.h"

struct walk {
    struct ask_for scope;
    const struct record *record;
    struct error *err;
    bool is_good;
};

static bool look(void *cookie, const void *row)
{
    struct walk *walk = cookie;
    const struct person *person = row;
    static struct person again;
    char text[ID_TEXT_SIZE];

    walk->is_good = ask_row(&walk->scope, walk->record, person->id, &again, walk->err) &&
                    id_equal(again.id, person->id) && again.version == person->version;
    id_write(person->id, text);
    puts(text);
    return walk->is_good;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    struct walk walk = {.record = find_record("person", NULL), .err = &err, .is_good = true};
    const bool is_good =
        argc == 2 && home_enter(&err) && ask_programme(argv[1], &walk.scope, &err) &&
        ask_rows(&walk.scope, walk.record, NULL, NULL, look, &walk, &err) && walk.is_good;

    if (!is_good) fprintf(stderr, "asking: %s\n", err.text);
    ask_end();
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
