"""Turns rounds into lines with medians, ratios and verdicts; prints them and keeps them as JSON."""

import math
import statistics


def verdict_of(others, limit_passes, bars):
    below = [name for name, other in others.items() if other.get("pass") is False]
    absent = [name for name in bars if name not in others]
    if below or limit_passes is False:
        return "below"
    if absent:
        return "not compared with " + ", ".join(absent)
    return "pass" if bars or limit_passes else ""


def measured(section, line, rounds, reasons):
    """One line of the report. `rounds`: name → nanoseconds, one a round; ours is named "ours"."""
    unit = line.unit

    def shown(ns):
        return {"GB/s": lambda: line.content / ns, "µs": lambda: ns / 1000, "xors": lambda: ns}[unit]()

    medians = {name: statistics.median(times) for name, times in rounds.items()}
    if "ours" not in medians:
        why = "; ".join(f"{program}: {reason}" for program, reason in reasons.items())
        verdict = f"not measured: {why or 'no program for it'}"
        return {"section": section.title, "name": line.name, "unit": unit, "verdict": verdict}
    ours = medians["ours"]
    spread = sorted(shown(ns) for ns in rounds["ours"])
    others = {}
    for name, ns in medians.items():
        if name == "ours":
            continue
        others[name] = {"value": shown(ns), "ratio": ns / ours}
        if (bar := line.bars.get(name)) is not None:
            others[name].update(bar=bar, **{"pass": ns / ours >= bar})
    made = {
        "section": section.title,
        "name": line.name,
        "unit": unit,
        "ours": shown(ours),
        "least": spread[0],
        "most": spread[-1],
        "others": others,
    }
    passes = None
    if line.limit is not None:
        passes = shown(ours) >= line.limit if unit == "GB/s" else shown(ours) <= line.limit
        made.update(limit=line.limit, **{"pass": passes})
    made["verdict"] = verdict_of(others, passes, line.bars)
    return made


def mean_lines(section, lines):
    """The geometric means that the section has to pass, and those that it aims at."""
    for name, bar, is_aim in [(*pair, False) for pair in section.means.items()] + [
        (*pair, True) for pair in section.aims.items()
    ]:
        ratios = [line["others"][name]["ratio"] for line in lines if name in line.get("others", {})]
        if not ratios:
            continue
        mean = math.exp(statistics.fmean(math.log(ratio) for ratio in ratios))
        word = "pass" if mean >= bar else "below"
        yield {
            "section": section.title,
            "name": f"geometric mean of ours : {name}",
            "unit": "×",
            "ours": mean,
            "limit": bar,
            "pass": mean >= bar,
            "verdict": f"aim {'reached' if mean >= bar else 'missed'}" if is_aim else word,
        }


def crossing_line(section, lines):
    """The first line from which on ours is never slower than section.crossing."""
    first = None
    for line in reversed(lines):
        if line.get("others", {}).get(section.crossing, {"ratio": 0})["ratio"] < 1:
            break
        first = line["name"]
    yield {"section": section.title, "name": f"ours is the faster from {first} on", "unit": "", "verdict": ""}


def number(value):
    return f"{value:.2f}" if value < 100 and value != int(value) else f"{value:.0f}"


def cell(line, name):
    """"21.3 3.08×" and, when it is too little, "!"."""
    other = line.get("others", {}).get(name)
    if other is None:
        return "-"
    return f"{number(other['value'])} {other['ratio']:5.2f}×{'!' if other.get('pass') is False else ' '}"


def head(name, lines):
    """The name of a contestant and the bar that all its lines have."""
    bars = {line["others"][name]["bar"] for line in lines if "bar" in line.get("others", {}).get(name, {})}
    return f"{name} (≥ {bars.pop():g}×)" if len(bars) == 1 else name


def columns_of(lines):
    names = {}
    for line in lines:
        names.update(dict.fromkeys(line.get("others", {})))
    return sorted(names, key=lambda name: name == "ceiling")  # It stands last.


def print_section(title, note, lines):
    """A table; below it what has only one number."""
    table = [line for line in lines if line["unit"] != "×" and "ours" in line]
    names = columns_of(table)
    rows = [["", table[0]["unit"] if table else "", *(head(name, table) for name in names), ""]]
    for line in table:
        limit = f" (limit {line['limit']:g})" if "limit" in line else ""
        cells = [cell(line, name) for name in names]
        rows.append([line["name"], number(line["ours"]) + limit, *cells, line["verdict"]])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print(f"\n{title}" + (f": {note}" if note else ""))
    for row in rows if table else []:
        aligned = [text.rjust(width) for text, width in zip(row[1:-1], widths[1:-1])]
        print("  " + "  ".join([row[0].ljust(widths[0]), *aligned, row[-1]]).rstrip())
    for line in lines:
        if line["unit"] == "×":
            print(f"  {line['name']}: {line['ours']:.2f} (≥ {line['limit']:g})  {line['verdict']}")
        elif not line["unit"]:
            print(f"  {line['name']}")
        elif "ours" not in line:
            print(f"  {line['name']}: {line['verdict']}")
