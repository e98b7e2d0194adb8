#!/usr/bin/env python3
"""Write a random sparse instance in the plain format: PARTICIPANTS MENTORS CANDIDATES SPAN SEED.

Every participant has that many different candidates and wants one; mentors have one to three
places; scores are even from 0 to SPAN.
"""

from __future__ import annotations

import random
import sys


def main() -> None:
    participants, mentors, candidates, span, seed = map(int, sys.argv[1:])
    chance = random.Random(seed)
    write = sys.stdout.write
    write(f"{mentors} {participants}\n")
    for mentor in range(mentors):
        write(f"capacity {mentor} {chance.randint(1, 3)}\n")
    for participant in range(participants):
        for mentor in chance.sample(range(mentors), candidates):
            write(f"{mentor} {participant} {int(chance.random() * (span + 1))}\n")


if __name__ == "__main__":
    main()
