package main

import (
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/klauspost/reedsolomon"
)

// fixedBytes are the bytes of all golden files: i · 2654435761 mod 2^32, its highest byte, i from 1.
func fixedBytes(size int) []byte {
	made := make([]byte, size)
	for i := range made {
		made[i] = byte(uint32(i+1) * 2654435761 >> 24)
	}
	return made
}

// parities of k shards of `size` fixed bytes each.
func parities(k, m, size int, option ...reedsolomon.Option) [][]byte {
	all := fixedBytes(k * size)
	shards := make([][]byte, k+m)
	for i := range shards {
		if i < k {
			shards[i] = all[i*size : (i+1)*size]
		} else {
			shards[i] = make([]byte, size)
		}
	}
	check(codec(k, m, option...).Encode(shards))
	return shards[k:]
}

func printLine(name string, k, m, size int, option ...reedsolomon.Option) {
	made := parities(k, m, size, option...)
	if k+m <= 8 {
		var hex []string
		for _, parity := range made {
			hex = append(hex, fmt.Sprintf("%x", parity))
		}
		fmt.Printf("parity %s %d %d %d %s\n", name, k, m, size, strings.Join(hex, " "))
		return
	}
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	for _, parity := range made {
		sum.Write(parity)
	}
	fmt.Printf("crc32c %s %d %d %d %08x\n", name, k, m, size, sum.Sum32())
}

func printMatrix(name string, option ...reedsolomon.Option) {
	for total := 3; total <= 32; total++ {
		for k := 2; k < total; k++ {
			printLine(name, k, total-k, 17, option...)
		}
	}
	for _, size := range [][2]int{
		{2, 253}, {2, 254}, {10, 246}, {17, 200}, {33, 4}, {50, 50}, {64, 64}, {100, 20}, {128, 32}, {128, 128},
		{150, 105}, {200, 55}, {223, 32}, {239, 16}, {240, 8}, {254, 1}, {254, 2}, {255, 1},
	} {
		printLine(name, size[0], size[1], 97, option...)
	}
}

func printGolden() {
	fmt.Println("# klauspost/reedsolomon 1.14.2, written by bench/erasure/klauspost -golden: parities of k shards of SIZE")
	fmt.Println("# bytes (as golden.txt: i * 2654435761 >> 24), or the CRC32C of all parities, one after the other.")
	fmt.Println("# KIND MATRIX K M SIZE …; vandermonde is its default, cauchy its WithCauchyMatrix.")
	printMatrix("vandermonde")
	printMatrix("cauchy", reedsolomon.WithCauchyMatrix())
}
