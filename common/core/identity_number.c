/* A text is read as signs: a digit, a letter, a dash, a blank. From each place where digits begin,
 * groups of digits are taken and laid beside the layouts in which people write such numbers; what
 * lies so is checked by the number's own rules, so that a case number is not taken for one. */
#include "core/identity_number.h"

#include <string.h>

#include "core/sign.h"

enum { AGE_MIN = 13, AGE_MAX = 110 };     /* whose number somebody may come to write down */
enum { GROUPS_MAX = 5, DIGITS_MAX = 12 }; /* of one number */
enum { BLANKS_MAX = 2 };                  /* around a dash */
enum { LABEL_GAP_MAX = 6, REACH = 40 };   /* in bytes: behind a label; of words about a number */

/* The rules of the numbers. */

static int two(const char *digits)
{
    return 10 * (digits[0] - '0') + (digits[1] - '0');
}

static void put_two(char *digits, int number)
{
    digits[0] = (char)('0' + number / 10);
    digits[1] = (char)('0' + number % 10);
}

/* YYYYMMDD as a number: between two of them lie 10,000 for each birthday. */
static int eight(const char text[DATE_TEXT_SIZE])
{
    return 1000000 * two(text) + 10000 * two(text + 2) + 100 * two(text + 5) + two(text + 8);
}

static bool is_of_age(int century, int year, int month, int day, struct date today)
{
    char born[DATE_TEXT_SIZE] = "YYYY-MM-DD", now[DATE_TEXT_SIZE];
    struct date date;
    int age;

    put_two(born, century);
    put_two(born + 2, year);
    put_two(born + 5, month);
    put_two(born + 8, day);
    if (!date_read(born, DATE_TEXT_SIZE - 1, &date) || date.day > today.day) return false;
    date_write(today, now);
    age = (eight(now) - eight(born)) / 10000;
    return age >= AGE_MIN && age <= AGE_MAX;
}

/* A year of two digits is of any century in which somebody of that age was born. */
static bool is_of_age_in_any(int year, int month, int day, struct date today)
{
    char now[DATE_TEXT_SIZE];

    date_write(today, now);
    for (int back = 0; back <= 2; back++)
        if (is_of_age(two(now) - back, year, month, day, today)) return true;
    return false;
}

/* ISO/IEC 7812-1, annex B: every other digit doubled, their digits summed up. */
static bool is_luhn(const char *ten)
{
    int sum = 0;

    for (int i = 0; i < 10; i++) {
        const int digit = (ten[i] - '0') * (i % 2 == 0 ? 2 : 1);

        sum += digit / 10 + digit % 10;
    }
    return sum % 10 == 0;
}

static int swedish_day(const char *ten)
{
    return two(ten + 4) > 60 ? two(ten + 4) - 60 : two(ten + 4);
}

/* YYMMDDNNNN. */
static bool is_swedish(const char *ten, struct date today)
{
    return is_luhn(ten) && is_of_age_in_any(two(ten), two(ten + 2), swedish_day(ten), today);
}

/* YYYYMMDDNNNN. */
static bool is_long_swedish(const char *twelve, struct date today)
{
    const char *ten = twelve + 2;

    return is_luhn(ten) && is_of_age(two(twelve), two(ten), two(ten + 2), swedish_day(ten), today);
}

static int rest_of_11(const char *digits, const int *weights, int count)
{
    int sum = 0;

    for (int i = 0; i < count; i++)
        sum += (digits[i] - '0') * weights[i];
    return sum % 11;
}

static int norwegian_month(const char *eleven)
{
    const int month = two(eleven + 2);

    return month > 80 ? month - 80 : month > 40 ? month - 40 : month;
}

