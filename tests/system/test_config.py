"""docs/config.md: every option and variable, as the programs themselves tell them."""

import re
import subprocess
import tempfile
import unittest

from cluster import PROGRAM, ROOT

PAGE = ROOT / "docs" / "config.md"
OPTION_ROW = re.compile(r"\| `([a-z-]+(?: [a-z]+)*)` \| `(--[a-z-]+)` \| ([^|]*) \| ([^|]*) \| (.*) \|")
VARIABLE_ROW = re.compile(r"\| `([A-Z_]+)` \| ([^|]*) \| ([^|]*) \| (.*) \|")
# "  -r,--recursive   Folders with …", "  --port UINT:UINT in [1 - 65535]=8080   Port …", "  --w UINT:{8,16}=8 Needs: --raw":
# what CLI11 writes.
OPTION = re.compile(r"  (?:-\w,)?(--[a-z-]+)"
                    r"(?: (?P<type>[A-Z]+)(?::(?:[A-Z]+ in \[(?P<least>\d+) - (?P<most>\d+)\]|\{(?P<choices>[\w,]+)\}))?"
                    r"(?:=(?P<default>\S+))?(?P<required> REQUIRED)?)?(?: Needs:(?P<needs>(?: --[a-z-]+)+))?"
                    r"(?: +(?P<says>\S.*))?")
READS = re.compile(r"(?:getenv|environment)\(\"([A-Z_]+)\"\)")


def help_of(words):
    done = subprocess.run([str(PROGRAM), *words, "--help"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, f"{words}: {done.returncode} {done.stderr}"
    return done.stdout


def section(text, head):
    """The lines below `head`, each continued line joined to the one that it continues."""
    lines = []
    for line in text.partition(f"\n{head}:\n")[2].split("\n"):
        if not line:
            break
        if re.match(r" {10,}\S", line):
            lines[-1] += "  " + line.strip()
        else:
            lines.append(line)
    return lines


def options_of(text):
    """{option: match of OPTION} of one --help."""
    found = {}
    for line in section(text, "Options"):
        match = OPTION.fullmatch(line)
        assert match, f"not understood: {line!r}"
        if match[1] != "--help":
            found[match[1]] = match
    return found


def all_options():
    """{(verb, option): match} of the whole program, verb by verb."""
    found, waiting = {}, [[]]
    while waiting:
        words = waiting.pop()
        text = help_of(words)
        verb = " ".join(["disgrafs", *words])
        found.update({(verb, option): match for option, match in options_of(text).items()})
        waiting += [[*words, line.split()[0]] for line in section(text, "Subcommands")]
    return found


def rows(pattern, keys):
    found = {}
    for line in PAGE.read_text().splitlines():
        if match := pattern.fullmatch(line):
            key = match.groups()[:keys] if keys > 1 else match[1]
            assert key not in found, f"{key} stands twice on the page"
            found[key] = [cell.strip() for cell in match.groups()[keys:]]
    return found


class Reader(unittest.TestCase):
    """A reader of --help that skips what it does not understand would prove nothing."""

    def test_lines_of_help_are_understood(self):
        text = ("Says\nUsage: x [OPTIONS]\n\nOptions:\n  -h,--help                   Print this help message and exit\n"
                "  --port UINT:UINT in [1 - 65535]=8080\n                              Port of the page\n"
                "  --data TEXT REQUIRED        Its folder\n  -r,--recursive              With all\n\n"
                "Subcommands:\n  list                        Show\n\n")
        found = options_of(text)
        self.assertEqual(sorted(found), ["--data", "--port", "--recursive"])
        port = found["--port"]
        self.assertEqual((port["least"], port["most"], port["default"], port["says"]),
                         ("1", "65535", "8080", "Port of the page"))
        self.assertTrue(found["--data"]["required"])
        self.assertIsNone(found["--recursive"]["type"])
        self.assertEqual([line.split()[0] for line in section(text, "Subcommands")], ["list"])
        with self.assertRaises(AssertionError):
            options_of(text.replace("--data TEXT", "--data:TEXT"))
        odd = options_of("\n\nOptions:\n  --w UINT:{8,16}=8 Needs: --raw --k\n                              Bits\n\n")["--w"]
        self.assertEqual((odd["choices"], odd["default"], odd["needs"].split(), odd["says"]),
                         ("8,16", "8", ["--raw", "--k"], "Bits"))


class Config(unittest.TestCase):
    def test_the_page_has_every_option_and_no_other(self):
        page, real = rows(OPTION_ROW, 2), all_options()
        usage = subprocess.run([str(PROGRAM) + "-analyze", "--help"], capture_output=True, text=True, timeout=30).stdout
        analyze = {("disgrafs-analyze", option) for option in re.findall(r"\[(--[a-z-]+)", usage)}
        self.assertEqual(analyze, {("disgrafs-analyze", "--data")}, usage)
        self.assertGreater(len(real), 50, "--help was not read")
        self.assertEqual(set(page), set(real) | analyze)

    def test_defaults_limits_and_meanings_are_those_of_the_program(self):
        page = rows(OPTION_ROW, 2)
        for key, match in all_options().items():
            default, limit, meaning = page[key]
            with self.subTest(" ".join(key)):
                self.assertTrue(meaning.startswith(match["says"]), f"{meaning!r} is not {match['says']!r}")
                if match["type"] is None:
                    self.assertEqual(default, "off")
                elif match["required"]:
                    self.assertEqual(default, "required")
                elif match["default"]:
                    self.assertEqual(default, match["default"])
                else:
                    self.assertNotIn(default, ("", "off", "required"))
                if match["most"]:
                    self.assertIn(f"{match['least']} to {match['most']}", limit)
                else:
                    self.assertNotRegex(limit, r"\A\d+ to \d+\Z", "a limit that the program does not have")
                if match["choices"]:
                    self.assertEqual(re.findall(r"\w+", limit.partition(" with ")[0]), match["choices"].split(","))
                self.assertEqual(re.findall(r"--[a-z-]+", limit.partition(" with ")[2]), (match["needs"] or "").split())

    def test_beyond_a_limit_is_refused_before_anything_starts(self):
        for (verb, option), match in all_options().items():
            wrong = ["many"] if match["choices"] else []
            if match["most"]:
                wrong = [int(match["least"]) - 1, int(match["most"]) + 1, "many"]
            for beyond in wrong:
                with self.subTest(f"{verb} {option} {beyond}"), tempfile.TemporaryDirectory() as name:
                    words = [*verb.split()[1:], option, str(beyond)]
                    done = subprocess.run([str(PROGRAM), *words], capture_output=True, text=True, timeout=30, cwd=name)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertIn(option, done.stderr)

    def test_the_page_has_every_variable_that_is_read_and_no_other(self):
        read = set()
        for path in (ROOT / "src").rglob("*.cpp"):
            if not re.search(r"_(test|bench|program)\.cpp$", path.name):
                read |= set(READS.findall(path.read_text()))
        self.assertIn("DISGRAFS_URL", read)
        self.assertEqual(set(rows(VARIABLE_ROW, 1)), read)


if __name__ == "__main__":
    unittest.main()
