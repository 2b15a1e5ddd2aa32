#!/usr/bin/env python3
"""Lines of src/ that a program reached, per module: reads `llvm-cov export -summary-only` (JSON) on standard input.

    tools/coverage.py PERCENT MODULE…     exit 1 when a module is below PERCENT
"""

import json
import sys


def lines_by_module(report: dict, modules: list[str]) -> dict[str, list[int]]:
    """Covered and all lines of each module."""
    sums = {module: [0, 0] for module in modules}
    for file in report["data"][0]["files"]:
        module = file["filename"].rpartition("/src/")[2].partition("/")[0]
        if module not in sums:
            continue
        lines = file["summary"]["lines"]
        sums[module][0] += lines["covered"]
        sums[module][1] += lines["count"]
    return sums


def main() -> int:
    bar, modules = float(sys.argv[1]), sys.argv[2:]
    is_enough = True
    for module, (covered, count) in lines_by_module(json.load(sys.stdin), modules).items():
        percent = 100 * covered / count if count else 0.0
        is_enough &= percent >= bar
        print(f"{module:10} {covered:5} of {count:5} lines {percent:5.1f} %{'' if percent >= bar else f'  below {bar:.0f} %'}")
    return 0 if is_enough else 1


if __name__ == "__main__":
    sys.exit(main())
