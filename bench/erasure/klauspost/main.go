// klauspost/reedsolomon as a contestant of ./dev bench erasure, and as the writer of golden files.
//
// Reads requests, one a line, and answers each with lines and an empty one, as bench/erasure/main.cpp:
//
//	encode k=10 m=4 shard=32768 stripes=1    NAME<tab>nanoseconds of thread CPU time: one round
//
// -golden prints tests/fixtures/erasure/klauspost.txt.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

const roundNs = 3e6

// A contest is one work, done by one or two ways of this library.
type contest struct {
	turns       int
	contestants []contestant
}

type contestant struct {
	name string
	work func(turn int)
}

var works = map[string]func(numbers map[string]int) contest{
	"encode": makeEncode,
	"decode": makeDecode,
	"wide":   makeWide,
}

// nowNs is CPU time of this thread: others on the machine do not count.
func nowNs() float64 {
	var time unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &time); err != nil {
		panic(err)
	}
	return float64(time.Nano())
}

// timeOf is one round: each turn at least once, and roundNs long.
func timeOf(c contestant, turns int) float64 {
	done, batch, took := 0, 1, 0.0
	for start := nowNs(); done < turns || took < roundNs; took = nowNs() - start {
		if took > 0 && took < roundNs/16 {
			batch *= 2
		}
		for i := 0; i < batch; i++ {
			c.work(done % turns)
			done++
		}
	}
	return took / float64(done)
}

func serve() {
	runtime.LockOSThread()
	var now contest
	last := ""
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		words := strings.Fields(lines.Text())
		numbers := map[string]int{}
		for _, word := range words[1:] {
			name, number, _ := strings.Cut(word, "=")
			numbers[name], _ = strconv.Atoi(number)
		}
		if work, ok := works[words[0]]; !ok {
			fmt.Printf("! no work '%s'\n", words[0])
		} else {
			if lines.Text() != last {
				release()
				now, last = work(numbers), lines.Text()
			}
			for _, c := range now.contestants {
				fmt.Printf("%s\t%.3f\n", c.name, timeOf(c, now.turns))
			}
		}
		fmt.Println()
	}
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "-golden" {
		printGolden()
		return
	}
	serve()
}
