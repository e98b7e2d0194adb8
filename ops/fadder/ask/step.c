#include "ask/step.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "core/date.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/instant.h"
#include "core/json.h"

static char *read_all(FILE *file, const char *path, size_t *size, struct error *err)
{
    char *text = malloc(JSON_SIZE_MAX + 1);

    if (text == NULL) bug("out of memory");
    *size = fread(text, 1, JSON_SIZE_MAX + 1, file);
    if (!ferror(file) && *size <= JSON_SIZE_MAX) return text;
    if (ferror(file))
        error_set(err, ERROR_INVALID, "file", "cannot read %.120s: %s", path, strerror(errno));
    else
        error_set(err, ERROR_INVALID, "file", "%.120s is larger than %d bytes", path,
                  JSON_SIZE_MAX);
    crypto_wipe(text, *size);
    free(text);
    return NULL;
}

char *step_text(const char *path, size_t *size, struct error *err)
{
    const bool is_input = strcmp(path, "-") == 0;
    FILE *file = is_input ? stdin : fopen(path, "re");
    char *text;

    if (file == NULL) {
        error_set(err, ERROR_INVALID, "file", "cannot read %.120s: %s", path, strerror(errno));
        return NULL;
    }
    text = read_all(file, is_input ? "standard input" : path, size, err);
    if (!is_input) fclose(file);
    return text;
}

bool step_read(const struct command *command, const char *json, size_t size, void **body,
               struct error *err)
{
    const struct field field = {
        .name = "body", .type = FIELD_OBJECT, .present = NO_FLAG, .object = command->body};
    const struct descriptor step = {"step", command->body->size, command->body->size > 0, &field,
                                    NULL};
    const struct date today = instant_date((struct instant){clock_now_ms()});
    void *read = calloc(1, command->body->size + 1);

    if (read == NULL) bug("out of memory");
    if (!json_read_some(&step, json, size, today, read, err)) {
        free(read);
        return false;
    }
    *body = read;
    return true;
}
