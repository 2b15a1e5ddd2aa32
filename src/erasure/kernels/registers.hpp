#pragma once

/// \file erasure/kernels/registers.hpp  What the lanes need of a register, for each instruction set
/// that a kernel file is compiled for.
///
///     Type, bytes
///     load, store              any alignment
///     stream, fence            past the caches, aligned; wait for those (not everywhere)
///     zero, add                add = xor
///     low_nibbles, high_nibbles    x mod 16, x div 16, in every byte
///     look_up(table, x)        table[x] for every byte of x, each below 16
///     even_bytes, odd_bytes    of two registers, into one; in any order of groups of bytes
///     first_bytes, second_bytes    undo those two: the first and the second register
///     transform(x, matrix)     an 8 × 8 bit matrix times every byte (GFNI alone)
///
/// All in an unnamed namespace: each kernel file has its own, made with its flags.

#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

namespace disgrafs::erasure {
namespace {

#if defined(__SSSE3__)
struct Registers128 {
    using Type = __m128i;
    static constexpr std::size_t bytes = 16;

    static Type load(std::byte const* from) {
        return _mm_loadu_si128(reinterpret_cast<Type const*>(from));
    }
    static void store(std::byte* to, Type x) { _mm_storeu_si128(reinterpret_cast<Type*>(to), x); }
    static void stream(std::byte* to, Type x) { _mm_stream_si128(reinterpret_cast<Type*>(to), x); }
    static void fence() { _mm_sfence(); }
    static Type zero() { return _mm_setzero_si128(); }
    static Type add(Type a, Type b) { return _mm_xor_si128(a, b); }
    static Type low_nibbles(Type x) { return _mm_and_si128(x, _mm_set1_epi8(15)); }
    static Type high_nibbles(Type x) { return low_nibbles(_mm_srli_epi64(x, 4)); }
    static Type look_up(std::uint8_t const* table, Type x) {
        return _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<__m128i const*>(table)), x);
    }
    static Type even_bytes(Type a, Type b) {
        auto const low = _mm_set1_epi16(255);
        return _mm_packus_epi16(_mm_and_si128(a, low), _mm_and_si128(b, low));
    }
    static Type odd_bytes(Type a, Type b) {
        return _mm_packus_epi16(_mm_srli_epi16(a, 8), _mm_srli_epi16(b, 8));
    }
    static Type first_bytes(Type even, Type odd) { return _mm_unpacklo_epi8(even, odd); }
    static Type second_bytes(Type even, Type odd) { return _mm_unpackhi_epi8(even, odd); }
};
#endif

#if defined(__AVX2__)
struct Registers256 {
    using Type = __m256i;
    static constexpr std::size_t bytes = 32;

    static Type load(std::byte const* from) {
        return _mm256_loadu_si256(reinterpret_cast<Type const*>(from));
    }
    static void store(std::byte* to, Type x) {
        _mm256_storeu_si256(reinterpret_cast<Type*>(to), x);
    }
    static void stream(std::byte* to, Type x) {
        _mm256_stream_si256(reinterpret_cast<Type*>(to), x);
    }
    static void fence() { _mm_sfence(); }
    static Type zero() { return _mm256_setzero_si256(); }
    static Type add(Type a, Type b) { return _mm256_xor_si256(a, b); }
    static Type low_nibbles(Type x) { return _mm256_and_si256(x, _mm256_set1_epi8(15)); }
    static Type high_nibbles(Type x) { return low_nibbles(_mm256_srli_epi64(x, 4)); }
    static Type look_up(std::uint8_t const* table, Type x) {
        auto const once = _mm_loadu_si128(reinterpret_cast<__m128i const*>(table));
        return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(once), x);
    }
    static Type even_bytes(Type a, Type b) {
        auto const low = _mm256_set1_epi16(255);
        return _mm256_packus_epi16(_mm256_and_si256(a, low), _mm256_and_si256(b, low));
    }
    static Type odd_bytes(Type a, Type b) {
        return _mm256_packus_epi16(_mm256_srli_epi16(a, 8), _mm256_srli_epi16(b, 8));
    }
    static Type first_bytes(Type even, Type odd) { return _mm256_unpacklo_epi8(even, odd); }
    static Type second_bytes(Type even, Type odd) { return _mm256_unpackhi_epi8(even, odd); }
#if defined(__GFNI__)
    static Type transform(Type x, std::uint64_t matrix) {
        auto const by = _mm256_set1_epi64x(static_cast<long long>(matrix));
        return _mm256_gf2p8affine_epi64_epi8(x, by, 0);
    }
#endif
};
#endif

#if defined(__AVX512BW__)
struct Registers512 {
    using Type = __m512i;
    static constexpr std::size_t bytes = 64;

