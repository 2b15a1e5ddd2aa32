"""disgrafs erasure …, as a person in a terminal uses it: plain shards without a cluster."""

import itertools
import json
import os
import pathlib
import pty
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from cluster import PROGRAM, ROOT, wait_for

MAKE_PLAIN = ROOT / "tests" / "fixtures" / "erasure" / "make_plain.py"
BLOCK = 65536
HEADER = 64


def content(size, seed=1):
    return random.Random(seed).randbytes(size)


def flip(path, at):
    """Change one bit of a file."""
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))


class ErasureCli(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="disgrafs-erasure-"))
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder)
        self.shards = self.folder / "shards"

    def run_it(self, *words, status=0, **more):
        """Standard output and standard error of `disgrafs erasure WORDS`."""
        done = subprocess.run([str(PROGRAM), "erasure", *map(str, words)], capture_output=True, timeout=120, **more)
        said = done.stdout.decode(), done.stderr.decode()
        self.assertEqual(done.returncode, status, said)
        return said

    def file(self, size=300_000, name="a.bin", seed=1):
        path = self.folder / name
        path.write_bytes(content(size, seed))
        return path

    def encoded(self, path, *options):
        """The shard files, in order."""
        self.run_it("encode", path, "--out", self.shards, *options)
        found = [p for p in self.shards.iterdir() if p.name.startswith(path.name + ".")]
        return sorted(found, key=lambda p: int(p.suffix[1:]))

    def leftovers(self):
        return [p for p in self.folder.rglob(".disgrafs-*")]

    # The way there and back

    def test_any_four_of_six_give_the_file_back(self):
        path = self.file()
        shards = self.encoded(path)
        self.assertEqual(len(shards), 6)
        for number, chosen in enumerate(itertools.combinations(shards, 4)):
            out = self.folder / f"out-{number}"
            self.run_it("decode", *reversed(chosen), "--out", out)
            self.assertEqual(out.read_bytes(), path.read_bytes())
        self.assertEqual(self.leftovers(), [])

    def test_every_size_and_layout(self):
        cases = [(0, []), (1, []), (3, []), (4 * BLOCK, []), (4 * BLOCK + 1, []), (1_234_567, ["--k", "10", "--m", "4"]),
                 (5, ["--k", "1", "--m", "2"]), (99, ["--k", "5", "--m", "0"]), (70_001, ["--matrix", "vandermonde"]),
                 (70_001, ["--matrix", "cauchy_xor", "--k", "6", "--m", "3"]), (70_003, ["--w", "16"]),
                 (20_000, ["--k", "300", "--m", "30", "--w", "16"]), (20_000, ["--k", "250", "--m", "6"])]
        for number, (size, options) in enumerate(cases):
            path = self.file(size, f"f{number}")
            for raw in (False, True):
                shards = self.encoded(path, *options, "--force", *(["--raw"] if raw else []))
                needed = int(options[options.index("--k") + 1]) if "--k" in options else 4
                chosen = random.Random(number).sample(shards, needed)
                layout = ["--k", "4", "--m", "2", *options]  # A later option wins.
                if raw and "--k" in options:
                    layout = options
                more = ["--raw", "--size", size, *layout] if raw else []
                out = self.folder / "out"
                self.run_it("decode", *chosen, "--out", out, "--force", *more)
                self.assertEqual(out.read_bytes(), path.read_bytes(), (size, options, raw))

    def test_shards_are_what_an_independent_program_makes(self):
        for number, options in enumerate([[], ["--matrix", "vandermonde"], ["--w", "16"], ["--k", "1", "--m", "1"]]):
            path = self.file(70_001, f"f{number}")
            shards = self.encoded(path, *options)
            subprocess.run([sys.executable, "-B", MAKE_PLAIN, "--check", path, *shards], check=True,
                           stdout=subprocess.DEVNULL)

    def test_bare_shards_are_pieces_of_the_file(self):
        path = self.file(1000)
        shards = self.encoded(path, "--raw")
        self.assertEqual(b"".join(s.read_bytes() for s in shards[:4]), path.read_bytes())
        headed = self.folder / "headed"
        self.run_it("encode", path, "--out", headed)
        for shard in shards:
            self.assertEqual((headed / shard.name).read_bytes()[HEADER:HEADER + 250], shard.read_bytes())

    def test_chinese_names_and_names_with_spaces(self):
        path = self.file(100, "照片 一.jpg")
        self.shards = self.folder / "分片 夹"
        shards = self.encoded(path)
        self.assertEqual([s.name for s in shards], [f"照片 一.jpg.{i}" for i in range(6)])
        out = self.folder / "又来"
        self.run_it("decode", *shards[2:], "--out", out)
        self.assertEqual(out.read_bytes(), path.read_bytes())

    # What is wrong is found, and said

    def test_too_few_shards_are_told_what_is_missing(self):
        shards = self.encoded(self.file())
        out = self.folder / "out"
        _, said = self.run_it("decode", shards[0], shards[3], shards[2], "--out", out, status=2)
        self.assertIn("3 of 4 needed shards are at hand: give one more of .1 .4 .5", said)
        self.assertFalse(out.exists())
        _, said = self.run_it("decode", shards[0], "--out", out, status=2)
        self.assertIn("give 3 more of .1 .2 .3 .4 .5", said)

    def test_a_flipped_bit_anywhere_never_gives_a_wrong_byte(self):
        path = self.file(3000)
        shards = self.encoded(path)
        size = shards[1].stat().st_size
        whole = shards[1].read_bytes()
        out = self.folder / "out"
        for at in [*range(0, HEADER, 5), HEADER, HEADER + 749, *range(HEADER + 750, size, 3)]:
            flip(shards[1], at)
            _, said = self.run_it("decode", *shards[:5], "--out", out, "--force")
            self.assertIn(str(shards[1]), said)
            self.assertEqual(out.read_bytes(), path.read_bytes())
            _, said = self.run_it("verify", *shards, status=1)
            out.unlink()
            self.run_it("decode", *shards[:4], "--out", out, status=2 if at < HEADER or at >= HEADER + 750 else 1)
            self.assertFalse(out.exists())
            shards[1].write_bytes(whole)
        self.assertEqual(self.leftovers(), [])

    def test_damage_at_different_places_of_every_shard_is_healed(self):
        path = self.file(6 * 4 * BLOCK)
        shards = self.encoded(path)
        for number, shard in enumerate(shards):
            flip(shard, HEADER + number * BLOCK + 77)
        out = self.folder / "out"
        _, said = self.run_it("decode", *shards, "--out", out)
        self.assertIn("1 damaged block, the first at byte 0 of the payload: counted as lost", said)
        self.assertEqual(out.read_bytes(), path.read_bytes())
        table, _ = self.run_it("verify", *shards, status=1)
        self.assertIn("0 of 6 shards are whole and fit each other; the file can still be read, place by place", table)

    def test_mixed_shards_are_refused_by_name(self):
        ours = self.encoded(self.file(1000, "a"))
        others = self.encoded(self.file(1000, "b", seed=2))
        out = self.folder / "out"
        _, said = self.run_it("decode", *ours[:2], *others[2:4], "--out", out, status=2)
        self.assertIn("shards of 2 files are mixed", said)
        self.assertIn(str(ours[0]), said)
        self.assertIn(str(others[3]), said)
        _, said = self.run_it("decode", *ours, *others, "--out", out, status=2)
        self.assertIn("shards of 2 files are mixed", said)
        _, said = self.run_it("decode", *ours[:4], others[4], "--out", out)
        self.assertIn(f"{others[4]} is of another file", said)
        self.assertEqual(out.read_bytes(), content(1000))
        self.run_it("verify", *ours, others[4], status=1)

    def test_shards_of_the_same_file_in_two_layouts_are_not_mixed(self):
        path = self.file(1000)
        one = self.encoded(path)
        self.shards = self.folder / "two"
        two = self.encoded(path, "--matrix", "vandermonde")
        self.run_it("decode", *one[2:4], *two[4:], "--out", self.folder / "out", status=2)

    def test_strange_files_count_as_lost(self):
        path = self.file(1000)
        shards = self.encoded(path)
        empty = self.folder / "empty"
        empty.write_bytes(b"")
        short = self.folder / "short"
        short.write_bytes(shards[4].read_bytes()[:-1])
        long = self.folder / "long"
        long.write_bytes(shards[4].read_bytes() + b"x")
        os.mkfifo(self.folder / "pipe")
        strange = [empty, short, long, path, self.folder, self.folder / "pipe", self.folder / "nothing", "/dev/null"]
        out = self.folder / "out"
        _, said = self.run_it("decode", *strange, *shards[1:5], "--out", out)
        for name in strange:
            self.assertIn(f"disgrafs: {name}", said)
        self.assertEqual(said.count("counts as lost"), len(strange))
        self.assertEqual(out.read_bytes(), path.read_bytes())
        _, said = self.run_it("decode", *strange, "--out", self.folder / "out2", status=2)
        self.assertIn("none of these files is a whole shard", said)

    def test_a_shard_given_twice_counts_once(self):
        shards = self.encoded(self.file())
        copy = self.folder / "copy.0"
        shutil.copy(shards[0], copy)
        _, said = self.run_it("decode", shards[0], shards[0], copy, shards[1], shards[2], "--out", self.folder / "x",
                              status=2)
        self.assertIn("3 of 4 needed", said)
        flip(shards[0], HEADER)
        self.run_it("decode", shards[0], copy, *shards[1:4], "--out", self.folder / "x")

    def test_raw_shards_are_checked_as_far_as_can_be(self):
        path = self.file(1000)
        shards = self.encoded(path, "--raw")
        raw = ["--raw", "--k", "4", "--m", "2"]
        out = self.folder / "out"

        def refused(*words, status=2):
            return self.run_it("decode", *words, "--out", out, status=status)[1]

        self.assertIn("a shard of 999999 bytes in 4 is 250000", refused(*shards, *raw, "--size", 999_999))
        self.assertIn("requires", refused(*shards, *raw))
        self.assertIn("requires", refused(*shards, "--k", "4"))
        self.assertIn("give one more of .0 .1 .2", refused(*shards[3:], *raw, "--size", 1000))
        self.assertIn("both shard 3", refused(*shards[:4], f"3={shards[0]}", *raw, "--size", 1000))
        self.assertIn("there is no shard 6", refused(f"6={shards[0]}", *raw, "--size", 1000))
        self.assertIn("which shard is it?", refused(path, *raw, "--size", 1000))
        self.run_it("decode", *(f"{i}={s}" for i, s in enumerate(shards)), "--out", out, *raw, "--size", 1000)
        self.assertEqual(out.read_bytes(), path.read_bytes())
        table, _ = self.run_it("verify", *shards, *raw)
        self.assertIn("6 of 6 shards are whole and fit each other", table)
        self.assertIn("give more than 4", self.run_it("verify", *shards[:4], *raw, status=2)[1])
        flip(shards[2], 100)
        table, _ = self.run_it("verify", *shards, *raw, status=1)
        self.assertIn("LIES", table.splitlines()[2])
        out.unlink()
        self.assertIn(".2 does not fit the others", refused(*shards, *raw, "--size", 1000, status=1))
        self.assertIn("cannot tell which one", refused(*shards[:5], *raw, "--size", 1000, status=1))
        self.assertFalse(out.exists())

    def test_headed_shards_read_as_bare_ones_are_refused(self):
        shards = self.encoded(self.file(1000))
        self.run_it("decode", *shards, "--out", self.folder / "x", "--raw", "--k", 4, "--m", 2, "--size", 1000, status=2)

    def test_impossible_layouts_are_refused(self):
        path = self.file(10)
        for options in [["--k", "0"], ["--k", "250", "--m", "7"], ["--k", "4000", "--m", "97", "--w", "16"], ["--w", "9"],
                        ["--k", "-1"], ["--k", "x"], ["--matrix", "magic"], ["--matrix", "replica"],
                        ["--k", "1", "--matrix", "cauchy"]]:
            self.run_it("encode", path, "--out", self.shards, *options, status=2)
        self.assertFalse(self.shards.exists())

    # Files and folders

    def test_nothing_is_replaced_without_force(self):
        path = self.file(1000)
        shards = self.encoded(path)
        before = [s.read_bytes() for s in shards]
        path.write_bytes(content(2000))
        shards[2].unlink()
        _, said = self.run_it("encode", path, "--out", self.shards, status=5)
        self.assertIn("exists; --force replaces it", said)
        self.assertEqual([s.exists() for s in shards], [True, True, False, True, True, True])
        self.assertEqual(shards[0].read_bytes(), before[0])
        self.run_it("encode", path, "--out", self.shards, "--force")
        out = self.file(5, "out")
        self.run_it("decode", *shards, "--out", out, status=5)
        self.assertEqual(out.stat().st_size, 5)
        self.run_it("decode", *shards, "--out", out, "--force")
        self.assertEqual(out.read_bytes(), content(2000))
        self.assertIn("is the shard", self.run_it("decode", *shards, "--out", shards[0], "--force", status=5)[1])
        self.assertIn("is a folder", self.run_it("decode", *shards, "--out", self.folder, "--force", status=5)[1])
        self.assertEqual(self.leftovers(), [])

    def test_what_cannot_be_read_or_written_is_said(self):
        path = self.file(1000)
        self.assertIn("No such file", self.run_it("encode", self.folder / "no", "--out", self.shards, status=3)[1])
        self.assertIn("is a folder", self.run_it("encode", self.folder, "--out", self.shards, status=2)[1])
        self.assertIn("is a device", self.run_it("encode", "/dev/zero", "--out", self.shards, status=2)[1])
        self.assertIn("cannot make", self.run_it("encode", path, "--out", self.folder / "a" / "b", status=3)[1])
        self.assertIn("Not a directory", self.run_it("encode", path, "--out", path, status=3)[1])
        shards = self.encoded(path)
        self.run_it("decode", *shards, "--out", self.folder / "no" / "out", status=3)
        self.assertIn("File name too long", self.run_it("decode", *shards, "--out", self.folder / ("x" * 256), status=1)[1])

    @unittest.skipUnless(os.getuid() == 0, "needs another user to become")
    def test_a_read_only_folder_and_an_unreadable_shard_are_refused(self):
        path = self.file(1000)
        shards = self.encoded(path)
        shards[1].chmod(0o600)

        def become_nobody():
            os.setgid(65534)
            os.setuid(65534)

        _, said = self.run_it("encode", path, "--out", self.shards, "--force", status=4, preexec_fn=become_nobody)
        self.assertIn("Permission denied", said)
        with tempfile.TemporaryDirectory() as theirs:
            os.chmod(theirs, 0o777)
            out = pathlib.Path(theirs) / "out"
            _, said = self.run_it("decode", *shards, "--out", out, preexec_fn=become_nobody)
            self.assertIn(f"{shards[1]}: Permission denied: counts as lost", said)
            self.assertEqual(out.read_bytes(), path.read_bytes())

    def limited(self, size):
        return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    def test_a_file_beyond_the_limit_leaves_nothing(self):
        path = self.file(400_000)
        _, said = self.run_it("encode", path, "--out", self.shards, status=7, preexec_fn=self.limited(50_000))
        self.assertIn("File too large", said)
        self.assertEqual(list(self.shards.iterdir()), [])
        shards = self.encoded(path)
        out = self.folder / "out"
        self.run_it("decode", *shards, "--out", out, status=7, preexec_fn=self.limited(50_000))
        self.assertFalse(out.exists())
        self.assertEqual(self.leftovers(), [])

    @unittest.skipUnless(os.getuid() == 0, "needs to mount a small disk")
    def test_a_full_disk_leaves_nothing(self):
        path = self.file(1_000_000)
        small = self.folder / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "none", small], capture_output=True).returncode != 0:
            self.skipTest("mounting is not allowed here")
        self.addCleanup(subprocess.run, ["umount", small], check=True)
        _, said = self.run_it("encode", path, "--out", small, status=7)
        self.assertIn("No space left on device", said)
        self.assertEqual(list(small.iterdir()), [])
        shards = self.encoded(path)
        self.run_it("decode", *shards, "--out", small / "out", status=7)
        self.assertEqual(list(small.iterdir()), [])

    def test_too_many_open_files_are_refused_with_advice(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        path = self.file(1000)
        _, said = self.run_it("encode", path, "--out", self.shards, "--k", "100", "--m", "50", status=7, preexec_fn=few)
        self.assertIn("raise `ulimit -Hn`", said)

        def low_but_may_be_raised():
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, 4096))
        self.run_it("encode", path, "--out", self.shards, "--k", "100", "--m", "50", preexec_fn=low_but_may_be_raised)

    def sparse(self, size):
        """A file of zeros that takes no space, but long to read."""
        path = self.folder / "big"
        with open(path, "wb") as file:
            file.truncate(size)
        return path

    def interrupted(self, words, number, is_under_way):
        """Start a command, send it a signal once it is under way; its end."""
        process = subprocess.Popen([str(PROGRAM), "erasure", *map(str, words)], stderr=subprocess.PIPE)
        try:
            wait_for("the run to be under way", is_under_way, every=0.005)
            process.send_signal(number)
            process.wait(20)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            process.stderr.close()
        return process.returncode

    def test_an_interrupted_run_leaves_nothing(self):
        path = self.sparse(4_000_000_000)
        for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
            words = ["encode", path, "--out", self.shards, "--k", "1", "--m", "0"]
            self.assertEqual(self.interrupted(words, number, self.leftovers), -number)
            self.assertEqual(list(self.shards.iterdir()), [])

    def test_a_killed_run_leaves_no_shard(self):
        path = self.sparse(3_000_000_000)
        returned = self.interrupted(["encode", path, "--out", self.shards], signal.SIGKILL, self.leftovers)
        self.assertEqual(returned, -signal.SIGKILL)
        self.assertEqual([p for p in self.shards.iterdir() if not p.name.startswith(".disgrafs-")], [])
        path.write_bytes(b"small now")
        self.assertEqual(len(self.encoded(path)), 6)  # What it left does not stand in the way.

    # What is shown

    def test_inspect_shows_the_header(self):
        path = self.file(10)
        shards = self.encoded(path)
        text, _ = self.run_it("inspect", shards[3])
        self.assertIn("bytes 9 … 9 of the file, then 2 zeros", text)
        facts = json.loads(self.run_it("inspect", "--json", shards[4])[0])
        self.assertEqual([facts[n] for n in ("index", "k", "m", "w", "matrix", "file_bytes", "shard_bytes", "holds")],
                         [4, 4, 2, 8, "cauchy", 10, 3, "parity"])
        self.assertEqual(len(facts["roots"]), 6)
        flip(shards[4], shards[4].stat().st_size - 1)
        text, said = self.run_it("inspect", shards[4], status=1)
        self.assertIn("layout   4+2 cauchy", text)
        self.assertIn("has a damaged end", said)
        self.assertIn("is no shard file", self.run_it("inspect", path, status=2)[1])

    def test_json_answers_are_json(self):
        path = self.file(1000)
        made = json.loads(self.run_it("encode", path, "--out", self.shards, "--json")[0])
        self.assertEqual(len(made["shards"]), 6)
        found = json.loads(self.run_it("verify", "--json", *made["shards"])[0])
        self.assertTrue(found["is_good"])
        self.assertEqual([s["state"] for s in found["shards"]], ["whole"] * 6)
        read = json.loads(self.run_it("decode", "--json", *made["shards"], "--out", self.folder / "x")[0])
        self.assertEqual((read["is_proven"], read["set"]), (True, made["set"]))

    def test_bench_prints_every_kernel(self):
        found = json.loads(self.run_it("bench", "--json")[0])
        speeds = found["gigabytes_per_s"]
        self.assertIn("in cache, 32 KiB shards/scalar/4+2", speeds)
        self.assertIn(f"in cache, 32 KiB shards/{found['kernel']}/10+4", speeds)
        self.assertTrue(all(v > 0 for v in speeds.values()), speeds)

    def test_memory_does_not_grow_with_the_file(self):
        path = self.file(200_000_000)
        shards_of = ["encode", path, "--out", self.shards]
        measured = [sys.executable, "-c", "import resource,subprocess,sys;subprocess.run(sys.argv[1:],check=True,"
                    "stdout=subprocess.DEVNULL);print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"]
        for words in [shards_of, ["decode", *(self.shards / f"a.bin.{i}" for i in range(1, 6)), "--out", self.folder / "x"]]:
            command = [*measured, PROGRAM, "erasure", *words]
            peak_kib = int(subprocess.run(command, check=True, capture_output=True).stdout)
            self.assertLess(peak_kib, 64 * 1024)

    def test_a_terminal_sees_a_bar_and_pipes_do_not(self):
        path = self.sparse(2_000_000_000)
        ours, theirs = pty.openpty()
        process = subprocess.Popen([str(PROGRAM), "erasure", "encode", str(path), "--out", str(self.shards)],
                                   stdout=subprocess.DEVNULL, stderr=theirs)
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:
            pass  # The other side is closed.
        os.close(ours)
        self.assertEqual(process.wait(60), 0)
        self.assertIn("█".encode(), shown)
        self.assertEqual(self.run_it("verify", *self.shards.iterdir())[1], "")


if __name__ == "__main__":
    unittest.main()
