#include "proof.h"

#include "matching/graph.h"
#include "test.h"

static void check_side(const struct matching *m, enum side_name name)
{
    const struct side *side = &m->side[name], *other = &m->side[!name];

    for (uint32_t i = 0; i < side->count; i++) {
        const struct person *person = &side->person[i];
        const struct arc *arcs = arcs_of(side, i);

        assert_true(person->load <= person->capacity);
        assert_false(is_active(side, i));
        if (person->load > 0) assert_true(side->node[i].price >= price_floor(side, i));
        assert_true(side->node[i].dist == DIST_NONE);
        for (uint32_t k = 0; k < person->degree; k++) {
            const int64_t rest =
                arc_weight(m, arcs[k]) - side->node[i].price - other->node[arcs[k].to].price;

            assert_true(k < person->load ? rest >= 0 : rest <= 0);
            if (k > person->load) assert_true(arcs[k - 1].score >= arcs[k].score);
        }
    }
}

void proof_check(const struct matching *m)
{
    check_side(m, PARTICIPANT);
    check_side(m, MENTOR);
}

void proof_vary(struct matching *m, uint32_t number)
{
    static const uint32_t few[] = {0, 2, FEW}, patience[] = {0, 1, PATIENCE};

    m->scratch.few = few[number % 3];
    m->scratch.patience = patience[number / 3 % 3];
}
