/* Words of both sheets, by kind and by how they compare; each place where one stands is kept for what
 * book_check finds. */
#include "match/book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codes/called.h"
#include "core/error.h"
#include "letters/letters.h"

struct word {
    char *folded,
        *bare; /* as letters_fold and letters_bare have it; of a municipality without what it is */
    const char *written; /* first */
    enum book_kind kind;
    unsigned sides;                      /* bit s: it stands on side s */
    struct book_place first[BOOK_SIDES]; /* there */
};

struct use {
    uint32_t code;
    const char *written;
    struct book_place place;
};

struct book {
    struct word *words; /* by code, from 1 */
    uint32_t count, word_room;
    uint32_t *slots; /* codes by hash: open addressing; 0: nothing */
    uint32_t slot_count;
    struct use *uses; /* in order of reading */
    size_t use_count, use_room;
    struct use occupations[2]; /* the first one without a scheme, and with one; no word: none */
};

static void *room(void *old, size_t count, size_t size)
{
    void *new = realloc(old, count * size + 1);

    if (new == NULL) bug("match: no memory for %zu words", count);
    return new;
}

struct book *book_create(void)
{
    struct book *book = calloc(1, sizeof *book);

    if (book == NULL) bug("match: no memory");
    return book;
}

void book_destroy(struct book *book)
{
    if (book == NULL) return;
    for (uint32_t i = 0; i < book->count; i++) {
        free(book->words[i].folded);
        free(book->words[i].bare);
    }
    free(book->words);
    free(book->slots);
    free(book->uses);
    free(book);
}

/* Finding. */

static uint32_t *slot_of(const struct book *book, enum book_kind kind, const char *folded)
{
    uint64_t hash = 14695981039346656037u ^ kind;

    for (const char *c = folded; *c != '\0'; c++)
        hash = (hash ^ (uint8_t)*c) * 1099511628211u;
    for (uint32_t at = (uint32_t)(hash >> 32) % book->slot_count;;
         at = (at + 1) % book->slot_count) {
        uint32_t *slot = &book->slots[at];

        if (*slot == 0) return slot;
        if (book->words[*slot - 1].kind == kind &&
            strcmp(book->words[*slot - 1].folded, folded) == 0)
            return slot;
    }
}

static void grow(struct book *book)
{
    if (2 * book->count < book->slot_count) return;
    book->slot_count = 2 * book->slot_count + 1024;
    free(book->slots);
    book->slots = calloc(book->slot_count, sizeof *book->slots);
    if (book->slots == NULL) bug("match: no memory");
    for (uint32_t i = 0; i < book->count; i++)
        *slot_of(book, book->words[i].kind, book->words[i].folded) = i + 1;
}

/* "Malmö kommun" is Malmö. The caller frees it; *is_cut: something was left out, and an s of before may stand at its end. */
static char *bare_municipality(const char *written, bool *is_cut)
{
    static const char *const behind[] = {" kommun", " kommune", " kommunen", " stad",
                                         " municipality"};
    char *folded = letters_fold(written), *bare;

    *is_cut = false;
    for (size_t i = 0; i < sizeof behind / sizeof behind[0] && !*is_cut; i++) {
        const size_t length = strlen(folded), last = strlen(behind[i]);

        *is_cut = length > last && strcmp(folded + length - last, behind[i]) == 0;
        if (*is_cut) folded[length - last] = '\0';
    }
    bare = letters_bare(folded);
    free(folded);
    return bare;
}

static char *bare_of(enum book_kind kind, const char *written)
{
    bool is_cut;

    return kind == BOOK_MUNICIPALITIES ? bare_municipality(written, &is_cut)
                                       : letters_bare(written);
}

static uint32_t add(struct book *book, enum book_kind kind, const char *written, char *folded)
{
    if (book->count == book->word_room) {
        book->word_room = 2 * book->word_room + 256;
        book->words = room(book->words, book->word_room, sizeof *book->words);
    }
    book->words[book->count++] = (struct word){
        .folded = folded, .bare = bare_of(kind, written), .written = written, .kind = kind};
    return book->count;
}

