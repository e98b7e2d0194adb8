/* A file of commands: each step is read by the schema of what it says, its references are replaced,
 * and what came of it is kept, so that a second load changes nothing. */
#include "ask/load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ask/ask.h"
#include "ask/step.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/secret.h"
#include "contract/programme.h"
#include "core/date.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/json.h"
#include "operator/home.h"

enum {
    STEPS_MAX = 1000,
    KEY_SIZE = 64,
    STEP_MAX = 16384,    /* bytes, references replaced */
    PATIENCE_MS = 30000, /* for a step to become possible */
    AGAIN_MS = 50,
    REFERENCE_MAX = 192, /* what one is replaced by */
};

/* What came of a step. */
struct known {
    char key[KEY_SIZE], id[ID_TEXT_SIZE], secret[SECRET_TEXT_SIZE];
};

struct loader {
    const char *into;
    struct ask_for scope;
    size_t count;
    struct known known[STEPS_MAX];
    char secret[SECRET_TEXT_SIZE]; /* made for the step at hand; or "" */
};

/* The head of a step; its body is read by the command's own schema. */
struct step {
    char key[KEY_SIZE * 4 + 1], say[KEY_SIZE * 4 + 1];
    bool has_on;
    char on[KEY_SIZE * 4 + 1];
};
#define STEP_TEXT(member, flag)                                                       \
    {                                                                                 \
        .name = #member, .type = FIELD_TEXT, .offset = offsetof(struct step, member), \
        .present = flag, .min = 1, .max = KEY_SIZE - 1                                \
    }
static const struct field step_fields[] = {
    STEP_TEXT(key, NO_FLAG),
    STEP_TEXT(say, NO_FLAG),
    STEP_TEXT(on, offsetof(struct step, has_on)),
};
static const struct descriptor step_descriptor = {"step", sizeof(struct step), 3, step_fields,
                                                  NULL};

static const struct known *find_known(const struct loader *loader, const char *key, size_t size)
{
    for (size_t i = 0; i < loader->count; i++)
        if (strlen(loader->known[i].key) == size && memcmp(loader->known[i].key, key, size) == 0)
            return &loader->known[i];
    return NULL;
}

/* What came of earlier loads: written by write_known, a line for each step. */
static void read_known(struct loader *loader)
{
    FILE *file = fopen(loader->into, "re");
    char line[512];

    if (file == NULL) return;
    while (loader->count < STEPS_MAX && fgets(line, sizeof line, file) != NULL) {
        struct known *known = &loader->known[loader->count];

        memset(known, 0, sizeof *known);
        if (sscanf(line, " \"%63[^\"]\": {\"id\": \"%36[^\"]\", \"secret\": \"%79[^\"]\"}",
                   known->key, known->id, known->secret) >= 2)
            loader->count++;
    }
    fclose(file);
}

static bool write_known(const struct loader *loader, struct error *err)
{
    char fresh[PATH_SIZE];
    FILE *file;

    if (snprintf(fresh, sizeof fresh, "%s.new", loader->into) >= (int)sizeof fresh)
        return error_set(err, ERROR_INVALID, "load", "the path is too long");
    if ((file = home_stream(fresh, "w")) == NULL)
        return error_set(err, ERROR_BROKEN, "load", "cannot write %.120s: %s", fresh,
                         strerror(errno));
    fprintf(file, "{\n");
    for (size_t i = 0; i < loader->count; i++) {
        const struct known *known = &loader->known[i];

        fprintf(file, "  \"%s\": {\"id\": \"%s\"", known->key, known->id);
        if (known->secret[0] != '\0') fprintf(file, ", \"secret\": \"%s\"", known->secret);
        fprintf(file, "}%s\n", i + 1 < loader->count ? "," : "");
    }
    fprintf(file, "}\n");
    if (fclose(file) != 0 || rename(fresh, loader->into) != 0)
        return error_set(err, ERROR_BROKEN, "load", "cannot write %.120s: %s", loader->into,
                         strerror(errno));
    return true;
}

/* References. */

static bool is_counted(const char *reference, size_t size, const char *word, int64_t *days)
{
    const size_t length = strlen(word);
    char number[16] = "";

    *days = 0;
    if (size < length || memcmp(reference, word, length) != 0 || size - length >= sizeof number)
        return false;
    memcpy(number, reference + length, size - length);
    if (number[0] == '\0') return true;
    if (number[0] != '+' && number[0] != '-') return false;
    *days = strtoll(number, NULL, 10);
    return true;
}

