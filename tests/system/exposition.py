"""The text exposition format 0.0.4 of Prometheus, read strictly, and the naming rules of docs/metrics.md.

A lenient reader would hide what a real scrape refuses, so everything that is merely odd is an error here.
"""

import math
import re

NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"')
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
KINDS = ("counter", "gauge", "histogram")
UNITS = ("seconds", "bytes", "ratio", "info")
OTHER_UNITS = {"ms", "us", "ns", "milliseconds", "microseconds", "nanoseconds", "minutes", "hours", "days", "percent",
               "kb", "mb", "gb", "kib", "mib", "gib", "kilobytes", "megabytes", "bits"}


class Bad(ValueError):
    """The text breaks the format, or a name breaks the rules."""


class Family:
    """One metric: name, kind, help, and {(sample name, ((label, value), …)): number}."""

    def __init__(self, name, text):
        self.name, self.help, self.kind, self.samples = name, text, None, {}

    def label_names(self):
        return sorted({label for _, labels in self.samples for label, _ in labels} - {"le"})

    def label_values(self, label):
        return {value for _, labels in self.samples for name, value in labels if name == label}


def _labels(text, where):
    found, at = [], 0
    while at < len(text):
        match = LABEL.match(text, at)
        if not match:
            raise Bad(f"{where}: labels cannot be read from: {text[at:]}")
        found.append((match[1], match[2]))
        at = match.end()
        if at < len(text):
            if text[at] != ",":
                raise Bad(f"{where}: no comma between labels")
            at += 1
            if at == len(text):
                raise Bad(f"{where}: a comma after the last label")
    if len({name for name, _ in found}) != len(found):
        raise Bad(f"{where}: a label twice")
    return tuple(sorted(found))


def _number(text, where):
    # Inf and NaN are in the format, but one of them makes a remote store refuse the batch.
    if not NUMBER.fullmatch(text):
        raise Bad(f"{where}: not a finite number: {text!r}")
    return float(text)


def _sample(line, family, where):
    match = re.fullmatch(r"([^{ ]+)(?:\{(.*)\})? (\S+)", line)
    if not match or not NAME.fullmatch(match[1]):
        raise Bad(f"{where}: no sample: {line!r}")
    endings = ("_bucket", "_sum", "_count") if family.kind == "histogram" else ("",)
    if match[1] not in [family.name + ending for ending in endings]:
        raise Bad(f"{where}: {match[1]} stands below the {family.kind} {family.name}")
    key = (match[1], _labels(match[2] or "", where))
    if key in family.samples:
        raise Bad(f"{where}: the series twice: {key}")
    family.samples[key] = _number(match[3], where)


def _check_histogram(family):
    series = {}
    for (name, labels), value in family.samples.items():
        plain = tuple(pair for pair in labels if pair[0] != "le")
        of = series.setdefault(plain, {"buckets": []})
        if name.endswith("_bucket"):
            bound = dict(labels).get("le")
            if bound is None:
                raise Bad(f"{name}: a bucket without le")
            of["buckets"].append((math.inf if bound == "+Inf" else _number(bound, name), value))
        else:
            of[name.removeprefix(family.name)] = value
    for labels, of in series.items():
        where, buckets = f"{family.name}{dict(labels)}", of["buckets"]
        if "_sum" not in of or "_count" not in of:
            raise Bad(f"{where}: no sum or no count")
        if buckets != sorted(buckets) or len({bound for bound, _ in buckets}) != len(buckets):
            raise Bad(f"{where}: bounds out of order")
        if any(low > high for (_, low), (_, high) in zip(buckets, buckets[1:])):
            raise Bad(f"{where}: buckets do not add up")
        if not buckets or buckets[-1][0] != math.inf or buckets[-1][1] != of["_count"]:
            raise Bad(f"{where}: the bucket +Inf is not the count")


def parse(text):
    """{name: Family}. Raises Bad."""
    if not text.endswith("\n"):
        raise Bad("the last line does not end")
    families, family = {}, None
    for number, line in enumerate(text[:-1].split("\n"), 1):
        where = f"line {number}"
        if line.startswith("# HELP "):
            name, _, says = line[len("# HELP "):].partition(" ")
            if not NAME.fullmatch(name) or name in families:
                raise Bad(f"{where}: no name, or one for the second time: {name!r}")
            if family is not None and not family.samples:
                raise Bad(f"{family.name}: no series")
            families[name] = family = Family(name, says)
        elif line.startswith("# TYPE "):
            words = line.split(" ")
            if family is None or len(words) != 4 or words[2] != family.name or family.kind or family.samples:
                raise Bad(f"{where}: a TYPE in the wrong place: {line!r}")
            if words[3] not in KINDS:
                raise Bad(f"{where}: {words[3]} is none of our types")
            family.kind = words[3]
        elif family is None or family.kind is None:
            raise Bad(f"{where}: neither HELP nor TYPE above: {line!r}")
        else:
            _sample(line, family, where)
    for family in families.values():
        if not family.samples:
            raise Bad(f"{family.name}: no series")
        if family.kind == "histogram":
            _check_histogram(family)
        if family.kind == "counter" and min(family.samples.values()) < 0:
            raise Bad(f"{family.name}: a counter below zero")
    return families


def name_faults(family):
    """What is wrong with a metric's name and help: a list of sentences."""
    faults, words = [], family.name.split("_")
    if words[0] != "disgrafs" or family.name != family.name.lower() or "" in words:
        faults.append("names are disgrafs_lower_case")
    if not family.help.strip().endswith("."):
        faults.append("HELP is a sentence with a full stop")
    if (family.kind == "counter") != (words[-1] == "total"):
        faults.append("counters, and only they, end in _total")
    if words[-1] in ("count", "sum", "bucket", *KINDS):
        faults.append("the last word is the format's own")
    if family.kind == "histogram" and words[-1] not in ("seconds", "bytes"):
        faults.append("a histogram ends in its unit")
    unit_place = len(words) - (2 if family.kind == "counter" else 1)
    if any(word in UNITS and place != unit_place for place, word in enumerate(words)):
        faults.append("the unit stands last (before _total)")
    if OTHER_UNITS & set(words):
        faults.append("base units only: seconds, bytes, ratio")
    if "timestamp" in words and not family.name.endswith("_timestamp_seconds"):
        faults.append("a time ends in _timestamp_seconds")
    return faults
