/* A text is read as signs: a digit, a letter, a dash, a blank. From each place where digits begin,
 * groups of digits are taken. Where other numbers may stand beside them, they are laid beside the layouts
 * in which people mostly write such numbers; where none does, they may be grouped in any way but those
 * in which other things are. What lies so is checked by the number's own rules. */
#include "core/identity_number.h"

#include <string.h>

#include "core/sign.h"

enum { AGE_MIN = 13, AGE_MAX = 110 }; /* whose number somebody may come to write down */
enum { DIGITS_MAX = 13, GROUPS_MAX = DIGITS_MAX }; /* of one number */
enum { BLANKS_MAX = 4, JOINTS_MAX = 2 };           /* between two groups */
enum { DATE_DIGITS = 6 };                          /* of a date that has no century */
enum { LABEL_GAP_MAX = 6, REACH = 40 }; /* in bytes: behind a label; of words about a number */

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

/* What is right by the rules of before 2032 is right by those of afterwards. */
static bool is_checked_norwegian(const char *eleven)
{
    static const int first[] = {3, 7, 6, 1, 8, 9, 4, 5, 2, 1};
    static const int second[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1};

    return rest_of_11(eleven, first, 10) <= 3 && rest_of_11(eleven, second, 11) == 0;
}

static int norwegian_day(const char *eleven)
{
    return two(eleven) > 40 ? two(eleven) - 40 : two(eleven);
}

/* DDMMYYNNNCC. */
static bool is_norwegian(const char *eleven, struct date today)
{
    return is_checked_norwegian(eleven) &&
           is_of_age_in_any(two(eleven + 4), norwegian_month(eleven), norwegian_day(eleven), today);
}

/* DDMMYYYYNNNCC: the century is no part of the number. */
static bool is_long_norwegian(const char *thirteen, struct date today)
{
    char eleven[11];

    memcpy(eleven, thirteen, 4);
    memcpy(eleven + 4, thirteen + 6, sizeof eleven - 4);
    return is_checked_norwegian(eleven) &&
           is_of_age(two(thirteen + 4), two(thirteen + 6), norwegian_month(eleven),
                     norwegian_day(eleven), today);
}

/* Groups of digits, and what stands between them. */

struct groups {
    unsigned count;
    size_t total;   /* digits */
    bool goes_on;   /* with more digits than any number has */
    unsigned lines; /* that end between them */
    size_t sizes[GROUPS_MAX];
    char between[GROUPS_MAX]; /* behind each: SIGN_BLANK, or the first that is no blank */
    const char *ends[GROUPS_MAX];
    char digits[DIGITS_MAX];
};

/* A text is read twice: as it stands, where what is not seen parts as blanks do and lines part numbers; and run on,
 * where what is not seen is not there, and a line's end is a blank. */
struct reach {
    const char *end;
    bool runs_on;
    bool is_name; /* which tells as much of its numbers as words about them would */
};

static bool ends_line(char sign)
{
    return sign == '\n' || sign == '\r';
}

static char next(const struct reach *text, const char **at)
{
    while (text->runs_on && *at < text->end && sign_is_unseen(*at, text->end))
        sign_next(at, text->end);
    return sign_next(at, text->end);
}

static char peek(const struct reach *text, const char *at)
{
    return next(text, &at);
}

static bool is_joint(char sign)
{
    return sign == SIGN_DASH || sign == '/' || sign == '.' || sign == '+';
}

/* Blanks, and signs that join, perhaps with blanks around them: the first of those, or SIGN_BLANK;
 * '\0' if there is none. */
static char pass_between(struct groups *groups, const struct reach *text, const char **at)
{
    char is = '\0';

    for (int blank_count = 0, joint_count = 0;;) {
        const char sign = peek(text, *at);
        const bool is_line = text->runs_on && ends_line(sign);

        if ((is_line || sign == SIGN_BLANK) && blank_count++ < BLANKS_MAX)
            is = is == '\0' ? SIGN_BLANK : is;
        else if (is_joint(sign) && joint_count++ < JOINTS_MAX)
            is = is == '\0' || is == SIGN_BLANK ? sign : is;
        else
            return is;
        groups->lines += is_line;
        next(text, at);
    }
}

