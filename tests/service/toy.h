/* An aggregate for services that are toys, with the programme's contract: programmes are created, and close by
 * themselves when their first day comes (one without: never). */
#pragma once

struct aggregate;

extern const struct aggregate toy_programme;
