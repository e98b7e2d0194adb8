/* The program of library. */
#include "book/book.h"
#include "fold_id.h"
#include "service/service.h"

static const struct aggregate *const aggregates[] = {&book_aggregate, NULL};

static const struct service library = {
    .name = "library", .fold_id = FOLD_ID, .aggregates = aggregates};

int main(int argc, char **argv)
{
    return service_main(&library, argc, argv);
}
