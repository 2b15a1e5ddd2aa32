#!/usr/bin/env python3
"""`./dev bench erasure [WORDS]`: the codec beside its peers and ceilings, in one run.

All contestants of a line take turns, a few milliseconds each; a line shows medians over the rounds. Time is CPU time of
the contestant's thread unless a section says otherwise. "3.08×": ours is 3.08 times as fast; "!": less than the bar.
WORDS choose the sections whose titles hold one of them. A whole run also lands in build/bench/erasure.json.
"""

import argparse
import json
import os
import pathlib
import sys

import programs
import report
import table

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROUNDS_MIN = 7


def shown_names(answer, names):
    """The part of an answer that the line shows, renamed."""
    if names is None:
        return answer
    return {shown: answer[name] for name, shown in names.items() if name in answer}


def measure(line, running, rounds):
    """name → nanoseconds of each round, and reasons for what is absent; the first round warms up."""
    times, reasons = {}, {}
    for number in range(rounds + 1):
        for program, names in line.programs.items():
            if program not in running:
                continue
            answer, why = running[program].round(line.work)
            if why:
                reasons[program] = why
            if number > 0:
                for name, ns in shown_names(answer, names).items():
                    times.setdefault(name, []).append(ns)
    return times, reasons


def of_other_programs():
    """Lines that the benchmark of the browser left in the same form."""
    path = ROOT / "build/bench/wasm.json"
    return json.loads(path.read_text())["lines"] if path.exists() else []


def cpu_name():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def print_head(contestants, rounds):
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{cpu_name()}, {os.cpu_count()} cores, load {load}; kernel {contestants.kernel}; medians of {rounds} rounds")
    for name, why in contestants.missing.items():
        print(f"not here: {name}: {why}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    rounds = max(ROUNDS_MIN, options.rounds)
    contestants = programs.Programs(ROOT, ROOT / "build/peers")
    lines = []
    try:
        print_head(contestants, rounds)
        for section in table.sections():
            if options.words and not any(word in section.title for word in options.words):
                continue
            made = [
                report.measured(section, line, *measure(line, contestants.running, rounds)) for line in section.lines
            ]
            made += report.mean_lines(section, made)
            if section.crossing:
                made += report.crossing_line(section, made)
            report.print_section(section.title, section.note, made)
            sys.stdout.flush()
            lines += made
    finally:
        contestants.stop()
    if not options.words:
        others = of_other_programs()
        for title in dict.fromkeys(line["section"] for line in others):
            report.print_section(title, "", [line for line in others if line["section"] == title])
        lines += others
    below = [line for line in lines if line.get("verdict") == "below"]
    absent = [line for line in lines if line["unit"] and "ours" not in line]
    print(f"\n{len(lines)} lines, {len(below)} below their bar, {len(absent)} not measured")
    if options.words:
        return
    out = ROOT / "build/bench/erasure.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    summary = {"cpu": cpu_name(), "kernel": contestants.kernel, "rounds": rounds, "missing": contestants.missing}
    out.write_text(json.dumps({**summary, "lines": lines}, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
