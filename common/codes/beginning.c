#include "codes/beginning.h"

const struct rules beginning_rules = {.offer_days = 7,
                                      .offer_reminder_days = 5,
                                      .sign_days = 14,
                                      .sign_reminder_days = 7,
                                      .info_days = 84,
                                      .complete_days = 14,
                                      .meeting_target = 5,
                                      .target_days = 243};