/* DDMMYYNNNCC. What is right by the rules of before 2032 is right by those of afterwards. */
static bool is_norwegian(const char *eleven, struct date today)
{
    static const int first[] = {3, 7, 6, 1, 8, 9, 4, 5, 2, 1};
    static const int second[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
    const int day = two(eleven);

    return rest_of_11(eleven, first, 10) <= 3 && rest_of_11(eleven, second, 11) == 0 &&
           is_of_age_in_any(two(eleven + 4), norwegian_month(eleven), day > 40 ? day - 40 : day,
                            today);
}

/* Groups of digits, and what stands between them. */

struct groups {
    unsigned count;
    size_t sizes[GROUPS_MAX];
    char between[GROUPS_MAX]; /* behind each: SIGN_BLANK, or the one that is no blank */
    const char *ends[GROUPS_MAX];
    char digits[DIGITS_MAX];
};

/* A blank, a dash or point or plus, perhaps with blanks around it: which; '\0' if it is none. */
static char pass_between(const char **at, const char *end)
{
    char is = '\0';

    for (int blank_count = 0;;) {
        const char sign = sign_peek(*at, end);

        if (sign == SIGN_BLANK && blank_count++ < 2 * BLANKS_MAX)
            is = is == '\0' ? SIGN_BLANK : is;
        else if ((sign == SIGN_DASH || sign == '+' || sign == '.') &&
                 (is == '\0' || is == SIGN_BLANK))
            is = sign;
        else
            return is;
        sign_next(at, end);
    }
}

/* False when there are more digits than any number has. */
static bool take_group(struct groups *groups, size_t *total, const char **at, const char *end)
{
    size_t size = 0;

    for (; sign_is_digit(sign_peek(*at, end)); size++) {
        if (*total == DIGITS_MAX) return false;
        groups->digits[(*total)++] = sign_next(at, end);
    }
    groups->sizes[groups->count] = size;
    groups->ends[groups->count] = *at;
    groups->count += size > 0;
    return size > 0;
}

static void take_groups(struct groups *groups, const char *at, const char *end)
{
    size_t total = 0;

    groups->count = 0;
    while (groups->count < GROUPS_MAX && take_group(groups, &total, &at, end)) {
        const char between = pass_between(&at, end);

        groups->between[groups->count - 1] = between;
        if (between == '\0') return;
    }
}

/* How people write them. */

static const struct layout {
    size_t sizes[GROUPS_MAX]; /* of the groups */
    unsigned count;
    bool (*is_one)(const char *digits, struct date today);
    bool is_alike; /* the same between all: or it is a date and something else */
    bool is_named; /* only where words about it say so */
} layouts[] = {
    {{12}, 1, is_long_swedish, false, false},
    {{8, 4}, 2, is_long_swedish, false, false},
    {{4, 2, 2, 4}, 4, is_long_swedish, true, false},
    {{10}, 1, is_swedish, false, true},
    {{6, 4}, 2, is_swedish, false, false},
    {{2, 2, 2, 4}, 4, is_swedish, true, false},
    {{11}, 1, is_norwegian, false, false},
    {{6, 5}, 2, is_norwegian, false, false},
    {{6, 3, 2}, 3, is_norwegian, false, false},
    {{2, 2, 2, 5}, 4, is_norwegian, false, false},
    {{2, 2, 2, 3, 2}, 5, is_norwegian, false, false},
};

static bool is_alike(const struct groups *groups, unsigned count)
{
    for (unsigned i = 1; i + 1 < count; i++)
        if (groups->between[i] != groups->between[0]) return false;
    return true;
}

/* A point stands behind a day and behind a month, and elsewhere begins a fraction. */
static bool is_pointed_right(const struct groups *groups, unsigned count)
{
    for (unsigned i = 0; i + 1 < count; i++)
        if (groups->between[i] == '.' && (i > 1 || groups->sizes[i] != 2)) return false;
    return true;
}

static bool lies_so(const struct layout *layout, const struct groups *groups)
{
    return groups->count >= layout->count &&
           memcmp(groups->sizes, layout->sizes, layout->count * sizeof *layout->sizes) == 0 &&
           is_pointed_right(groups, layout->count) &&
           (!layout->is_alike || is_alike(groups, layout->count));
}

/* Its ends. */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool ends_in(const char *begin, const char *at, const char *label)
{
    size_t left = strlen(label);

    if ((size_t)(at - begin) < left) return false;
    while (left > 0 && lower(at[-1]) == label[left - 1]) {
        at--;
        left--;
    }
    return left == 0;
}

/* Latin letters only: of what is before a word of ours, no other script is. */
static bool is_behind_letter(const char *begin, const char *at)
{
    if (at == begin) return false;
    if (lower(at[-1]) >= 'a' && lower(at[-1]) <= 'z') return true;
    return at - begin >= 2 && at[-2] == '\xC3';
}

/* What such a number is called, and what tells of somebody's birth; the first may be the end of a word:
 * "fødselsnummer", "samordningsnr". */
static const char *const endings[] = {
    "personnummer", "personnumret", "personnummeret", "personnr",       "selsnummer",
    "selsnummeret", "selsnr",       "elsenummer",     "elsenumret",     "elsenr",
    "elsedatum",    "selsdato",     "ordningsnummer", "ordningsnumret", "ordningsnr",
};

static const char *const whole_words[] = {
    "pnr",
    "p-nr",
    "persnr",
    "pers.nr",
    "fnr",
    "f.nr",
    "d-nummer",
    "ssn",
    "personal number",
    "identity number",
    "identity no",
    "national id",
    "security number",
    "date of birth",
    "born",
    "f\u00F6dd",
    "f\u00D6dd",
    "f\u00F8dt",
    "f\u00D8dt",
    "f\u00F8dd",
    "f\u00D8dd",
};

/* Whether such a word ends there. */
static bool is_word_about(const char *begin, const char *at)
{
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (ends_in(begin, at, endings[i])) return true;
    for (size_t i = 0; i < sizeof whole_words / sizeof whole_words[0]; i++)
        if (ends_in(begin, at, whole_words[i]) &&
            !is_behind_letter(begin, at - strlen(whole_words[i])))
            return true;
    return false;
}

/* Whether right before it stands such a word. */
static bool is_labelled(const char *begin, const char *at)
{
    int gap = 0;

    while (at > begin && gap++ < LABEL_GAP_MAX && !sign_is_digit(at[-1]) &&
           (lower(at[-1]) < 'a' || lower(at[-1]) > 'z'))
        at--;
    return is_word_about(begin, at);
}

/* What goes on with something else: another number, a list, a sentence. */
static bool parts(const char *at, const char *end)
{
    if (*at == '.') return at + 1 == end || at[1] == ' ';
    return sign_is_digit(*at) || memchr(",;!?\n", *at, 5) != NULL;
}

static bool is_told_before(const char *begin, const char *at, const char *end)
{
    const char *to = at;

    for (; to > begin && at - to < REACH; to--) {
        if (sign_peek(to, end) != SIGN_LETTER && is_word_about(begin, to)) return true;
        if (parts(to - 1, end) && (to[-1] != '.' || at - to > LABEL_GAP_MAX)) return false;
    }
    return false;
}

static bool is_told_behind(const char *at, const char *end)
{
    for (const char *to = at; to < end && to - at < REACH && !parts(to, end); to++)
        if (sign_peek(to + 1, end) != SIGN_LETTER && is_word_about(at, to + 1)) return true;
    return false;
}

/* Whether a sign between two makes them one: a point does so between digits alone, for sentences
 * end with one. */
static bool joins(char sign, char beyond)
{
    if (sign == '.') return sign_is_digit(beyond);
    return (sign == SIGN_DASH || sign == '/' || sign == '_' || sign == '+') &&
           (sign_is_digit(beyond) || beyond == SIGN_LETTER);
}

/* before: the two signs before it, the nearer one first. */
static bool is_beginning(const char before[2])
{
    return before[0] != SIGN_LETTER && before[0] != '+' && !joins(before[0], before[1]);
}

static bool is_ending(const char *at, const char *end)
{
    const char sign = sign_next(&at, end);

    return sign != SIGN_LETTER && !sign_is_digit(sign) && !joins(sign, sign_peek(at, end));
}

/* Whether one begins at this digit, before which there is none. */
static bool begins(const char *begin, const char *at, const char *end, const char before[2],
                   struct date today)
{
    const bool labelled = is_labelled(begin, at);
    struct groups groups;

    if (!labelled && !is_beginning(before)) return false;
    take_groups(&groups, at, end);
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        const struct layout *layout = &layouts[i];
        const char *behind = groups.ends[layout->count - 1];

        if (lies_so(layout, &groups) && is_ending(behind, end) &&
            layout->is_one(groups.digits, today) &&
            (labelled || !layout->is_named || is_told_before(begin, at, end) ||
             is_told_behind(behind, end)))
            return true;
    }
    return false;
}

bool identity_number_is_in(const char *text, size_t size, struct date today)
{
    const char *end = text + size;
    char before[2] = {SIGN_OTHER, SIGN_OTHER};

    for (const char *at = text; at < end;) {
        const char *here = at;
        const char sign = sign_next(&at, end);

        if (sign_is_digit(sign) && !sign_is_digit(before[0]) &&
            begins(text, here, end, before, today))
            return true;
        before[1] = before[0];
        before[0] = sign;
    }
    return false;
}
