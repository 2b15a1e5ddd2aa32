#include "ceiling.hpp"

#include <cstddef>
#include <cstring>

#include "stripes.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace disgrafs::erasure::bench {
namespace {

// Vectors of the language, so that one loop serves all widths. In cache the widest strip is the
// fastest; past the caches one line of each stream is.
using Half = unsigned char __attribute__((vector_size(32)));
using Line = unsigned char __attribute__((vector_size(64)));

enum class Store : unsigned char { ordinary, past_caches };

template <Store how, typename Vector>
[[gnu::always_inline]] inline void store(Vector* to, Vector const& value) {
#if __has_builtin(__builtin_nontemporal_store)
    if constexpr (how == Store::past_caches) {
        __builtin_nontemporal_store(value, to);
        return;
    }
#endif
    *to = value;
}

/// `vectors` of each source are read, then as many of each out written.
template <Store how, typename Vector, std::size_t vectors>
[[gnu::always_inline]] inline void walk(Streams const& streams) {
    for (std::size_t at = 0; at < streams.size_bytes; at += vectors * sizeof(Vector)) {
        Vector strip[vectors] = {};
        for (auto const* const source : streams.source_bytes) {
#pragma GCC unroll 8
            for (std::size_t v = 0; v < vectors; ++v) {
                // volatile: read, though nobody looks.
                strip[v] = *(reinterpret_cast<Vector const volatile*>(source + at) + v);
            }
        }
        for (auto* const out : streams.out_bytes) {
#pragma GCC unroll 8
            for (std::size_t v = 0; v < vectors; ++v) {
                store<how>(reinterpret_cast<Vector*>(out + at) + v, strip[v]);
            }
        }
        asm volatile("" : : : "memory");
    }
}

#if defined(__x86_64__)

[[gnu::target("avx512f")]] void touch_avx512(Streams const& streams) {
    walk<Store::ordinary, Line, 8>(streams);
}
[[gnu::target("avx2")]] void touch_avx2(Streams const& streams) {
    walk<Store::ordinary, Half, 8>(streams);
}
[[gnu::target("avx2")]] void touch_past_caches_avx2(Streams const& streams) {
    walk<Store::past_caches, Half, 2>(streams);
    _mm_sfence();
}

#endif

}  // namespace

void touch(Streams const& streams) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") != 0) {
        return touch_avx512(streams);
    }
    if (__builtin_cpu_supports("avx2") != 0) {
        return touch_avx2(streams);
    }
#endif
    walk<Store::ordinary, Half, 4>(streams);
}

void touch_past_caches(Streams const& streams) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") != 0) {
        return touch_past_caches_avx2(streams);
    }
#endif
    walk<Store::past_caches, Half, 2>(streams);
}

}  // namespace disgrafs::erasure::bench
