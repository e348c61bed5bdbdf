# SPDX-License-Identifier: MIT
"""What is measured in which order within the minutes that there are. The long
run in real time comes first and has preparing, and whatever needs no quiet
machine, beside it; what is timed comes after it, alone."""
import os

from . import machine, measure, paths, playing, process
from .workshop import OutOfTime

BESIDE = {f.__name__: f for f in (
    measure.counts, measure.sizes, measure.shared, measure.platforms,
    playing.hour)}
ALONE = {f.__name__: f for f in (
    measure.speed, measure.starts, measure.cold, measure.instances,
    playing.loop)}
NAMES = [*ALONE, *BESIDE, "long"]

# Seconds that each takes for an engine, roughly, on the slow side.
SECONDS = {"speed": 3, "starts": 3, "cold": 1, "instances": 2}
LEAST_LONG = 5


def programs_for(wanted):
    """(patch, kind) of all programs that these measurements use."""
    found = set()
    if set(wanted) & {"starts", "cold", "counts", "sizes", "instances"}:
        found.add((paths.PATCH, "plain"))
    if "sizes" in wanted:
        found.add((paths.PATCH, "shared"))
    if "speed" in wanted:
        found |= {(name, "plain") for name in paths.PATCHES + ["empty"]}
    if "shared" in wanted:
        found |= {(name, "shared") for name in paths.PATCHES}
        found.add((paths.PATCH, "plain"))
    return sorted(found)


def seconds_alone(wanted, shop):
    """What has to be kept for the measurements after the long run."""
    if not set(wanted) & set(ALONE):
        return 0
    each = sum(SECONDS.get(name, 0) for name in wanted)
    players = sum(paths.is_linked(name) for name in shop.engines())
    loop = (shop.scale["loop"] + 1) * players if "loop" in wanted else 0
    return 20 + each * len(shop.engines()) + loop


def describe(wanted, shop):
    """The plan, in one line."""
    parts = []
    beside = [name for name in BESIDE if name in wanted]
    if "long" in wanted:
        parts.append(f"long ({shop.scale['long']} s at most) beside "
                     + ", ".join(["preparing"] + beside))
    else:
        parts.append(", ".join(["preparing"] + beside))
    alone = [name for name in ALONE if name in wanted]
    if alone:
        parts.append("then alone: " + ", ".join(alone))
    return "; ".join(parts)


class Run:
    """The results so far, and what there was no time for."""

    def __init__(self, shop, wanted):
        self.shop, self.wanted = shop, wanted
        self.results, self.missed = {}, []

    def take(self, name, function):
        """One measurement; what it has not finished in time is not kept."""
        if name not in self.wanted:
            return
        result = {"machine": machine.describe()}
        try:
            self.shop.check_time()
            result["figures"] = function()
        except OutOfTime:
            self.missed.append(name)
            return
        except process.Failed as failed:
            if self.shop.left() > 0:
                raise
            self.missed.append(name)
            return
        result["loadAfter"] = round(os.getloadavg()[0], 1)
        self.results[name] = result

    def start_long(self):
        shop = self.shop
        shop.say("players")
        shop.prepare([], True)
        seconds = min(shop.scale["long"], int(shop.left()))
        if seconds < min(LEAST_LONG, shop.scale["long"]):
            raise OutOfTime
        return machine.describe(), playing.Long(shop, seconds)

    def all(self):
        shop, long = self.shop, None
        shop.keep(seconds_alone(self.wanted, shop))
        if "long" in self.wanted:
            try:
                long = self.start_long()
            except OutOfTime:
                self.missed.append("long")
        try:
            shop.say("preparing")
            shop.prepare(programs_for(self.wanted),
                         bool({"hour", "loop"} & set(self.wanted)))
        except OutOfTime:
            shop.say("no time left to prepare all")
        for name, function in BESIDE.items():
            self.take(name, lambda f=function: f(shop))
        if long is not None:
            before, players = long
            self.results["long"] = {
                "machine": before, "figures": players.finish(),
                "loadAfter": round(os.getloadavg()[0], 1)}
        shop.keep(0)
        for name, function in ALONE.items():
            self.take(name, lambda f=function: f(shop))
        # What the others have left over.
        again, self.missed = self.missed, []
        for name in again:
            if name in BESIDE:
                self.take(name, lambda f=BESIDE[name]: f(shop))
            else:
                self.missed.append(name)
        self.drop_refused()

    def drop_refused(self):
        """Who was refused late is not in what was measured before, either."""
        for name, result in self.results.items():
            rows = result["figures"]["modules"].values() if name == "speed" \
                else [result["figures"]]
            for row in rows:
                for engine in self.shop.faults:
                    row.pop(engine, None)
