# SPDX-License-Identifier: MIT
"""The decision matrix: scores from figures, weights from the reader."""
import json
import math


class MatrixError(Exception):
    """A matrix or weights that make no sense."""


def score_of(scale, value):
    """0 to 10. A scale names the value that gets 10 and the one that gets 0; in
    between it is linear, or logarithmic where ratios matter."""
    best, worst = scale["ten"], scale["zero"]
    if scale.get("logarithmic"):
        value, best, worst = (math.log(max(v, 1e-9))
                              for v in (value, best, worst))
    share = (value - worst) / (best - worst)
    return round(10 * min(1, max(0, share)), 1)


def scored(matrix, flat):
    """The matrix with the scores of all criteria that have a figure. A candidate
    whose engine was not measured keeps what it had, and says so."""
    for criterion in matrix["criteria"]:
        if "figure" not in criterion:
            continue
        for name, candidate in matrix["candidates"].items():
            key = criterion["figure"].format(e=candidate["engine"])
            cell = criterion["scores"].setdefault(name, {})
            if key not in flat:
                if "figure" in cell:
                    cell["because"] = (f"{key} was {cell.pop('value'):g} in an "
                                       "earlier run; not measured in this one")
                    del cell["figure"]
                continue
            cell.clear()
            value = flat[key]
            cell["figure"] = key
            cell["value"] = round(value, 3)
            cell["score"] = score_of(criterion["scale"], value)
    return matrix


def dump(matrix):
    return json.dumps(matrix, indent=1, ensure_ascii=False) + "\n"


def weights_of(matrix, preset):
    if preset not in matrix["presets"]:
        raise MatrixError(f"no preset '{preset}'; there are: "
                          + ", ".join(matrix["presets"]))
    return matrix["presets"][preset]["weights"]


def check_weights(matrix, weights):
    names = [criterion["name"] for criterion in matrix["criteria"]]
    for name, weight in weights.items():
        if name not in names:
            raise MatrixError(f"no criterion '{name}'; there are: "
                              + ", ".join(names))
        if not (isinstance(weight, (int, float)) and math.isfinite(weight)
                and weight >= 0):
            raise MatrixError(f"the weight of '{name}' is not a number from 0 on")
    if not any(weights.values()):
        raise MatrixError("all weights are 0")


def total(matrix, weights, candidate):
    """Weighted mean of the scores, 0 to 10."""
    sum_of, sum_weights = 0.0, 0.0
    for criterion in matrix["criteria"]:
        weight = weights.get(criterion["name"], 0)
        sum_of += weight * criterion["scores"][candidate]["score"]
        sum_weights += weight
    return sum_of / sum_weights


def ranking(matrix, weights):
    """(total, candidate), the best first."""
    found = [(total(matrix, weights, name), name)
             for name in matrix["candidates"]]
    return sorted(found, key=lambda pair: (-pair[0], pair[1]))


def turning_points(matrix, weights):
    """For each criterion the nearest weight below and above the given one at
    which another candidate wins, with its name; None where none does."""
    winner = ranking(matrix, weights)[0][1]
    found = []
    for criterion in matrix["criteria"]:
        name = criterion["name"]
        weight = weights.get(name, 0)
        below, above = None, None
        for other in matrix["candidates"]:
            if other == winner:
                continue
            lead = sum(weights.get(c["name"], 0)
                       * (c["scores"][winner]["score"]
                          - c["scores"][other]["score"])
                       for c in matrix["criteria"])
            slope = (criterion["scores"][winner]["score"]
                     - criterion["scores"][other]["score"])
            if slope == 0:
                continue
            turn = weight - lead / slope
            if 0 <= turn < weight and (below is None or turn > below[0]):
                below = (turn, other)
            if turn > weight and (above is None or turn < above[0]):
                above = (turn, other)
        found.append((name, weight, below, above))
    return found


def ranks(matrix):
    """rank.PRESET.N, the title of its Nth, and its points; lead.PRESET, how far
    the first is ahead."""
    found = {}
    for preset, row in matrix["presets"].items():
        ranked = ranking(matrix, row["weights"])
        preset = preset.replace(" ", "-")
        for place, (value, name) in enumerate(ranked, 1):
            found[f"rank.{preset}.{place}"] = matrix["candidates"][name]["title"]
            found[f"points.{preset}.{name}"] = value
        found[f"lead.{preset}"] = ranked[0][0] - ranked[1][0]
    return found


def table_scores(matrix):
    names = list(matrix["candidates"])
    lines = ["| Criterion | " + " | ".join(
        matrix["candidates"][n]["title"] for n in names) + " |",
             "|---" * (len(names) + 1) + "|"]
    for criterion in matrix["criteria"]:
        lines.append("| " + " | ".join([criterion["title"]] + [
            f'{criterion["scores"][n]["score"]:g}' for n in names]) + " |")
    for preset, row in matrix["presets"].items():
        lines.append("| **" + row["title"] + "** | " + " | ".join(
            f'**{total(matrix, row["weights"], n):.1f}**'
            for n in names) + " |")
    return lines


def table_weights(matrix):
    presets = matrix["presets"]
    lines = ["| Criterion | " + " | ".join(
        row["title"] for row in presets.values()) + " |",
             "|---" * (len(presets) + 1) + "|"]
    for criterion in matrix["criteria"]:
        lines.append("| " + " | ".join([criterion["title"]] + [
            f'{row["weights"].get(criterion["name"], 0):g}'
            for row in presets.values()]) + " |")
    return lines


def table_ranking(matrix):
    lines = ["| Preset | First | Second | Third | Turns when |",
             "|---|---|---|---|---|"]
    for row in matrix["presets"].values():
        ranked = ranking(matrix, row["weights"])[:3]
        turns = [f"{name} {weight:g} → {point[0]:.1f}: "
                 f'{matrix["candidates"][point[1]]["title"]}'
                 for name, weight, *points in turning_points(
                     matrix, row["weights"])
                 for point in points if point is not None]
        lines.append("| " + " | ".join(
            [row["title"]] + [f'{matrix["candidates"][n]["title"]} {t:.1f}'
                              for t, n in ranked]
            + ["; ".join(turns) or "never, by one weight alone"]) + " |")
    return lines


TABLES = {"scores": table_scores, "weights": table_weights,
          "ranking": table_ranking}