static void keep_use(struct book *book, uint32_t code, const char *written, struct book_place place)
{
    struct word *word = &book->words[code - 1];

    if ((word->sides >> place.side & 1) == 0) word->first[place.side] = place;
    word->sides |= 1u << place.side;
    if (book->use_count == book->use_room) {
        book->use_room = 2 * book->use_room + 256;
        book->uses = room(book->uses, book->use_room, sizeof *book->uses);
    }
    book->uses[book->use_count++] = (struct use){code, written, place};
}

uint32_t book_code(struct book *book, enum book_kind kind, const char *word, const char *meant,
                   struct book_place place)
{
    uint32_t *slot;
    char *folded;

    if (word[0] == '\0') return 0;
    grow(book);
    folded = letters_fold(meant);
    slot = slot_of(book, kind, folded);
    if (*slot == 0)
        *slot = add(book, kind, word, folded);
    else
        free(folded);
    keep_use(book, *slot, word, place);
    return *slot;
}

const char *book_word(const struct book *book, uint32_t code)
{
    return code == 0 ? "" : book->words[code - 1].written;
}

void book_occupation(struct book *book, bool has_scheme, const char *word, struct book_place place)
{
    struct use *first = &book->occupations[has_scheme];

    if (first->written == NULL) *first = (struct use){0, word, place};
}

/* Checking. */

static int by_bare(const void *left, const void *right)
{
    const struct word *a = *(const struct word *const *)left,
                      *b = *(const struct word *const *)right;

    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    return strcmp(a->bare, b->bare);
}

/* Words so that those that are nearly the same stand together. */
static const struct word **sort_words(const struct book *book)
{
    const struct word **sorted = room(NULL, book->count, sizeof *sorted);

    for (uint32_t i = 0; i < book->count; i++)
        sorted[i] = &book->words[i];
    if (book->count > 1) qsort(sorted, book->count, sizeof *sorted, by_bare);
    return sorted;
}

static bool is_named(void *municipality, const char *name)
{
    char *folded = letters_fold(name);
    const bool is = strcmp(folded, municipality) == 0;

    free(folded);
    return is;
}

/* Håbo and Habo are two. */
static bool is_municipality(const struct word *word)
{
    return word->kind == BOOK_MUNICIPALITIES &&
           (called_municipality_code(COUNTRY_SE, is_named, word->folded) != NULL ||
            called_municipality_code(COUNTRY_NO, is_named, word->folded) != NULL);
}

static bool are_two(const struct word *one, const struct word *other)
{
    return is_municipality(one) && is_municipality(other);
}

