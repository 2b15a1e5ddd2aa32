package main

import (
	"bytes"
	"encoding/binary"

	"github.com/klauspost/reedsolomon"
	"golang.org/x/sys/unix"
)

var mapped [][]byte

// memory is mapped as stripes.cpp does: pages of 2 MiB where the system has them, no garbage collector.
func memory(size int) []byte {
	const page = 2 << 20
	size = (size + page - 1) / page * page
	all, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		panic(err)
	}
	_ = unix.Madvise(all, unix.MADV_HUGEPAGE)
	for at := 0; at < size; at += 8 {
		binary.LittleEndian.PutUint64(all[at:], uint64(at+1)*0x9E3779B97F4A7C15)
	}
	mapped = append(mapped, all)
	return all
}

// release gives back all memory of the last contest.
func release() {
	for _, all := range mapped {
		_ = unix.Munmap(all)
	}
	mapped = nil
}

// stripes gives the k + m shards of each stripe: all data in one run, all parity in another.
func stripes(k, m, shard, count int) [][][]byte {
	data, parity := memory(k*shard*count), memory(m*shard*count)
	all := make([][][]byte, count)
	for s := range all {
		for i := 0; i < k; i++ {
			from := (s*k + i) * shard
			all[s] = append(all[s], data[from:from+shard:from+shard])
		}
		for i := 0; i < m; i++ {
			from := (s*m + i) * shard
			all[s] = append(all[s], parity[from:from+shard:from+shard])
		}
	}
	return all
}

func codec(k, m int, options ...reedsolomon.Option) reedsolomon.Encoder {
	made, err := reedsolomon.New(k, m, append(options, reedsolomon.WithMaxGoroutines(1))...)
	check(err)
	return made
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func countOf(numbers map[string]int) int { return max(1, numbers["stripes"]) }

func makeEncode(numbers map[string]int) contest {
	k, m, count := numbers["k"], numbers["m"], countOf(numbers)
	all := stripes(k, m, numbers["shard"], count)
	made := codec(k, m)
	return contest{count, []contestant{{"klauspost", func(turn int) { check(made.Encode(all[turn])) }}}}
}

// The first min(k, m) data shards are lost and rebuilt in other memory.
func makeDecode(numbers map[string]int) contest {
	k, m, shard, count := numbers["k"], numbers["m"], numbers["shard"], countOf(numbers)
	all := stripes(k, m, shard, count)
	made := codec(k, m)
	lost := min(k, m)
	rebuilt := memory(lost * shard * count)
	right := make([][]byte, count)
	for s := range all {
		check(made.Encode(all[s]))
		right[s] = all[s][0]
	}
	work := func(turn int) {
		for i := 0; i < lost; i++ {
			from := (turn*lost + i) * shard
			all[turn][i] = rebuilt[from : from : from+shard] // Empty, with room for the shard.
		}
		check(made.ReconstructData(all[turn]))
	}
	work(0)
	if !bytes.Equal(all[0][0], right[0]) {
		panic("klauspost rebuilds other bytes")
	}
	return contest{count, []contestant{{"klauspost", work}}}
}

// Leopard: FFT codes over GF(2^16).
func makeWide(numbers map[string]int) contest {
	k, m := numbers["k"], numbers["m"]
	all := stripes(k, m, numbers["shard"], 1)
	made := codec(k, m, reedsolomon.WithLeopardGF16(true))
	return contest{1, []contestant{{"Leopard", func(int) { check(made.Encode(all[0])) }}}}
}
