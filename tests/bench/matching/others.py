#!/usr/bin/python3
"""Yardsticks in Python: scipy|munkres FILE PARTICIPANT_CAPACITY, objective pairs,score.

SciPy's sparse assignment and munkres' dense one know neither capacities nor people left over: a
mentor becomes as many columns as it has places, a participant as many rows, and everybody gets a
column of their own that stands for nobody. Where a participant may have several mentors, the same
one twice would be allowed, so those are refused. Prints `pairs N score S seconds T kilobytes M`.
"""

from __future__ import annotations

import re
import sys
import time


def read(path: str) -> tuple[list[int], int, list[tuple[int, int, int]]]:
    with open(path, encoding="ascii") as file:
        mentors, participants = map(int, file.readline().split())
        places = [1] * mentors
        edges = []
        for line in file:
            words = line.split()
            if words[0] == "capacity":
                places[int(words[1])] = int(words[2])
            else:
                mentor, participant, score = map(int, words)
                edges.append((participant, mentor, score))
    return places, participants, edges


def columns_of(places: list[int]) -> list[int]:
    first = [0]
    for count in places:
        first.append(first[-1] + count)
    return first


def with_scipy(places, participants, edges):
    import numpy
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    first = columns_of(places)
    big = 2 * participants * (max(e[2] for e in edges) + 1)
    rows, columns, weights = [], [], []
    for participant, mentor, score in edges:
        for column in range(first[mentor], first[mentor + 1]):
            rows.append(participant)
            columns.append(column)
            weights.append(big + score)
    for participant in range(participants):
        rows.append(participant)
        columns.append(first[-1] + participant)
        weights.append(1)
    matrix = csr_matrix(
        (numpy.array(weights, dtype=float), (rows, columns)),
        shape=(participants, first[-1] + participants),
    )
    begin = time.perf_counter()
    row, column = min_weight_full_bipartite_matching(matrix, maximize=True)
    seconds = time.perf_counter() - begin
    chosen = [int(w) for w in numpy.asarray(matrix[row, column]).ravel() if w > 1]
    return len(chosen), sum(w - big for w in chosen), seconds


def with_munkres(places, participants, edges):
    from munkres import Munkres

    first = columns_of(places)
    top = max(e[2] for e in edges)
    nobody = 2 * participants * (top + 1)
    size = max(participants, first[-1])
    costs = [[nobody] * size for _ in range(size)]
    for participant, mentor, score in edges:
        for column in range(first[mentor], first[mentor + 1]):
            costs[participant][column] = top - score
    begin = time.perf_counter()
    cells = Munkres().compute([row[:] for row in costs])
    seconds = time.perf_counter() - begin
    chosen = [costs[r][c] for r, c in cells if costs[r][c] < nobody]
    return len(chosen), sum(top - cost for cost in chosen), seconds


def main() -> int:
    solver = {"scipy": with_scipy, "munkres": with_munkres}[sys.argv[1]]
    if sys.argv[3] != "1":
        print("only one mentor each", file=sys.stderr)
        return 2
    pairs, score, seconds = solver(*read(sys.argv[2]))
    peak = int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read()).group(1))
    print(f"pairs {pairs} score {score} seconds {seconds:.6f} kilobytes {peak}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
