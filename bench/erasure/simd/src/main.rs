//! reed-solomon-simd (FFT codes over GF(2^16)) as a contestant of ./dev bench erasure.
//!
//! Reads requests, one a line, and answers each with lines and an empty one, as bench/erasure/main.cpp:
//!     wide k=100 m=20 shard=4096    NAME<tab>nanoseconds of thread CPU time: one round
//! Its interface copies every shard in; that copy is part of the time.

use reed_solomon_simd::ReedSolomonEncoder;
use std::collections::HashMap;
use std::io::{stdin, BufRead};

const ROUND_NS: f64 = 3e6;

#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}
extern "C" {
    fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
}

/// CPU time of this thread (Linux, 64 bits): others on the machine do not count.
fn now_ns() -> f64 {
    const CLOCK_THREAD_CPUTIME_ID: i32 = 3;
    let mut time = Timespec { seconds: 0, nanoseconds: 0 };
    unsafe { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.seconds as f64 * 1e9 + time.nanoseconds as f64
}

struct Wide {
    encoder: ReedSolomonEncoder,
    data: Vec<u8>,
    parity: Vec<u8>,
    shard: usize,
}

impl Wide {
    fn new(k: usize, m: usize, shard: usize) -> Wide {
        let mut data = vec![0u8; k * shard];
        for (at, word) in data.chunks_mut(8).enumerate() {
            let mixed = (at as u64 * 8 + 1).wrapping_mul(0x9E3779B97F4A7C15);
            word.copy_from_slice(&mixed.to_le_bytes()[..word.len()]);
        }
        let encoder = ReedSolomonEncoder::new(k, m, shard).unwrap();
        Wide { encoder, data, parity: vec![0u8; m * shard], shard }
    }
    fn encode(&mut self) {
        for shard in self.data.chunks(self.shard) {
            self.encoder.add_original_shard(shard).unwrap();
        }
        let made = self.encoder.encode().unwrap();
        for (to, from) in self.parity.chunks_mut(self.shard).zip(made.recovery_iter()) {
            to.copy_from_slice(from);
        }
    }
    fn round(&mut self) -> f64 {
        let (start, mut took, mut done) = (now_ns(), 0.0, 0);
        while took < ROUND_NS {
            self.encode();
            done += 1;
            took = now_ns() - start;
        }
        took / done as f64
    }
}

fn main() {
    let (mut last, mut wide) = (String::new(), None);
    for line in stdin().lock().lines().map(|line| line.unwrap()) {
        let numbers: HashMap<&str, usize> = line
            .split_whitespace()
            .filter_map(|word| word.split_once('='))
            .map(|(name, number)| (name, number.parse().unwrap()))
            .collect();
        if line.starts_with("wide ") {
            if line != last {
                wide = Some(Wide::new(numbers["k"], numbers["m"], numbers["shard"]));
                last = line.clone();
            }
            println!("reed-solomon-simd\t{:.3}", wide.as_mut().unwrap().round());
        } else {
            println!("! no such work");
        }
        println!();
    }
}