static bool resolve(struct loader *loader, const char *reference, size_t size,
                    char text[REFERENCE_MAX], struct error *err)
{
    const struct instant now = {clock_now_ms()};
    const struct known *known = find_known(loader, reference, size);
    uint8_t hash[CRYPTO_HASH_SIZE];
    int64_t days;

    if (known != NULL) {
        snprintf(text, REFERENCE_MAX, "%s", known->id);
    } else if (is_counted(reference, size, "today", &days)) {
        date_write(instant_date(instant_add_days(now, days)), text);
    } else if (is_counted(reference, size, "now", &days)) {
        instant_write(instant_add_days(now, days), text);
    } else if (size == 5 && memcmp(reference, "whsec", 5) == 0) {
        secret_webhook(loader->secret);
        snprintf(text, REFERENCE_MAX, "%s", loader->secret);
    } else if (size == 5 && memcmp(reference, "token", 5) == 0) {
        secret_token(loader->secret, hash);
        crypto_base64_encode(hash, sizeof hash, text);
    } else {
        return error_set(err, ERROR_INVALID, "load", "no step before it is called %.*s", (int)size,
                         reference);
    }
    return true;
}

/* Copy a step, references replaced: texts that begin with an @. */
static bool replace(struct loader *loader, const char *from, size_t size, char to[STEP_MAX],
                    size_t *used, struct error *err)
{
    bool is_text = false;

    *used = 0;
    for (size_t i = 0; i < size; i++) {
        const char *end;
        char text[REFERENCE_MAX];

        if (*used + REFERENCE_MAX >= STEP_MAX)
            return error_set(err, ERROR_INVALID, "load", "it is longer than %d bytes", STEP_MAX);
        to[(*used)++] = from[i];
        if (is_text && from[i] == '\\' && i + 1 < size) {
            to[(*used)++] = from[++i];
            continue;
        }
        if (from[i] != '"') continue;
        is_text = !is_text;
        if (!is_text || i + 1 >= size || from[i + 1] != '@') continue;
        if ((end = memchr(from + i + 2, '"', size - i - 2)) == NULL) continue;
        if (!resolve(loader, from + i + 2, (size_t)(end - from) - i - 2, text, err)) return false;
        *used += (size_t)snprintf(to + *used, REFERENCE_MAX, "%s", text);
        i = (size_t)(end - from) - 1;
    }
    return true;
}

/* Carrying out. */

/* The same key and command always have the same id, so a repeated load has no second effect. */
static struct id command_id(const struct step *step)
{
    char text[2 * sizeof step->key + 16];
    const int size = snprintf(text, sizeof text, "fadder load\n%s\n%s", step->key, step->say);
    struct id id;

    crypto_start();
    crypto_fingerprint(NULL, 0, text, (size_t)size, id.bytes);
    id.bytes[6] = (uint8_t)(0x80 | (id.bytes[6] & 0x0F)); /* UUIDv8, RFC 9562 section 5.8 */
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3F));
    return id;
}

/* What another service has to hear of first may not be known there yet: ask again for a while. */
static bool ask_patiently(const struct loader *loader, const struct id *id,
                          const struct command *command, struct id on, const void *body,
                          struct bus_accepted *accepted, struct error *err)
{
    const struct timespec pause = {.tv_nsec = AGAIN_MS * 1000000};
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    const struct contract *owner;

