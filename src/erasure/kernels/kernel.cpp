#include "erasure/kernels/kernel.hpp"

#include <cstddef>
#include <cstdlib>
#include <string_view>

#include "base/log.hpp"
#include "erasure/codec.hpp"

namespace disgrafs::erasure {
namespace {

Kernels find_kernels() {
    Kernels found{{{"scalar", multiply_scalar, crc_portable}}, 1};
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("pclmul")) {
        return found;
    }
    found.list[found.count++] = {"avx2", multiply_avx2, crc_sse42};
    if (!__builtin_cpu_supports("gfni")) {
        return found;
    }
    found.list[found.count++] = {"gfni256", multiply_gfni256, crc_sse42};
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("vpclmulqdq")) {
        found.list[found.count++] = {"gfni512", multiply_gfni512, crc_vpclmul};
    }
#endif
    return found;
}

Kernel const& choose_kernel() {
    auto const& known = kernels();
    auto const& best = known.list[known.count - 1];
    char const* const forced = std::getenv("DISGRAFS_KERNEL");
    if (forced == nullptr || std::string_view(forced).empty()) {
        return best;
    }
    // "gfni" means the widest of its two.
    for (std::size_t i = known.count; i > 0; --i) {
        std::string_view const name = known.list[i - 1].name;
        if (name == forced || (name.starts_with("gfni") && std::string_view(forced) == "gfni")) {
            return known.list[i - 1];
        }
    }
    LOG_WARN(
        "this machine has no such kernel", kv("DISGRAFS_KERNEL", forced), kv("used", best.name)
    );
    return best;
}

}  // namespace

Kernels const& kernels() {
    static Kernels const found = find_kernels();
    return found;
}

Kernel const& kernel() {
    static Kernel const& chosen = choose_kernel();
    return chosen;
}

char const* kernel_name() { return kernel().name; }

}  // namespace disgrafs::erasure
