#include "erasure/kernels/kernel.hpp"

#include <cstdlib>
#include <ranges>
#include <span>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "erasure/codec.hpp"

namespace disgrafs::erasure {
namespace {

std::vector<Kernel> find_kernels() {
    std::vector<Kernel> found{
        {.name = "scalar", .multiply = multiply_scalar, .crc = crc_portable},
    };
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("pclmul")) {
        return found;
    }
    found.push_back({.name = "avx2", .multiply = multiply_avx2, .crc = crc_sse42});
    if (!__builtin_cpu_supports("gfni")) {
        return found;
    }
    found.push_back({.name = "gfni256", .multiply = multiply_gfni256, .crc = crc_sse42});
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("vpclmulqdq")) {
        found.push_back({.name = "gfni512", .multiply = multiply_gfni512, .crc = crc_vpclmul});
    }
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
