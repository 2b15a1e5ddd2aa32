#include "app/erasure/copy_loop.hpp"

#include <cstddef>
#include <span>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace disgrafs::app {
namespace {

using Sources = std::span<std::byte const* const>;
using Outs = std::span<std::byte* const>;

#if defined(__x86_64__)

// The empty asm makes the compiler load each value and keep each store.

template <bool is_streaming>
[[gnu::target("avx512f")]] void copy_512(Sources sources, Outs outs, std::size_t size_bytes) {
    for (std::size_t at = 0; at < size_bytes; at += 256) {
        __m512i value[4] = {};
        for (auto const* const source : sources) {
            for (std::size_t v = 0; v < 4; ++v) {
                value[v] = _mm512_load_si512(source + at + v * 64);
                asm volatile("" : "+v"(value[v]));
            }
        }
        for (auto* const out : outs) {
            for (std::size_t v = 0; v < 4; ++v) {
                auto* const to = reinterpret_cast<__m512i*>(out + at + v * 64);
                is_streaming ? _mm512_stream_si512(to, value[v]) : _mm512_store_si512(to, value[v]);
                asm volatile("" : : : "memory");
            }
        }
    }
}

template <bool is_streaming>
[[gnu::target("avx2")]] void copy_256(Sources sources, Outs outs, std::size_t size_bytes) {
    for (std::size_t at = 0; at < size_bytes; at += 128) {
        __m256i value[4] = {};
        for (auto const* const source : sources) {
            for (std::size_t v = 0; v < 4; ++v) {
                value[v] =
                    _mm256_load_si256(reinterpret_cast<__m256i const*>(source + at + v * 32));
                asm volatile("" : "+x"(value[v]));
            }
        }
        for (auto* const out : outs) {
            for (std::size_t v = 0; v < 4; ++v) {
                auto* const to = reinterpret_cast<__m256i*>(out + at + v * 32);
                is_streaming ? _mm256_stream_si256(to, value[v]) : _mm256_store_si256(to, value[v]);
                asm volatile("" : : : "memory");
            }
        }
    }
}

#endif

void copy_words(Sources sources, Outs outs, std::size_t size_bytes) {
    using Word [[gnu::may_alias]] = unsigned long;
    for (std::size_t at = 0; at < size_bytes; at += sizeof(Word)) {
        Word value = 0;
        for (auto const* const source : sources) {
            value = *reinterpret_cast<Word const*>(source + at);
            asm volatile("" : "+r"(value));
        }
        for (auto* const out : outs) {
            *reinterpret_cast<Word*>(out + at) = value;
            asm volatile("" : : : "memory");
        }
    }
}

}  // namespace

void copy_loop(Sources sources, Outs outs, std::size_t size_bytes, bool is_streaming) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) {
        is_streaming ? copy_512<true>(sources, outs, size_bytes)
                     : copy_512<false>(sources, outs, size_bytes);
        return;
    }
    if (__builtin_cpu_supports("avx2")) {
        is_streaming ? copy_256<true>(sources, outs, size_bytes)
                     : copy_256<false>(sources, outs, size_bytes);
        return;
    }
#endif
    copy_words(sources, outs, size_bytes);
}

}  // namespace disgrafs::app
