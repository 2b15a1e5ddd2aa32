"""What is measured and which bar it has to pass: the table of issue 4 as data."""

import dataclasses

KIB = 1024
LAYOUTS = ((4, 2), (6, 3), (8, 3), (10, 4), (16, 4))
INVERSES = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
CAUCHY, CAUCHY_XOR = 1, 3


@dataclasses.dataclass
class Line:
    """One work, given to some programs in turns."""

    name: str
    work: str
    #: program → {name in its answer: name shown}; None shows all by their own names.
    programs: dict
    #: Bytes of content of one work, for GB/s.
    content: int | None = None
    #: How much longer than ours the others have to take, at least.
    bars: dict = dataclasses.field(default_factory=dict)
    unit: str = "GB/s"
    #: The most microseconds, or the least GB/s, that ours may have.
    limit: float | None = None


@dataclasses.dataclass
class Section:
    """Lines of one kind, in one table."""

    title: str
    note: str
    lines: list
    #: name → the geometric mean of its ratios over the section, at least.
    means: dict = dataclasses.field(default_factory=dict)
    #: The same, aimed at only.
    aims: dict = dataclasses.field(default_factory=dict)
    #: Name the first line in which ours takes less than this one.
    crossing: str | None = None


def coding(work, k, m, shard, stripes=1):
    return f"{work} k={k} m={m} shard={shard} stripes={stripes}"


def in_cache(work, shard_kib, bars, programs):
    lines = []
    for k, m in LAYOUTS:
        shard = shard_kib * KIB
        name = f"{k}+{m}, {shard_kib} KiB"
        lines.append(Line(name, coding(work, k, m, shard), programs, k * shard, bars))
    return lines


def in_memory(work, shard_kib, bars, programs):
    """A walk through 256 MiB of content; shards of 4 MiB are those of a full stripe of a cluster."""
    lines = []
    for k, m in LAYOUTS:
        shard = shard_kib * KIB
        stripes = 256 * KIB * KIB // (k * shard)
        name = f"{k}+{m}, memory, {shard_kib} KiB"
        lines.append(Line(name, coding(work, k, m, shard, stripes), programs, k * shard, bars))
    return lines


def sections():
    everyone = {"native": None, "klauspost": None}
    field = {"ISA-L 2.30": 2.5, "ISA-L 2.32": 1.0, "klauspost": 1.0}
    yield Section(
        "encode, in cache",
        "one stripe again and again",
        in_cache("encode", 32, field, everyone) + in_cache("encode", 64, field, everyone),
        means={"klauspost": 1.2},
        aims={"ISA-L 2.32": 1.2},
    )
    decoding = {"own encode": 0.95, "ISA-L 2.32": 1.0}
    yield Section(
        "decode, in cache",
        "the first m data shards lost, the plan made before; own encode has as many rows",
        in_cache("decode", 32, decoding, everyone) + in_cache("decode", 64, decoding, everyone),
    )
    far = {"ISA-L 2.32": 1.1, "klauspost": 1.0, "ceiling": 0.85}
    yield Section(
        "encode, from memory to memory",
        "walking through 256 MiB of content in pages of 2 MiB; the ceiling reads k streams, writes m with non-temporal "
        "stores and does no arithmetic; ours is told that the outs are far",
        in_memory("encode", 64, far, everyone) + in_memory("encode", 4096, far, everyone),
    )
    fused = {"without": 0.8}
    yield Section(
        "encode and CRC32C in one pass",
        "every block of all k + m shards summed; ISA-L in two passes; without: encoding alone",
        in_cache("fused", 64, {}, {"native": None})
        + in_memory("fused", 64, fused, {"native": None})
        + in_memory("fused", 4096, fused, {"native": None}),
    )
    yield Section(
        "encode by AVX2 alone, in cache",
        "GFNI forbidden by DISGRAFS_KERNEL=avx2",
        in_cache("encode", 32, {"ISA-L 2.30": 1.0}, {"avx2": None})
        + in_cache("encode", 64, {"ISA-L 2.30": 1.0}, {"avx2": None}),
    )
    schedules = {"native": {"ours": "ours", "row by row": "row by row"}}
    yield Section(
        "length of XOR schedules",
        "xors of planes that one block costs, common sums made once; row by row: every one in the bit matrix",
        [
            Line(f"{k}+{m}, {name}", f"schedule k={k} m={m} matrix={matrix}", schedules, unit="xors")
            for k, m in LAYOUTS
            for name, matrix in (("cauchy", CAUCHY), ("cauchy_xor", CAUCHY_XOR))
        ],
    )
    yield Section(
        "encode by XOR schedules, in cache",
        "the matrix cauchy_xor by DISGRAFS_KERNEL=xor, beside the best kernel on the same matrix; reported, no bar",
        [
            Line(
                f"{k}+{m}, 32 KiB",
                f"encode k={k} m={m} shard={32 * KIB} matrix={CAUCHY_XOR}",
                {"xor": None, "native": {"ours": "best kernel"}},
                k * 32 * KIB,
            )
            for k, m in LAYOUTS
        ],
    )
    yield Section(
        "plan for a new erasure pattern",
        "m data shards lost; ISA-L: inverting and making its tables",
        [
            Line("4+2", "plan k=4 m=2", {"native": None}, unit="µs"),
            Line("10+4", "plan k=10 m=4", {"native": None}, unit="µs", limit=1.0),
            Line("128+32", "plan k=128 m=32", {"native": None}, unit="µs", limit=200.0),
        ],
    )
    yield Section(
        "inverse of a Cauchy square",
        "n data shards from n parities; ours: closed form, O(n²); the others: elimination, O(n³)",
        [Line(f"n = {n}", f"inverse n={n}", {"native": None}, unit="µs") for n in INVERSES],
        crossing="own Gauss–Jordan",
    )
    wide = {"native": None, "klauspost": {"Leopard": "Leopard"}, "simd": None}
    yield Section(
        "encode over GF(2^16), shards of 4 KiB",
        "Jerasure with w = 16 and our matrix; Leopard (of klauspost) and reed-solomon-simd are FFT codes of other bytes",
        [
            Line(f"{k}+{m}", f"wide w=16 k={k} m={m} shard=4096", wide, k * 4096, {"Jerasure": 1.0})
            for k, m in ((100, 20), (1000, 200))
        ],
    )
    yield Section(
        "two threads, in cache",
        "each does one half of the range of all shards; by the clock on the wall, and by CPU time of one of the two, which "
        "others on the machine do not change",
        [
            Line(
                f"{k}+{m}, {kib} KiB, {clock}",
                f"threads k={k} m={m} shard={kib * KIB} works={works} cpu={int(clock == 'CPU')}",
                {"native": None},
                k * kib * KIB,
                bars={"one thread": 1.7} if clock == "wall" else {},
            )
            for k, m, kib, works in ((4, 2, 32, 10000), (4, 2, 64, 5000), (10, 4, 32, 3000), (10, 4, 64, 1500))
            for clock in ("wall", "CPU")
        ],
    )
    yield Section(
        "CRC32C",
        "",
        [
            Line(f"{kib} KiB", f"checksum size={kib * KIB}", {"native": None}, kib * KIB)
            for kib in (4, 64, 64 * KIB)
        ],
    )
