/* The worker: takes what is due from its queue, sends it, and reports what came of it. */
#pragma once

struct worker;

void sender_work(struct worker *worker);
