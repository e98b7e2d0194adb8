/* listing: which pages there are, a line each, by tabs: who opens it, and what can be sent to it.
 *
 *     page  PATH  RECORD  ROLES    roles by blanks, `*`: also who is not signed in; RECORD: of which its acts are, or -
 *     form  PATH  ACT  COMMAND     ACT -: to the page itself; COMMAND -: it becomes none
 *
 * access.py makes access.tsv of it. */
#include <stdio.h>

#include "core/input.h"
#include "pages.h"

/* Systems have no sessions, nor have clocks and rules. */
enum { PEOPLE = ~(ROLE_AG | ROLE_TM | ROLE_SYS), ROLES = ACTOR_ROLE_SYS + 1 };

static void print_page(const struct page *page)
{
    printf("page\t%s\t%s\t", page->path, page->record == NULL ? "-" : page->record);
    if (page->roles == 0) printf("*");
    for (unsigned role = 0, count = 0; role < ROLES; role++)
        if ((page->roles & (unsigned)PEOPLE & 1u << role) != 0)
            printf("%s%s", count++ == 0 ? "" : " ", actor_role_words[role]);
    printf("\n");
}

static void print_forms(const struct page *page)
{
    for (const char *const *act = page->acts; act != NULL && *act != NULL; act++)
        printf("form\t%s\t%s\t%s.%s\n", page->path, *act, page->record, *act);
    for (const struct page_post *post = page->posts; post != NULL && post->act != NULL; post++)
        printf("form\t%s\t%s\t%s\n", page->path, post->act[0] == '\0' ? "-" : post->act,
               post->command == NULL ? "-" : post->command);
}

int main(void)
{
    for (const struct page *const *page = pages_all; *page != NULL; page++) {
        if ((*page)->show != NULL) print_page(*page);
        print_forms(*page);
    }
    return 0;
}