    find_command(command->body->name, &owner);
    while (!ask_command(&loader->scope, id, command, on, body, accepted, err)) {
        if (strcmp(owner->service, "registry") == 0 || err->kind == ERROR_BROKEN ||
            clock_steady_ms() > until_ms)
            return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

static bool enter_programme(struct loader *loader, const char *id, struct error *err)
{
    const struct ask_for nobody = {0};
    struct programme row;

    if (!id_read(id, strlen(id), &loader->scope.programme) ||
        !ask_row(&nobody, find_record("programme", NULL), loader->scope.programme, &row, err))
        return false;
    loader->scope.country = row.countries.at[0];
    return true;
}

static bool carry_out(struct loader *loader, const struct step *step, const struct command *command,
                      const char *json, size_t size, struct error *err)
{
    const struct id id = command_id(step);
    struct known *known = &loader->known[loader->count];
    struct bus_accepted accepted;
    struct id on = {0};
    void *body;
    bool is_done;

    if (loader->count == STEPS_MAX)
        return error_set(err, ERROR_INVALID, "load", "there are more than %d steps", STEPS_MAX);
    if (!command->is_creation && (!step->has_on || !id_read(step->on, strlen(step->on), &on)))
        return error_set(err, ERROR_INVALID, "load", "\"on\" must say what %s is about", step->say);
    if (!step_read(command, json, size, &body, err)) return false;
    is_done = ask_patiently(loader, loader->secret[0] == '\0' ? &id : NULL, command, on, body,
                            &accepted, err);
    crypto_wipe(body, command->body->size);
    free(body);
    if (!is_done) return false;
    memset(known, 0, sizeof *known);
    snprintf(known->key, sizeof known->key, "%.*s", KEY_SIZE - 1, step->key);
    id_write(accepted.aggregate, known->id);
    snprintf(known->secret, sizeof known->secret, "%s", loader->secret);
    loader->count++;
    return write_known(loader, err);
}

static struct date today(void)
{
    return instant_date((struct instant){clock_now_ms()});
}

static bool load_step(struct loader *loader, const char *from, size_t size, struct step *step,
                      struct error *err)
{
    char json[STEP_MAX];
    const struct command *command;
    const struct known *known;
    size_t used;

    /* first as it stands: a step that is done already has no need of fresh secrets */
    if (!json_read_some(&step_descriptor, from, size, today(), step, err)) return false;
    if ((command = find_command(step->say, NULL)) == NULL)
        return error_set(err, ERROR_INVALID, "load", "no schema has a command %.64s", step->say);
    if (find_known(loader, step->key, strlen(step->key)) == NULL) {
        loader->secret[0] = '\0';
        if (!replace(loader, from, size, json, &used, err) ||
            !json_read_some(&step_descriptor, json, used, today(), step, err) ||
            !carry_out(loader, step, command, json, used, err))
            return false;
    }
    if (strcmp(step->say, "programme.create") != 0) return true;
    known = find_known(loader, step->key, strlen(step->key));
    return enter_programme(loader, known->id, err);
}

/* The objects of the array, one after the other: from each brace to the one that closes it. */
static bool next_object(const char *text, size_t size, size_t *at, size_t *begin)
{
    bool is_text = false;
    int depth = 0;

    for (size_t i = *at; i < size; i++) {
        if (is_text && text[i] == '\\') {
            i++;
        } else if (text[i] == '"') {
            is_text = !is_text;
        } else if (!is_text && text[i] == '{' && depth++ == 0) {
            *begin = i;
        } else if (!is_text && text[i] == '}' && --depth == 0) {
            *at = i + 1;
            return true;
        }
    }
    return false;
}

/* What is carried out once is known by its step's key, in whichever file: two programmes' have no key in common. */
static void say_whose_key(const struct step *step, struct error *err)
{
    char said[sizeof err->text];

    if (strcmp(err->code, "idempotency_mismatch") != 0) return;
    memcpy(said, err->text, sizeof said);
    error_set(
        err, err->kind, err->code,
        "%.60s The key \"%.40s\" was carried out before with something else, from this file or "
        "another: give the steps keys of their own, such as with the programme's name before "
        "them.",
        said, step->key);
}

bool load_file(const char *path, const char *into, struct error *err)
{
    struct loader loader;
    size_t size, at = 0, begin = 0;
    char *text = step_text(path, &size, err);
    bool is_good = text != NULL;

    memset(&loader, 0, sizeof loader);
    loader.into = into;
    read_known(&loader);
    while (is_good && next_object(text, size, &at, &begin)) {
        struct step step = {.key = "?"};

        if ((is_good = load_step(&loader, text + begin, at - begin, &step, err))) continue;
        say_whose_key(&step, err);
        fprintf(stderr, "fadder load: step \"%s\" (%s) of %s did not go:\n", step.key, step.say,
                path);
    }
    if (text != NULL) crypto_wipe(text, size);
    free(text);
    crypto_wipe(&loader, sizeof loader);
    return is_good;
}
