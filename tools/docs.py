#!/usr/bin/env python3
"""Docs are true where a machine can see it.

    docs.py src modules.txt    lines "file:line: what"; exit 1 when there is one
    docs.py --self-test

One H1 per page; links lead somewhere; `paths/with.endings` in backquotes exist; every module of src/ has
docs/<module>.md; decision numbers are unique.
"""

import pathlib
import re
import sys

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:src|docs|tests|tools|web|fuzz|bench|deploy|samples|cmake)/[\w./-]+\.\w+)`")
FENCE = re.compile(r"^```.*?^```", re.S | re.M)


def problems(page, text, exists):
    """(line, what); `exists(path)` answers for a path relative to the page's folder or the root."""
    prose = FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
    heads = [n for n, line in enumerate(prose.split("\n"), 1) if line.startswith("# ")]
    if len(heads) != 1:
        yield 1, f"{len(heads)} first-level headings; a page has one"
    for match in LINK.finditer(prose):
        target = match.group(1).split("#")[0]
        if target and not re.match(r"[a-z]+:", target) and not exists(page.parent, target):
            yield prose.count("\n", 0, match.start()) + 1, f"the link to {target} leads nowhere"
    for match in PATH.finditer(prose):
        if not exists(None, match.group(1)):
            yield prose.count("\n", 0, match.start()) + 1, f"{match.group(1)} does not exist"


def self_test():
    page = pathlib.Path("docs/a.md")
    known = {"docs/b.md", "src/kv/store.hpp"}

    def exists(folder, path):
        return str(pathlib.PurePosixPath(folder or "") / path) in known

    cases = [("# A\n[b](b.md) `src/kv/store.hpp`", 0), ("# A\n# B", 1), ("no heading", 1), ("# A\n[c](c.md)", 1),
             ("# A\n`src/kv/gone.hpp`", 1), ("# A\n```\n# not a heading\n```", 0), ("# A\n[w](https://x.y)", 0)]
    wrong = [c for c in cases if len(list(problems(page, c[0], exists))) != c[1]]
    print(f"{len(cases)} cases, {len(wrong)} wrong", *wrong)
    return len(wrong)


def main(arguments):
    if arguments == ["--self-test"]:
        return 1 if self_test() else 0
    root = pathlib.Path(arguments[0]).resolve().parent

    def exists(folder, path):
        return ((folder or root) / path).exists()

    count = 0
    for page in [*sorted((root / "docs").rglob("*.md")), root / "README.md"]:
        if not page.exists():
            print(f"{page}: missing")
            count += 1
            continue
        for line, what in problems(page, page.read_text(encoding="utf-8"), exists):
            print(f"{page}:{line}: {what}")
            count += 1
    modules = [row.split()[0] for row in pathlib.Path(arguments[1]).read_text(encoding="utf-8").splitlines() if row.strip()]
    for module in modules:
        if not (root / "docs" / f"{module}.md").exists():
            print(f"docs/{module}.md: every module has a page")
            count += 1
    numbers = [p.name.split("-")[0] for p in (root / "docs" / "decisions").glob("*.md")]
    for number in {n for n in numbers if numbers.count(n) > 1}:
        print(f"docs/decisions: two decisions with number {number}")
        count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
