# SPDX-License-Identifier: MIT
"""The pictures of the pages, as SVG text."""
import math

from . import paths

# Told apart by people who confuse red and green, too.
COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00",
           "#555555", "#b0a000", "#8000a0", "#80c0a0"]


def plain(engine):
    return paths.title(engine).replace("`", "")


class Picture:
    def __init__(self, width, height, title):
        self.lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
            f'height="{height}" font-family="sans-serif" font-size="11">',
            '<rect width="100%" height="100%" fill="white"/>',
            f'<text x="10" y="18" font-size="14">{title}</text>']

    def text(self, x, y, text, extra=""):
        self.lines.append(f'<text x="{x:.1f}" y="{y:.1f}"{extra}>{text}</text>')

    def rect(self, x, y, width, height, colour):
        self.lines.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
                          f'height="{height:.1f}" fill="{colour}"/>')

    def line(self, x1, y1, x2, y2, colour="#ccc"):
        self.lines.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" '
                          f'y2="{y2:.1f}" stroke="{colour}"/>')

    def dot(self, x, y, colour, radius=4):
        self.lines.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" '
                          f'fill="{colour}"/>')

    def curve(self, points, colour):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.lines.append(f'<polyline points="{path}" fill="none" '
                          f'stroke="{colour}" stroke-width="1.5"/>')

    def end(self):
        return "\n".join(self.lines + ["</svg>", ""])


def engines_with(flat, prefix):
    return [e for e in paths.ENGINES if f"{prefix}.{e}" in flat]


def scale(low, high, start, length):
    """A logarithmic axis: value -> pixel."""
    span = math.log(high / low)
    return lambda value: start + math.log(max(value, low) / low) / span * length


def decades(low, high):
    value = 10.0 ** math.floor(math.log10(low))
    while value <= high:
        if value >= low:
            yield value
        value *= 10


def ratios(flat, _results):
    shown = engines_with(flat, "ratio")
    picture = Picture(760, 40 + 22 * len(shown) + 30,
                      "Time per block over f4e-build's: mean, least, greatest")
    bottom = 40 + 22 * len(shown)
    x = scale(0.8, 1.2 * max(flat[f"most.{e}"] for e in shown), 210, 500)
    for tick in (1, 2, 5, 10, 20, 50, 100):
        if tick < 1.2 * max(flat[f"most.{e}"] for e in shown):
            picture.line(x(tick), 32, x(tick), bottom)
            picture.text(x(tick) - 6, bottom + 14, f"{tick}x")
    for k, engine in enumerate(shown):
        y = 46 + 22 * k
        picture.text(10, y + 4, plain(engine))
        picture.line(x(flat[f"least.{engine}"]), y, x(flat[f"most.{engine}"]),
                     y, "#0072b2")
        picture.dot(x(flat[f"ratio.{engine}"]), y, "#0072b2")
        picture.text(x(flat[f"most.{engine}"]) + 6, y + 4,
                     f'{flat[f"ratio.{engine}"]:.2f}')
    return picture.end()


def tails(flat, _results):
    shown = engines_with(flat, "p50")
    picture = Picture(760, 40 + 22 * len(shown) + 40,
                      f"Time of a block of '{paths.PATCH}': p50, p99, p99.9, max")
    bottom = 40 + 22 * len(shown)
    low = min(flat[f"p50.{e}"] for e in shown) * 0.8
    high = max(flat[f"max.{e}"] for e in shown) * 1.5
    x = scale(low, high, 210, 500)
    for tick in decades(low, high):
        picture.line(x(tick), 32, x(tick), bottom)
        picture.text(x(tick) - 12, bottom + 14, f"{tick / 1e3:g} us")
    for k, engine in enumerate(shown):
        y = 46 + 22 * k
        picture.text(10, y + 4, plain(engine))
        picture.line(x(flat[f"p50.{engine}"]), y, x(flat[f"max.{engine}"]), y)
        for key, colour in (("p50", COLOURS[0]), ("p99", COLOURS[2]),
                            ("p999", COLOURS[1]), ("max", COLOURS[5])):
            picture.dot(x(flat[f"{key}.{engine}"]), y, colour)
    for k, (name, colour) in enumerate((("p50", COLOURS[0]), ("p99", COLOURS[2]),
                                        ("p99.9", COLOURS[1]),
                                        ("max", COLOURS[5]))):
        picture.dot(220 + 70 * k, bottom + 30, colour)
        picture.text(228 + 70 * k, bottom + 34, name)
    return picture.end()


def cold(_flat, results):
    shown = [e for e in ("ours", "wamr-segue", "wasmtime", "wasmer", "v8-plain",
                         "wasm3") if e in results["cold"]["figures"]]
    picture = Picture(760, 400, "The first 3000 blocks of a cold process: the "
                                "worst of each stretch")
    figures = results["cold"]["figures"]
    every = [ns for e in shown for _, ns in figures[e]["points"]]
    low, high = min(every) * 0.8, max(every) * 1.3
    x = scale(1, 3000, 70, 520)
    up = scale(low, high, 0, 310)
    for tick in decades(low, high):
        picture.line(70, 360 - up(tick), 590, 360 - up(tick))
        picture.text(10, 364 - up(tick), f"{tick / 1e3:g} us")
    for tick in (1, 10, 100, 1000):
        picture.text(x(tick), 378, f"{tick}")
    picture.text(270, 394, "block")
    for k, engine in enumerate(shown):
        colour = COLOURS[k]
        picture.curve([(x(at), 360 - up(ns))
                       for at, ns in figures[engine]["points"]], colour)
        picture.rect(610, 44 + 18 * k, 10, 10, colour)
        picture.text(626, 53 + 18 * k, plain(engine))
    return picture.end()


def starts(flat, _results):
    shown = [e for e in engines_with(flat, "start") if f"ratio.{e}" in flat]
    picture = Picture(760, 420, "From process start to the first block, against "
                                "time per block over f4e-build's")
    low = min(flat[f"start.{e}"] for e in shown) * 0.7
    high = max(flat[f"start.{e}"] for e in shown) * 2
    x = scale(low, high, 60, 560)
    most = max(flat[f"ratio.{e}"] for e in shown) * 1.4
    up = scale(0.8, most, 0, 330)
    for tick in decades(low, high):
        picture.line(x(tick), 32, x(tick), 370)
        picture.text(x(tick) - 12, 386, f"{tick / 1e6:g} ms")
    for tick in (1, 2, 5, 10, 20, 50, 100):
        if tick < most:
            picture.line(60, 370 - up(tick), 620, 370 - up(tick))
            picture.text(20, 374 - up(tick), f"{tick}x")
    for k, engine in enumerate(shown):
        at = x(flat[f"start.{engine}"]), 370 - up(flat[f"ratio.{engine}"])
        picture.dot(*at, COLOURS[k % len(COLOURS)])
        picture.text(at[0] + 7, at[1] + (4 if k % 2 else -4), plain(engine),
                     ' font-size="10"')
    return picture.end()


ALL = {"ratios": ratios, "tails": tails, "cold": cold, "starts": starts}
