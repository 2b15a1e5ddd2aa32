"""The contestants as processes: each answers one round of a work at a time (see main.cpp)."""

import os
import subprocess


class Program:
    """One process; ask() sends a line and returns the lines of its answer."""

    def __init__(self, command, **environment):
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env={**os.environ, **environment},
        )

    def ask(self, line):
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # Then the answer ends early, too.
        answer = []
        while (text := self.process.stdout.readline()) != "\n":
            if not text:
                raise RuntimeError(f"the program ended when it was asked '{line}'")
            answer.append(text.rstrip("\n"))
        return answer

    def round(self, work):
        """Nanoseconds by name, and why there are none."""
        answer = self.ask(work)
        if answer and answer[0].startswith("!"):
            return {}, answer[0][1:].strip()
        return {name: float(ns) for name, ns in (line.split("\t") for line in answer)}, None

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Programs:
    """All that take part. `missing` says of each peer that is not here why not."""

    def __init__(self, root, peers):
        self.missing = {}
        self.running = {}
        libraries = [
            "isal:ISA-L 2.30=libisal.so.2",
            f"isal:ISA-L 2.32={peers / 'libisal-2.32.so'}",
            "jerasure:Jerasure=libJerasure.so.2",
        ]
        ours = [root / "build/release/bin/erasure_bench", *libraries]
        native = self.start("native", ours)
        for line in native.ask("peers"):
            name, state = line.split("\t", 1)
            if state != "here":
                reason = peers / "isal.missing"
                is_built = name == "ISA-L 2.32" and reason.exists()
                self.missing[name] = reason.read_text().strip() if is_built else state.removeprefix("not here: ")
        self.kernel = native.ask("kernel")[0]
        for kernel in ("avx2", "xor"):
            forced = self.start(kernel, ours, DISGRAFS_KERNEL=kernel)
            if forced.ask("kernel")[0] != kernel:
                self.missing[f"kernel {kernel}"] = "this machine or this build has none"
                self.running.pop(kernel).stop()
        for name, shown in (("klauspost", ["klauspost", "Leopard"]), ("simd", ["reed-solomon-simd"])):
            reason = peers / f"{name}.missing"
            if reason.exists() or not (peers / name).exists():
                why = reason.read_text().strip() if reason.exists() else "not built"
                self.missing.update(dict.fromkeys(shown, why))
            else:
                self.start(name, [peers / name], GOMAXPROCS="1")

    def start(self, name, command, **environment):
        self.running[name] = Program([str(word) for word in command], **environment)
        return self.running[name]

    def stop(self):
        for program in self.running.values():
            program.stop()