static bool take_group(struct groups *groups, const struct reach *text, const char **at)
{
    size_t size = 0;

    for (; sign_is_digit(peek(text, *at)); size++) {
        groups->goes_on = groups->total == DIGITS_MAX;
        if (groups->goes_on) return false;
        groups->digits[groups->total++] = next(text, at);
    }
    groups->sizes[groups->count] = size;
    groups->ends[groups->count] = *at;
    groups->count += size > 0;
    return size > 0;
}

static void take_groups(struct groups *groups, const struct reach *text, const char *at)
{
    groups->count = 0;
    groups->total = 0;
    groups->lines = 0;
    groups->goes_on = false;
    while (take_group(groups, text, &at)) {
        const char between = pass_between(groups, text, &at);

        groups->between[groups->count - 1] = between;
        if (between == '\0') return;
    }
}

/* How people write them, also beside other numbers. */

static const struct layout {
    size_t sizes[5]; /* of the groups */
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

static bool begins_so(const size_t *sizes, unsigned count, const struct groups *groups)
{
    return groups->count >= count && memcmp(groups->sizes, sizes, count * sizeof *sizes) == 0;
}

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

/* Whose last group is a year: a case of that year, "123456/2013". */
static bool is_of_year(const struct groups *groups, unsigned count)
{
    const char *year = groups->digits;

    for (unsigned i = 0; i + 1 < count; i++)
        year += groups->sizes[i];
    return count > 1 && groups->between[count - 2] == '/' && groups->sizes[count - 1] == 4 &&
           (two(year) == 19 || two(year) == 20);
}

static bool lies_so(const struct layout *layout, const struct groups *groups)
{
    return begins_so(layout->sizes, layout->count, groups) && !is_of_year(groups, layout->count) &&
           is_pointed_right(groups, layout->count) &&
           (!layout->is_alike || is_alike(groups, layout->count));
}

/* How they may be written where no other number stands beside them: in any way, but as other things are. */

static const struct {
    size_t sizes[5];
    unsigned count;
} others[] = {
    {{4, 2, 5}, 3},       /* a Norwegian bank account */
    {{4, 4, 3}, 3},       /* running numbers, by four */
    {{3, 3, 3, 2}, 4},    /* by three */
    {{2, 3, 3, 3}, 4},    /* thousands */
    {{1, 3, 3, 4}, 4},    /* American telephones */
    {{3, 4, 4}, 3},       /* British ones */
    {{5, 6}, 2},          /* the same */
    {{5, 3, 3}, 3},       /* the same */
    {{4, 7}, 2},          /* German ones */
    {{3, 8}, 2},          /* the same */
    {{4, 3, 2, 2}, 4},    /* the same */
    {{2, 2, 4, 3}, 4},    /* a date, and how many of something */
    {{4, 2, 2, 3}, 4},    /* the same */
    {{4, 2, 2, 2, 2}, 5}, /* a date and a time of day, where it is one */
    {{2, 2, 2, 2, 4}, 5}, /* from one day to another */
};

/* Four digits in two groups behind a date. */
static bool is_no_time(const struct groups *groups)
{
    const char *last = groups->digits + groups->total - 4;

    return groups->count == 5 && groups->sizes[0] == 4 && (two(last) > 24 || two(last + 2) > 59);
}

static bool is_as_others(const struct groups *groups)
{
    if (is_no_time(groups)) return false;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (groups->count == others[i].count && begins_so(others[i].sizes, others[i].count, groups))
            return true;
    return false;
}

/* Which begins with a year of this century: "2013/01234-56"; not "2003-01-31-1234". */
static bool is_in_year(const struct groups *groups)
{
    return groups->sizes[0] == 4 && two(groups->digits) == 20 &&
           (groups->between[0] == SIGN_DASH || groups->between[0] == '/') &&
           (groups->total != 12 || groups->sizes[1] != 2);
}

/* A point before the last digits, and few of them or no other: "640823.3234", "10.30". */
static bool is_fraction(const struct groups *groups)
{
    const unsigned last = groups->count - 1;

    return groups->between[last - 1] == '.' && (groups->count == 2 || groups->sizes[last] < 4);
}

/* YYMMDD, in one or as people part a date, and not the last four also parted then; or each digit alone. */
static bool has_date_first(const struct groups *groups)
{
    const size_t *sizes = groups->sizes;
    const unsigned left = groups->count - 1;
    size_t size = 0;

    if (sizes[0] == DATE_DIGITS || groups->count == groups->total) return true;
    for (unsigned i = 0; i < left; i++) {
        if (sizes[i] % 2 != 0) return false;
        size += sizes[i];
    }
    return size == DATE_DIGITS;
}

static bool may_be_grouped_so(const struct groups *groups)
{
    if (groups->count == 1) return groups->total == 11 || groups->total == 12;
    return !is_as_others(groups) && !is_in_year(groups) && !is_of_year(groups, groups->count) &&
           !is_fraction(groups) && (groups->total != 10 || has_date_first(groups));
}

static bool is_one(const struct groups *groups, struct date today)
{
    switch (groups->total) {
    case 10: return is_swedish(groups->digits, today);
    case 11: return is_norwegian(groups->digits, today);
    case 12: return is_long_swedish(groups->digits, today);
    case 13: return is_long_norwegian(groups->digits, today);
    default: return false;
    }
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
    if (at[-1] == '-') at -= at - 1 > begin; /* one word with what is before it: "order-id-nr" */
    if (lower(at[-1]) >= 'a' && lower(at[-1]) <= 'z') return true;
    return at - begin >= 2 && at[-2] == '\xC3';
}

/* What such a number is called, and what tells of somebody's birth; the first may be the end of a word:
 * "fødselsnummer", "samordningsnr". */
static const char *const endings[] = {
    "personnummer", "personnumret",     "personnummeret",   "personnr",           "personnr.",
    "selsnummer",   "selsnummeret",     "selsnr",           "elsenummer",         "elsenumret",
    "elsenr",       "elsedatum",        "selsdato",         "ordningsnummer",     "ordningsnumret",
    "ordningsnr",   "identitetsnummer", "identitetsnumret", "identitetsnummeret", "identitetsnr",
};

static const char *const whole_words[] = {
    "pnr",
    "p-nr",
    "p.nr",
    "p nr",
    "persnr",
    "pers.nr",
    "pers. nr",
    "pers nr",
    "pers-nr",
    "person nr",
    "person-nr",
    "samnr",
    "sam.nr",
    "sam nr",
    "sam-nr",
    "fnr",
    "f.nr",
    "d-nummer",
    "id-nummer",
    "id-nr",
    "ssn",
    "personal number",
    "identity number",
    "identity no",
    "national id",
    "security number",
    "security no",
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

/* Where the brackets begin that are closed before at, and what is at to is said in: "(10 siffror)";
 * else to. */
static const char *brackets_around(const char *begin, const char *to, const char *at)
{
    const char *open = to - 1;

    if (memchr(to, ')', (size_t)(at - to)) == NULL) return to;
    while (open > begin && at - open < REACH && *open != '(' && *open != ')')
        open--;
    return *open == '(' ? open : to;
}

static bool is_told_before(const char *begin, const char *at, const char *end)
{
    const char *to = at;

    for (; to > begin && at - to < REACH; to--) {
        if (sign_peek(to, end) != SIGN_LETTER && is_word_about(begin, to)) return true;
        if (!parts(to - 1, end) || (to[-1] == '.' && at - to <= LABEL_GAP_MAX)) continue;
        if ((to = brackets_around(begin, to, at)) == begin || *to != '(') return false;
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

static bool is_ending(const struct reach *text, const char *at)
{
    const char sign = next(text, &at);

    return sign != SIGN_LETTER && !sign_is_digit(sign) && !joins(sign, peek(text, at));
}

/* A place in a text where digits begin, and what is before it. */
struct place {
    const char *begin, *at; /* the text's, and itself */
    struct reach text;
    char before[2]; /* the two signs, the nearer one first */
    bool is_beside; /* another number, with nothing between that is more than a sign or blanks */
};

static bool is_told(const struct place *place, const char *behind)
{
    return is_told_before(place->begin, place->at, place->text.end) ||
           is_told_behind(behind, place->text.end);
}

static bool is_by_layout(const struct place *place, const struct groups *groups, bool labelled,
                         struct date today)
{
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        const struct layout *layout = &layouts[i];
        const char *behind = groups->ends[layout->count - 1];

        if (lies_so(layout, groups) && is_ending(&place->text, behind) &&
            layout->is_one(groups->digits, today) &&
            (labelled || !layout->is_named || is_told(place, behind)))
            return true;
    }
    return false;
}

static bool is_by_itself(const struct place *place, const struct groups *groups, bool labelled,
                         struct date today)
{
    const char *behind = groups->ends[groups->count - 1];

    return (labelled || !place->is_beside) && !groups->goes_on && is_ending(&place->text, behind) &&
           is_one(groups, today) &&
           (labelled || (groups->lines == 0 && may_be_grouped_so(groups)) ||
            is_told(place, behind));
}

/* Whether one begins at this digit, before which there is none. */
static bool begins(const struct place *place, struct date today)
{
    bool labelled = is_labelled(place->begin, place->at);
    struct groups groups;

    if (!labelled && !is_beginning(place->before)) return false;
    labelled |= place->text.is_name;
    take_groups(&groups, &place->text, place->at);
    return groups.count > 0 && (is_by_layout(place, &groups, labelled, today) ||
                                is_by_itself(place, &groups, labelled, today));
}

/* Blanks and signs that join leave it beside what was before; a sentence's end does not. */
static void pass_sign(struct place *place, char sign)
{
    if (sign_is_digit(sign))
        place->is_beside = true;
    else if ((sign != SIGN_BLANK && !is_joint(sign)) ||
             (sign == SIGN_BLANK && place->before[0] == '.'))
        place->is_beside = false;
    place->before[1] = place->before[0];
    place->before[0] = sign;
}

static bool is_read_in(const char *text, struct reach reach, struct date today)
{
    struct place place = {text, text, reach, {SIGN_OTHER, SIGN_OTHER}, false};

    for (const char *at = text; at < reach.end;) {
        char sign;

        place.at = at;
        sign = next(&reach, &at);
        if (sign_is_digit(sign) && !sign_is_digit(place.before[0]) && begins(&place, today))
            return true;
        pass_sign(&place, sign);
    }
    return false;
}

/* Whether it reads otherwise when it runs on. */
static bool has_unseen(const char *text, const char *end)
{
    for (const char *at = text; at < end; sign_next(&at, end))
        if (sign_is_unseen(at, end) || ends_line(*at)) return true;
    return false;
}

static bool is_in(const char *text, size_t size, bool is_name, struct date today)
{
    const char *end = text + size;

    return is_read_in(text, (struct reach){end, false, is_name}, today) ||
           (has_unseen(text, end) && is_read_in(text, (struct reach){end, true, is_name}, today));
}

bool identity_number_is_in(const char *text, size_t size, struct date today)
{
    return is_in(text, size, false, today);
}

bool identity_number_is_in_name(const char *text, size_t size, struct date today)
{
    return is_in(text, size, true, today);
}
