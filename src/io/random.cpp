#include "io/random.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

#include <sys/random.h>

#include "base/assert.hpp"

namespace disgrafs {

std::uint64_t Random::below(std::uint64_t bound) {
    DISGRAFS_ASSERT(bound >= 1, "nothing is below 0");
    using Wide = unsigned __int128;
    auto product = static_cast<Wide>(next()) * bound;
    if (static_cast<std::uint64_t>(product) < bound) {
        auto const uneven =
            (0 - bound) % bound;  // 2^64 mod bound: so many products are one too many
        while (static_cast<std::uint64_t>(product) < uneven) {
            product = static_cast<Wide>(next()) * bound;
        }
    }
    return static_cast<std::uint64_t>(product >> 64U);
}

bool Random::happens(double chance) {
    if (chance <= 0) return false;
    return static_cast<double>(next() >> 11U) * 0x1p-53 < chance;
}

void Random::fill(std::span<std::byte> out) {
    while (!out.empty()) {
        auto bits = next();
        for (std::size_t n = 0; n < sizeof bits && !out.empty(); ++n) {
            out.front() = static_cast<std::byte>(bits);
            out = out.subspan(1);
            bits >>= 8U;
        }
    }
}

namespace {

class RealRandom final : public Random {
 public:
    std::uint64_t next() override {
        if (used_ == bits_.size()) refill();
        std::uint64_t value = 0;
        std::swap(value, bits_[used_++]);  // a key is not kept twice
        return value;
    }

 private:
    /// At most 256 bytes, which getrandom gives whole, without a signal between.
    void refill() {
        static_assert(sizeof bits_ <= 256);
        ssize_t got = 0;
        do {
            got = ::getrandom(bits_.data(), sizeof bits_, 0);
        } while (got < 0 && errno == EINTR);
        DISGRAFS_ASSERT(got == sizeof bits_, "getrandom: {}", std::strerror(errno));
        used_ = 0;
    }

    std::array<std::uint64_t, 32> bits_{};
    std::size_t used_ = bits_.size();
};

/// Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014.
class SeededRandom final : public Random {
 public:
    explicit SeededRandom(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() override {
        state_ += 0x9E3779B97F4A7C15ULL;
        auto mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
        return mixed ^ (mixed >> 31U);
    }

 private:
    std::uint64_t state_;
};

}  // namespace

std::unique_ptr<Random> make_real_random() { return std::make_unique<RealRandom>(); }

std::unique_ptr<Random> make_seeded_random(std::uint64_t seed) {
    return std::make_unique<SeededRandom>(seed);
}

}  // namespace disgrafs
