#!/usr/bin/env python3
"""Draw how time grows with size: read `name size seconds` lines, write an SVG."""

from __future__ import annotations

import math
import sys

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 420, 70, 30, 190, 55
COLOURS = ["#0b6e4f", "#b0413e", "#3d5a98", "#8a6d1d", "#6b4c8a", "#555555"]


def read(lines: list[str]) -> dict[str, list[tuple[float, float]]]:
    series: dict[str, list[tuple[float, float]]] = {}
    for line in lines:
        name, size, seconds = line.rsplit(maxsplit=2)
        series.setdefault(name, []).append((float(size), float(seconds)))
    return {name: sorted(points) for name, points in series.items()}


def draw(series: dict[str, list[tuple[float, float]]]) -> str:
    sizes = [size for points in series.values() for size, _ in points]
    times = [seconds for points in series.values() for _, seconds in points]
    x0, x1 = math.floor(math.log10(min(sizes))), math.ceil(math.log10(max(sizes)))
    y0, y1 = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))

    def x(size: float) -> float:
        return LEFT + (math.log10(size) - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT)

    def y(seconds: float) -> float:
        return HEIGHT - BOTTOM - (math.log10(seconds) - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        "<title>Seconds to solve, by edges</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for power in range(x0, x1 + 1):
        at = x(10**power)
        out.append(f'<path d="M{at:.0f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        out.append(
            f'<text x="{at:.0f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">'
            f"{10**power:,}</text>"
        )
    for power in range(y0, y1 + 1):
        at = y(10**power)
        label = f"{10**power:g} s"
        out.append(f'<path d="M{LEFT} {at:.0f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{at + 4:.0f}" text-anchor="end">{label}</text>')
    out.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 12}" '
        'text-anchor="middle">edges</text>'
    )
    labels: list[float] = []
    for colour, (name, points) in zip(COLOURS, series.items()):
        path = "L".join(f"{x(size):.1f} {y(seconds):.1f}" for size, seconds in points)
        out.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for size, seconds in points:
            out.append(f'<circle cx="{x(size):.1f}" cy="{y(seconds):.1f}" r="3" fill="{colour}"/>')
        at = y(points[-1][1]) + 4
        while any(abs(at - other) < 15 for other in labels):
            at += 3
        labels.append(at)
        out.append(
            f'<text x="{x(points[-1][0]) + 8:.0f}" y="{at:.0f}" fill="{colour}">{name}</text>'
        )
    out.append("</svg>")
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    sys.stdout.write(draw(read(sys.stdin.read().splitlines())))
