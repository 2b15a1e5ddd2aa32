#include "erasure/kernels/kernel.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ranges>
#include <span>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "erasure/codec.hpp"

namespace disgrafs::erasure {
namespace {

#if defined(__x86_64__)
using Crc = std::uint32_t (*)(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes);

void add_x86_kernels(std::vector<Kernel>& found) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("ssse3")) {
        return;
    }
    bool const has_crc = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");
    Crc const crc = has_crc ? crc_sse42 : crc_portable;
    found.push_back({"ssse3", multiply_ssse3, multiply16_ssse3, crc});
    if (!__builtin_cpu_supports("avx2")) {
        return;
    }
    found.insert(found.begin() + 1, {"xor", multiply_xor, multiply16_ssse3, crc});
    found.push_back({"avx2", multiply_avx2, multiply16_avx2, crc});
    bool const has_512 = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    Crc const crc_512 =
        has_512 && has_crc && __builtin_cpu_supports("vpclmulqdq") ? crc_vpclmul : crc;
    if (has_512) {
        found.push_back({"avx512", multiply_avx512, multiply16_avx512, crc_512});
    }
    if (__builtin_cpu_supports("gfni")) {
        found.push_back({"gfni256", multiply_gfni256, multiply16_gfni256, crc});
    }
    if (__builtin_cpu_supports("gfni") && crc_512 == crc_vpclmul) {
        found.push_back(
            {"gfni512", multiply_gfni512, multiply16_gfni512, crc_512, multiply_with_crcs_gfni512}
        );
    }
}
#endif

std::vector<Kernel> find_kernels() {
    std::vector<Kernel> found{
        {.name = "scalar",
         .multiply = multiply_scalar,
         .multiply16 = multiply16_scalar,
         .crc = crc_portable}
    };
#if defined(__x86_64__)
    add_x86_kernels(found);
#elif defined(__aarch64__)
    found.push_back({"xor", multiply_xor, multiply16_neon, crc_portable});
    found.push_back({"neon", multiply_neon, multiply16_neon, crc_portable});
#endif
    return found;
}

Kernel const& choose_kernel() {
    auto const& best = kernels().back();
    char const* const forced = std::getenv("DISGRAFS_KERNEL");  // NOLINT(concurrency-mt-unsafe)
    if (forced == nullptr || *forced == '\0') {
        return best;
    }
    if (auto const* const found = find_kernel(forced); found != nullptr) {
        return *found;
    }
    LOG_WARN(
        "this machine has no such kernel", kv("DISGRAFS_KERNEL", forced), kv("used", best.name)
    );
    return best;
}

}  // namespace

std::span<Kernel const> kernels() {
    static std::vector<Kernel> const found = find_kernels();
    return found;
}

Kernel const* find_kernel(char const* name) {
    std::string_view const wanted = name;
    for (auto const& known : std::views::reverse(kernels())) {
        std::string_view const own = known.name;
        if (own == wanted || (wanted == "gfni" && own.starts_with(wanted))) {
            return &known;
        }
    }
    return nullptr;
}

Kernel const& kernel() {
    static Kernel const& chosen = choose_kernel();
    return chosen;
}

char const* kernel_name() { return kernel().name; }

}  // namespace disgrafs::erasure
