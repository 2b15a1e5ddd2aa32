#!/usr/bin/env python3
"""Sizes of files: reported, and refused above 600 lines or 25 files in one folder of src/.

    sizes.py src modules.txt    a table of those above the aims; exit 1 above the limits
    sizes.py --self-test
"""

import pathlib
import sys

AIMS = {"header": (80, 200), "source": (150, 400), "test": (150, 500)}
LIMIT = 600
FOLDER_LIMIT = 60  # sources, headers and tests side by side: about 25 nouns


def kind_of(name):
    """header, source or test."""
    if name.endswith(("_test.cpp", "_bench.cpp")) or name.startswith("test_"):
        return "test"
    return "header" if name.endswith(".hpp") else "source"


def verdict(name, lines):
    """None, "look" or "refuse"."""
    if lines > LIMIT:
        return "refuse"
    return "look" if lines > AIMS[kind_of(name)][1] else None


def self_test():
    cases = [("a.hpp", 80, None), ("a.hpp", 201, "look"), ("a.cpp", 401, "look"), ("a.cpp", 601, "refuse"),
             ("a_test.cpp", 450, None), ("a_test.cpp", 501, "look")]
    wrong = [c for c in cases if verdict(c[0], c[1]) != c[2]]
    print(f"{len(cases)} cases, {len(wrong)} wrong", *wrong)
    return len(wrong)


def main(arguments):
    if arguments == ["--self-test"]:
        return 1 if self_test() else 0
    root = pathlib.Path(arguments[0])
    refused = 0
    folders = {}
    for path in sorted(root.rglob("*.[ch]pp")):
        folders[path.parent] = folders.get(path.parent, 0) + 1
        lines = path.read_text(encoding="utf-8").count("\n")
        what = verdict(path.name, lines)
        if what:
            print(f"{path}: {lines} lines ({'split it where a second noun appears' if what == 'look' else 'above 600'})")
            refused += what == "refuse"
    for folder, count in sorted(folders.items()):
        if count > FOLDER_LIMIT:
            print(f"{folder}: {count} files hide two nouns")
            refused += 1
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
