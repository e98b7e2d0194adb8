/* Whose turn it is among readers, counted in turns and not in time: whoever reads all there is keeps nobody waiting who
 * asks now and then. */
#include <string.h>

#include "test.h"

#include "turns.h"

enum { GREEDY = 32, PIECES = 63, PIECE_NS = 40000, SMALL = 7 };

/* A list that is so many pieces long. */
struct list {
    struct turn turn; /* first */
    struct share share;
    int pieces, left;
    int64_t took_ns;
    int64_t lists; /* that were written for them */
};

static struct list greedy[GREEDY];

static void begin(struct turns *turns, struct list *list, int pieces)
{
    list->pieces = list->left = pieces;
    list->took_ns = 0;
    list->turn.share = &list->share;
    turns_add(turns, &list->turn);
}

/* One piece; who is done asks for as much again, where they are greedy. */
static struct list *write_piece(struct turns *turns, int64_t now_ms)
{
    struct list *list = (struct list *)turns_next(turns, now_ms);

    list->took_ns += PIECE_NS;
    if (--list->left > 0) return list;
    turns_drop(turns, &list->turn);
    share_add(&list->share, list->took_ns, now_ms);
    list->lists++;
    if (list->pieces == PIECES) begin(turns, list, PIECES);
    return list;
}

static struct turns all_greedy(void)
{
    struct turns turns = {0};

    memset(greedy, 0, sizeof greedy);
    for (size_t i = 0; i < GREEDY; i++)
        begin(&turns, &greedy[i], PIECES);
    return turns;
}

/* As long as they have less than all others, whatever moment they come at. */
static void who_asks_now_and_then_waits_for_nobody_elses_list(void **unused)
{
    struct turns turns = all_greedy();
    struct list modest = {.lists = 0};

    (void)unused;
    for (int i = 0; i < GREEDY * PIECES; i++)
        write_piece(&turns, 1);
    for (int asks = 0; asks < 100; asks++) {
        int pieces = 0;

        for (int i = 0; i < 401; i++)
            write_piece(&turns, 1);
        begin(&turns, &modest, SMALL);
        for (const int64_t before = modest.lists; modest.lists == before; pieces++)
            write_piece(&turns, 1);
        assert_int_equal(pieces, SMALL); /* all of them theirs */
    }
}

/* However many pages one has asked for at once. */
static void those_who_want_as_much_get_as_much(void **unused)
{
    struct turns turns = all_greedy();
    struct list more[8] = {0};

    (void)unused;
    for (size_t i = 0; i < 8; i++) {
        begin(&turns, &more[i], PIECES);
        more[i].turn.share = &greedy[0].share;
    }
    for (int i = 0; i < 100 * GREEDY * PIECES; i++) {
        struct list *list = (struct list *)turns_next(&turns, 1);

        list->took_ns += PIECE_NS;
        if (--list->left > 0) continue;
        share_add(list->turn.share, list->took_ns, 1);
        list->lists++;
        list->left = PIECES;
        list->took_ns = 0;
    }
    for (size_t i = 0; i < 8; i++)
        greedy[0].lists += more[i].lists;
    for (size_t i = 0; i < GREEDY; i++)
        assert_in_range(greedy[i].lists, 99, 101);
}

/* So that not all are begun and none is ready. */
static void one_is_written_to_its_end_before_the_next_of_as_much(void **unused)
{
    struct turns turns = all_greedy();
    const struct list *first = write_piece(&turns, 1);

    (void)unused;
    assert_ptr_equal(first, &greedy[0]); /* who came first */
    for (int i = 1; i < PIECES; i++)
        assert_ptr_equal(write_piece(&turns, 1), first);
    assert_ptr_equal(write_piece(&turns, 1), &greedy[1]);
}

static void what_one_had_fades(void **unused)
{
    struct share share = {0};

    (void)unused;
    share_add(&share, 1000, 100000);
    assert_int_equal(share_of(&share, 100000), 1000);
    assert_int_equal(share_of(&share, 100000 + SHARE_HALF_MS), 500);
    assert_int_equal(share_of(&share, 100000 + 3 * SHARE_HALF_MS), 125);
    assert_int_equal(share_of(&share, INT64_C(1) << 40), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_asks_now_and_then_waits_for_nobody_elses_list),
        cmocka_unit_test(those_who_want_as_much_get_as_much),
        cmocka_unit_test(one_is_written_to_its_end_before_the_next_of_as_much),
        cmocka_unit_test(what_one_had_fades),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
