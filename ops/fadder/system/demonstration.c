/* Persons are gone through in order of id: whoever came first stands for their part. */
#include "system/demonstration.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ask/ask.h"
#include "base/crypto.h"
#include "base/files.h"
#include "base/random.h"
#include "base/settings.h"
#include "bus/mark.h"
#include "contract/person.h"
#include "core/error.h"
#include "core/id.h"
#include "operator/home.h"
#include "system/ready.h"

enum { PARTS = 16, LINK_SIZE = 64 };

static const char key_file[] = "run/demonstration.key";

struct someone {
    bool is_there;
    struct id id;
};

struct finding {
    struct someone parts[PARTS];
};

static bool is_wanted(void)
{
    return strcmp(setting_value(setting_of("FADDER_PAGES_DEMONSTRATION")), "yes") == 0;
}

bool demonstration_prepare(struct error *err)
{
    uint8_t key[MARK_KEY_SIZE];
    struct files *files = files_open(".", err);
    bool is_good = true;

    if (files == NULL) return false;
    random_bytes(key, sizeof key);
    if (is_wanted())
        is_good = files_write(files, key_file, key, sizeof key, false) ||
                  error_set(err, ERROR_BROKEN, "home", "%s cannot be written.", key_file);
    else
        unlink(key_file);
    crypto_wipe(key, sizeof key);
    files_close(files);
    return is_good;
}

static bool take_person(void *cookie, const void *row)
{
    const struct person *person = row;
    struct finding *finding = cookie;

    if (person->state != PERSON_STATE_ACTIVE) return true;
    for (uint32_t i = 0; i < person->roles.count; i++) {
        const unsigned part = person->roles.at[i].part;

        if (part < PARTS && !finding->parts[part].is_there)
            finding->parts[part] = (struct someone){true, person->id};
    }
    return true;
}

static void write_link(const uint8_t key[MARK_KEY_SIZE], struct id id, char link[LINK_SIZE])
{
    uint8_t bytes[sizeof id.bytes + MARK_SIZE];

    memcpy(bytes, id.bytes, sizeof id.bytes);
    mark_write(key, "demonstration", bytes, sizeof id.bytes, bytes + sizeof id.bytes);
    crypto_base64url_encode(bytes, sizeof bytes, link);
}

static void say_all(const uint8_t key[MARK_KEY_SIZE], const struct finding *finding)
{
    char pages[READY_ADDRESS_SIZE] = "", link[LINK_SIZE];

    ready_address("pages", pages);
    printf("\nGo on in a browser as a\n\n");
    for (size_t part = 0; part < PARTS; part++) {
        if (!finding->parts[part].is_there) continue;
        write_link(key, finding->parts[part].id, link);
        printf("  %-20s http://%s/demonstration/%s\n", person_part_words[part], pages, link);
    }
    printf("\nThese links are good until this run ends.\n");
}

void demonstration_say(void)
{
    const struct record *record = find_record("person", NULL);
    uint8_t key[MARK_KEY_SIZE];
    size_t size = sizeof key;
    struct finding finding = {0};
    struct files *files;
    struct ask_for scope;
    struct error err;

    if (!is_wanted() || (files = files_open(".", &err)) == NULL) return;
    if (files_read(files, key_file, key, &size) && size == sizeof key &&
        ask_programme(NULL, &scope, &err) &&
        ask_rows(&scope, record, NULL, NULL, take_person, &finding, &err))
        say_all(key, &finding);
    crypto_wipe(key, sizeof key);
    files_close(files);
}
