#include "core/hostname.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { LABEL_MAX = 63 };

static const struct {
    const char *end;
    enum hostname is;
} special[] = {
    {"invalid", HOSTNAME_NONE}, {"onion", HOSTNAME_NONE},    {"test", HOSTNAME_OWN},
    {"example", HOSTNAME_OWN},  {"local", HOSTNAME_OWN},     {"localhost", HOSTNAME_OWN},
    {"internal", HOSTNAME_OWN}, {"home.arpa", HOSTNAME_OWN},
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_label(const char *label, size_t size)
{
    if (size == 0 || size > LABEL_MAX || label[0] == '-' || label[size - 1] == '-') return false;
    for (size_t i = 0; i < size; i++)
        if (!is_digit(label[i]) && label[i] != '-' &&
            (lower(label[i]) < 'a' || lower(label[i]) > 'z'))
            return false;
    return true;
}

static bool is_labels(const char *name)
{
    for (const char *label = name;; label++) {
        const size_t size = strcspn(label, ".");

        if (!is_label(label, size)) return false;
        label += size;
        if (*label == '\0') return true;
    }
}

static bool ends_in_number(const char *name)
{
    const char *at = name + strlen(name);

    while (at > name && is_digit(at[-1]))
        at--;
    return at == name || at[-1] == '.';
}

/* It, or what lies below it. */
static bool ends_in(const char *name, const char *end)
{
    const size_t size = strlen(name), length = strlen(end);

    if (size < length || (size > length && name[size - length - 1] != '.')) return false;
    for (size_t i = 0; i < length; i++)
        if (lower(name[size - length + i]) != end[i]) return false;
    return true;
}

enum hostname hostname_of(const char *name)
{
    if (strlen(name) > HOSTNAME_MAX || !is_labels(name)) return HOSTNAME_NONE;
    if (strchr(name, '.') == NULL) return HOSTNAME_ALONE;
    if (ends_in_number(name)) return HOSTNAME_NONE;
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
        if (ends_in(name, special[i].end)) return special[i].is;
    return HOSTNAME_FINE;
}
