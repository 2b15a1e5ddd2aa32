/// \file erasure/wasm/runtime.cpp  What the codec needs of a standard library, in a module that has
/// none: a heap of fixed size, comparing bytes, stopping.
///
/// Blocks come in powers of two and return to the list of their size: a codec asks for few sizes,
/// again and again. Whoever asks for more than there is stops the module.

#include <cstddef>
#include <cstdint>
#include <new>

namespace {

constexpr std::size_t heap_bytes = std::size_t{12} << 20U;
constexpr std::size_t block_bytes_min = 16;
constexpr std::size_t class_count = 19;  // 16 bytes … 4 MiB.

struct FreeBlock {
    FreeBlock* next;
};

alignas(block_bytes_min) std::byte heap[heap_bytes];
std::size_t used_bytes = 0;
FreeBlock* free_blocks[class_count];

std::size_t class_of(std::size_t size_bytes) {
    std::size_t found = 0;
    while (found < class_count && block_bytes_min << found < size_bytes) {
        ++found;
    }
    return found;
}

}  // namespace

void* operator new(std::size_t size_bytes) {
    auto const its_class = class_of(size_bytes);
    if (its_class == class_count) {
        __builtin_trap();
    }
    if (auto* const found = free_blocks[its_class]; found != nullptr) {
        free_blocks[its_class] = found->next;
        return found;
    }
    auto const block_bytes = block_bytes_min << its_class;
    if (block_bytes > heap_bytes - used_bytes) {
        __builtin_trap();
    }
    auto* const made = heap + used_bytes;
    used_bytes += block_bytes;
    return made;
}

void operator delete(void* block, std::size_t size_bytes) noexcept {
    auto& list = free_blocks[class_of(size_bytes)];
    list = block == nullptr ? list : new (block) FreeBlock{list};
}

void operator delete(void* /*block*/) noexcept { __builtin_trap(); }  // The compiler names sizes.

extern "C" {

int memcmp(void const* left, void const* right, std::size_t size_bytes) {
    auto const* a = static_cast<unsigned char const*>(left);
    auto const* b = static_cast<unsigned char const*>(right);
    for (; size_bytes > 0 && *a == *b; ++a, ++b) {
        --size_bytes;
    }
    return size_bytes == 0 ? 0 : *a - *b;
}

[[noreturn]] void abort() { __builtin_trap(); }

}  // extern "C"

/// Where libc++ ends when it is misused.
[[noreturn]] void std::__libcpp_verbose_abort(char const* /*format*/, ...) { __builtin_trap(); }
