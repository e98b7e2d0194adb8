/* What still tells something in a row that is about somebody who was erased: the proof of the erasure counts such rows, over HTTP
 * and for the operator. Pure: any thread may call.
 */
#pragma once

#include <stdbool.h>

struct descriptor;

bool remains_in(const struct descriptor *descriptor, const void *row);