    static Type load(std::byte const* from) { return _mm512_loadu_si512(from); }
    static void store(std::byte* to, Type x) { _mm512_storeu_si512(to, x); }
    static void stream(std::byte* to, Type x) {
        _mm512_stream_si512(reinterpret_cast<Type*>(to), x);
    }
    static void fence() { _mm_sfence(); }
    static Type zero() { return _mm512_setzero_si512(); }
    static Type add(Type a, Type b) { return _mm512_xor_si512(a, b); }
    static Type low_nibbles(Type x) { return _mm512_and_si512(x, _mm512_set1_epi8(15)); }
    static Type high_nibbles(Type x) { return low_nibbles(_mm512_srli_epi64(x, 4)); }
    static Type look_up(std::uint8_t const* table, Type x) {
        auto const once = _mm_loadu_si128(reinterpret_cast<__m128i const*>(table));
        return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(once), x);
    }
    static Type even_bytes(Type a, Type b) {
        auto const low = _mm512_set1_epi16(255);
        return _mm512_packus_epi16(_mm512_and_si512(a, low), _mm512_and_si512(b, low));
    }
    static Type odd_bytes(Type a, Type b) {
        return _mm512_packus_epi16(_mm512_srli_epi16(a, 8), _mm512_srli_epi16(b, 8));
    }
    static Type first_bytes(Type even, Type odd) { return _mm512_unpacklo_epi8(even, odd); }
    static Type second_bytes(Type even, Type odd) { return _mm512_unpackhi_epi8(even, odd); }
#if defined(__GFNI__)
    /// clang before 20 encodes the displacement of a broadcast operand of this instruction in
    /// bytes; the CPU counts it in eights (llvm-project #120340). A matrix that is in a register
    /// has no displacement.
    static Type transform(Type x, std::uint64_t matrix) {
        auto by = _mm512_set1_epi64(static_cast<long long>(matrix));
        asm("" : "+v"(by));
        return _mm512_gf2p8affine_epi64_epi8(x, by, 0);
    }
#endif
};
#endif

#if defined(__ARM_NEON)
struct RegistersNeon {
    using Type = uint8x16_t;
    static constexpr std::size_t bytes = 16;

    static Type load(std::byte const* from) {
        return vld1q_u8(reinterpret_cast<std::uint8_t const*>(from));
    }
    static void store(std::byte* to, Type x) { vst1q_u8(reinterpret_cast<std::uint8_t*>(to), x); }
    static void stream(std::byte* to, Type x) {
#if defined(__clang__)
        __builtin_nontemporal_store(x, reinterpret_cast<Type*>(to));
#else
        store(to, x);
#endif
    }
    static void fence() {}
    static Type zero() { return vdupq_n_u8(0); }
    static Type add(Type a, Type b) { return veorq_u8(a, b); }
    static Type low_nibbles(Type x) { return vandq_u8(x, vdupq_n_u8(15)); }
    static Type high_nibbles(Type x) { return vshrq_n_u8(x, 4); }
    static Type look_up(std::uint8_t const* table, Type x) {
        return vqtbl1q_u8(vld1q_u8(table), x);
    }
    static Type even_bytes(Type a, Type b) { return vuzp1q_u8(a, b); }
    static Type odd_bytes(Type a, Type b) { return vuzp2q_u8(a, b); }
    static Type first_bytes(Type even, Type odd) { return vzip1q_u8(even, odd); }
    static Type second_bytes(Type even, Type odd) { return vzip2q_u8(even, odd); }
};
#endif

#if defined(__wasm_simd128__)
struct RegistersWasm {
    using Type = v128_t;
    static constexpr std::size_t bytes = 16;

    static Type load(std::byte const* from) { return wasm_v128_load(from); }
    static void store(std::byte* to, Type x) { wasm_v128_store(to, x); }
    static Type zero() { return wasm_i8x16_const_splat(0); }
    static Type add(Type a, Type b) { return wasm_v128_xor(a, b); }
    static Type first_word(std::uint32_t word) { return wasm_u32x4_make(word, 0, 0, 0); }
    static Type low_nibbles(Type x) { return wasm_v128_and(x, wasm_i8x16_const_splat(15)); }
    /// x86 shifts no bytes: shifting wider elements saves the mask that engines would add.
    static Type high_nibbles(Type x) { return low_nibbles(wasm_u16x8_shr(x, 4)); }
    static Type look_up(std::uint8_t const* table, Type x) {
#if defined(__wasm_relaxed_simd__)
        return wasm_i8x16_relaxed_swizzle(wasm_v128_load(table), x);
#else
        return wasm_i8x16_swizzle(wasm_v128_load(table), x);
#endif
    }
    static Type even_bytes(Type a, Type b) {
        auto const low = wasm_i16x8_const_splat(255);
        return wasm_u8x16_narrow_i16x8(wasm_v128_and(a, low), wasm_v128_and(b, low));
    }
    static Type odd_bytes(Type a, Type b) {
        return wasm_u8x16_narrow_i16x8(wasm_u16x8_shr(a, 8), wasm_u16x8_shr(b, 8));
    }
    static Type first_bytes(Type even, Type odd) {
        return wasm_i8x16_shuffle(
            even, odd, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
        );
    }
    static Type second_bytes(Type even, Type odd) {
        return wasm_i8x16_shuffle(
            even, odd, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
        );
    }
};
#endif

}  // namespace
}  // namespace disgrafs::erasure