/* The first that is no earlier in order than that. */
static uint32_t find_bare(const struct book *book, const struct word **sorted,
                          const struct word *like)
{
    uint32_t low = 0, high = book->count;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (by_bare(&sorted[middle], &like) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* One that compares as bare does, and stands on the other side: not the word itself; or NULL. */
static const struct word *find_as(const struct book *book, const struct word **sorted,
                                  const struct word *word, char *bare, enum book_side other)
{
    const struct word as = {.kind = word->kind, .bare = bare}, *const like = &as;

    for (uint32_t i = find_bare(book, sorted, like);
         i < book->count && by_bare(&sorted[i], &like) == 0; i++)
        if (sorted[i] != word && (sorted[i]->sides >> other & 1) != 0 && !are_two(sorted[i], word))
            return sorted[i];
    return NULL;
}

/* One that differs by blanks, dashes, marks above letters and the like alone, and stands on the other side; or NULL.
 * "Göteborgs stad" is Göteborg, and "Borås stad" Borås. */
static const struct word *find_like(const struct book *book, const struct word **sorted,
                                    const struct word *word, enum book_side other)
{
    const struct word *found = find_as(book, sorted, word, word->bare, other);
    const size_t length = strlen(word->bare);
    bool is_cut = false;
    char *shorter;

    if (found != NULL || word->kind != BOOK_MUNICIPALITIES) return found;
    shorter = bare_municipality(word->written, &is_cut);
    if (is_cut && length > 1 && shorter[length - 1] == 's') {
        shorter[length - 1] = '\0';
        found = find_as(book, sorted, word, shorter, other);
    }
    free(shorter);
    return found;
}

#define say(use, ...) \
    csv_fault((use)->place.csv, (use)->place.line, (use)->place.column, __VA_ARGS__)

static enum book_side other_side(const struct use *use)
{
    return use->place.side == BOOK_MENTORS ? BOOK_PARTICIPANTS : BOOK_MENTORS;
}

static void say_like(const struct use *use, const char *written, const struct word *like)
{
    const struct book_place *place = &like->first[other_side(use)];

    say(use, "\"%.60s\" is \"%.60s\" in %.60s, line %llu: write it the same in both", written,
        like->written, place->csv->path, (unsigned long long)place->line);
}

static void check_alone(const struct book *book, const struct word **sorted, const struct use *use)
{
    const struct word *word = &book->words[use->code - 1],
                      *like = find_like(book, sorted, word, other_side(use));

    if (like != NULL)
        say_like(use, use->written, like);
    else if (letters_divide(word->folded))
        say(use,
            word->kind == BOOK_MUNICIPALITIES
                ? "\"%.60s\" is in this sheet alone, and looks like several: a person has one "
                  "municipality"
                : "\"%.60s\" is in this sheet alone, and looks like several: put blanks, or one of "
                  ", ; | between them",
            use->written);
}

static bool is_one_cell(const struct use *one, const struct use *other)
{
    return one->place.csv == other->place.csv && one->place.line == other->place.line &&
           one->place.column == other->place.column;
}

enum { PARTS_MAX = 6 };

/* Words that stand in one cell one behind another from the i-th on, and are one word on the other side: "driving licence" for
 * "driving_licence". */
static void check_parts(const struct book *book, const struct word **sorted, size_t first)
{
    const struct use *use = &book->uses[first];
    const struct word *word = &book->words[use->code - 1], *like = NULL;
    char bare[512], written[512];

    snprintf(bare, sizeof bare, "%s", word->bare);
    snprintf(written, sizeof written, "%s", use->written);
    for (size_t i = first + 1; i < book->use_count && i < first + PARTS_MAX && like == NULL; i++) {
        const struct use *next = &book->uses[i];

        if (!is_one_cell(use, next)) return;
        snprintf(bare + strlen(bare), sizeof bare - strlen(bare), "%s",
                 book->words[next->code - 1].bare);
        snprintf(written + strlen(written), sizeof written - strlen(written), " %s", next->written);
        like = find_as(book, sorted, word, bare, other_side(use));
    }
    if (like != NULL) say_like(use, written, like);
}

/* How municipalities are written. */
static const char *form_of(const char *municipality)
{
    if (municipality[0] >= '0' && municipality[0] <= '9') return "a code";
    return strpbrk(municipality, "0123456789") == NULL ? "a name" : "a code with its country";
}

/* Each form meets its like: the first that was read tells which it is. */
static void check_municipality(const struct use *first, const struct use *use)
{
    const char *form = form_of(use->written), *first_form = form_of(first->written);

    if (strcmp(form, first_form) == 0) return;
    say(use,
        "\"%.60s\" is %s, and \"%.60s\" (%.60s, line %llu) %s: write one or the other in both "
        "sheets",
        use->written, form, first->written, first->place.csv->path,
        (unsigned long long)first->place.line, first_form);
}

static void check_occupations(const struct use *bare, const struct use *full)
{
    if (bare->written == NULL || full->written == NULL) return;
    say(bare,
        "\"%.20s\" does not say whose code it is, and \"%.20s\" (%.60s, line %llu) does: write "
        "ssyk:, styrk: or isco: before every code, or before none",
        bare->written, full->written, full->place.csv->path, (unsigned long long)full->place.line);
}

void book_check(const struct book *book)
{
    const struct word **sorted = sort_words(book);
    const struct use *municipality = NULL;

    for (size_t i = 0; i < book->use_count; i++) {
        const struct use *use = &book->uses[i];
        const struct word *word = &book->words[use->code - 1];
        const bool is_alone = (word->sides & (word->sides - 1)) == 0;

        if (word->kind == BOOK_CLUBS || word->kind == BOOK_CONCEPTS) continue;
        if (is_alone) check_alone(book, sorted, use);
        if (is_alone && word->kind == BOOK_WISHES) check_parts(book, sorted, i);
        if (word->kind != BOOK_MUNICIPALITIES) continue;
        if (municipality == NULL) municipality = use;
        check_municipality(municipality, use);
    }
    check_occupations(&book->occupations[false], &book->occupations[true]);
    free(sorted);
}
