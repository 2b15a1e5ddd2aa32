#!/usr/bin/env python3
"""Banned words of the house, each with what to use instead.

    words.py src modules.txt    lines "file:line: what"; exit 1 when there is one
    words.py --self-test

A line may be excused by a comment `NOLINT(house)` that says why.
"""

import pathlib
import re
import sys

NOISE = re.compile(r'R"\((?:.|\n)*?\)"|//[^\n]*|/\*(?:.|\n)*?\*/|"(?:\\.|[^"\\\n])*"')

# (pattern, folders of src/ where it is allowed, what to use instead)
RULES = [
    (r"\bstd::j?thread\b", {"io"}, "threads live in io/pool.hpp: co_await offload(pool, work)"),
    (r"\bstd::(?:shared_|recursive_|timed_)*mutex\b", {"io", "base"},
     "module code runs on one loop and needs no mutex"),
    (r"\bsystem_clock::now\b|\bsteady_clock::now\b|\btime\s*\(\s*(?:nullptr|NULL|0)\s*\)", {"io", "base"},
     "time comes from io/clock.hpp, so that the simulation can move it"),
    (r"\bstd::random_device\b|\bstd::mt19937|\bs?rand\s*\(\s*\)|\bstd::shuffle\b|\bstd::uniform_\w+", {"io"},
     "randomness comes from io/random.hpp; its arithmetic is our own"),
    (r"\bco_spawn\s*\([^;]*\bdetached\b", set(), "nothing runs detached: TaskGroup::spawn"),
    (r"#\s*include\s*<(?:regex|iostream)>", set(), "no <regex> and <iostream>: hand-written parsers, fmt"),
    (r"\bthrow\b(?!\s*\()", {"io"}, "src/ throws nothing: return fail(Errc::…)"),
    (r"\b(?:std::this_thread::)?sleep_for\b|\busleep\s*\(|\bsleep\s*\(\s*\d", {"io"},
     "wait for an event, or co_await clock.sleep()"),
    (r"\busing namespace std\s*;", set(), "write std::"),
]


def blank(match):
    text = match.group()
    return text if text.startswith("#") else re.sub(r"[^\n]", " ", text)


def problems(module, source):
    """(line, what) of each banned word in the C++ text of a module."""
    code = NOISE.sub(blank, source)
    lines = source.split("\n")
    for pattern, allowed, instead in RULES:
        if module in allowed:
            continue
        for match in re.finditer(pattern, code):
            number = code.count("\n", 0, match.start()) + 1
            if "NOLINT(house)" not in lines[number - 1]:
                yield number, f"'{match.group().strip()}': {instead}"
    for number, line in enumerate(lines, 1):
        if re.search(r"\b(?:TODO|FIXME|XXX)\b(?!\s*\(#\d+\))", line):
            yield number, "TODO without an issue: write TODO(#3)"
        if "\t" in line:
            yield number, "a tab: indent by four spaces"
        if len(line) > 100 and "http" not in line and "NOLINT(house)" not in line \
                and not line.lstrip().startswith("#include"):
            yield number, f"{len(line)} columns; 100 is the limit"


BAD = [
    ("kv", "std::thread worker;"), ("kv", "std::mutex m;"), ("files", "auto t = std::chrono::system_clock::now();"),
    ("cluster", "std::shuffle(a, b, g);"), ("wire", "co_spawn(e, f(), asio::detached);"),
    ("graph", "#include <regex>"), ("graph", "throw 1;"), ("kv", "// TODO later"), ("kv", "\tint x;"),
    ("kv", "int x;" + " " * 100 + "int y;"), ("kv", "std::this_thread::sleep_for(1s);"),
]
GOOD = [
    ("io", "std::thread worker;"), ("kv", '// std::thread is banned\nauto s = "std::mutex";'),
    ("kv", "// TODO(#3) later"), ("kv", "steady_clock::duration d;"), ("kv", "auto now = clock.now();"),
    ("kv", "std::mutex m;  // NOLINT(house): the library calls from its own threads"),
]


def self_test():
    wrong = [c for c in BAD if not list(problems(*c))] + [c for c in GOOD if list(problems(*c))]
    print(f"{len(BAD)} bad and {len(GOOD)} good lines, {len(wrong)} wrong", *wrong)
    return len(wrong)


def main(arguments):
    if arguments == ["--self-test"]:
        return 1 if self_test() else 0
    root = pathlib.Path(arguments[0])
    count = 0
    for path in sorted(root.rglob("*.[ch]pp")):
        relative = path.relative_to(root)
        is_test = path.stem.endswith(("_test", "_bench")) or path.stem.startswith("test")
        for line, what in problems("io" if is_test else relative.parts[0], path.read_text(encoding="utf-8")):
            print(f"{path}:{line}: {what}")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
