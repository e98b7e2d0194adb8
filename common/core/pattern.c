#include "core/pattern.h"

#include <stdint.h>

/* One item: which characters, between at and end, and how many of them. */
struct item {
    const char *at, *end;
    bool is_class, is_negated;
    size_t least, most;
};

static size_t read_number(const char **pattern)
{
    size_t number = 0;

    for (; **pattern >= '0' && **pattern <= '9'; ++*pattern)
        number = 10 * number + (size_t)(**pattern - '0');
    return number;
}

static void read_times(const char **pattern, struct item *item)
{
    item->least = item->most = 1;
    if (**pattern == '{') {
        ++*pattern;
        item->least = item->most = read_number(pattern);
        if (**pattern == ',') {
            ++*pattern;
            item->most = read_number(pattern);
        }
    } else if (**pattern == '*' || **pattern == '+') {
        item->least = **pattern == '+';
        item->most = SIZE_MAX;
    } else if (**pattern == '?') {
        item->least = 0;
    } else {
        return;
    }
    ++*pattern;
}

static void read_item(const char **pattern, struct item *item)
{
    item->is_class = **pattern == '[';
    item->is_negated = item->is_class && (*pattern)[1] == '^';
    *pattern += item->is_class + item->is_negated;
    item->at = (*pattern)++;
    while (item->is_class && **pattern != ']')
        ++*pattern;
    item->end = *pattern;
    *pattern += item->is_class;
    read_times(pattern, item);
}

static bool is_in(const struct item *item, char c)
{
    for (const char *at = item->at; at < item->end; at++) {
        if (item->end - at > 2 && at[1] == '-') {
            if (c >= at[0] && c <= at[2]) return true;
            at += 2;
        } else if (c == *at) {
            return true;
        }
    }
    return false;
}

/* How many bytes the character at text takes if the item matches it, or 0. */
static size_t step(const struct item *item, const char *text, const char *end)
{
    size_t size = 1;

    if (text == end) return 0;
    if ((*text & 0x80) == 0) return is_in(item, *text) != item->is_negated;
    while (text + size < end && (text[size] & 0xC0) == 0x80)
        size++;
    return item->is_negated ? size : 0;
}

bool pattern_match(const char *pattern, const char *text, size_t size)
{
    const char *end = text + size;
    struct item item;

    for (pattern++; *pattern != '$';) {
        size_t times = 0;

        read_item(&pattern, &item);
        for (size_t taken; times < item.most && (taken = step(&item, text, end)) > 0; times++)
            text += taken;
        if (times < item.least) return false;
    }
    return text == end;
}
