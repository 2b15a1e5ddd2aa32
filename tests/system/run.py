#!/usr/bin/env python3
"""Tests with real processes: `run.py [NAME…]` runs tests/system/test_*.py (all, or those named).

Each module starts clusters of its own below a temporary folder, on loopback, and ends every process that it
started, by its id. Needs build/release (`./dev build`).
"""

import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent


def main(names):
    sys.path.insert(0, str(HERE))
    modules = [f"test_{n}" if not n.startswith("test_") else n for n in names]
    modules = modules or sorted(p.stem for p in HERE.glob("test_*.py"))
    suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromName(m) for m in modules)
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad - len(result.skipped)} passed, {bad} failed", flush=True)
    return 0 if result.wasSuccessful() and result.testsRun > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
