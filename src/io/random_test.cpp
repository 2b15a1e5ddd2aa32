#include "io/random.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.hpp"

namespace disgrafs {
namespace {

/// Gives what it was given, for the rare paths of the arithmetic.
class ScriptedRandom final : public Random {
 public:
    explicit ScriptedRandom(std::vector<std::uint64_t> numbers) : numbers_(std::move(numbers)) {}
    std::uint64_t next() override { return numbers_.at(at_++); }
    [[nodiscard]] std::size_t used() const { return at_; }

 private:
    std::vector<std::uint64_t> numbers_;
    std::size_t at_ = 0;
};

/// The published numbers of SplitMix64 for seed 1234567 (Vigna's splitmix64.c).
TEST(SeededRandom, GivesTheNumbersOfTheReferenceForEver) {
    auto const random = make_seeded_random(1234567);
    for (auto const expected :
         {6457827717110365317ULL,
          3203168211198807973ULL,
          9817491932198370423ULL,
          4593380528125082431ULL,
          16408922859458223821ULL}) {
        EXPECT_EQ(random->next(), expected);
    }
}

TEST(Random, BelowRejectsTheOneNumberTooMany) {
    // 2^64 mod 3 = 1: the product 0 is refused, and the next number decides.
    ScriptedRandom random({0, 1ULL << 63U});
    EXPECT_EQ(random.below(3), 1U);
    EXPECT_EQ(random.used(), 2U);
    ScriptedRandom power({0});
    EXPECT_EQ(power.below(1ULL << 32U), 0U) << "a power of two leaves none over";
}

TEST(Random, BelowIsUniform) {
    auto const random = make_seeded_random(7);
    std::array<int, 6> counts{};
    for (int n = 0; n < 60'000; ++n) ++counts.at(random->below(6));
    for (auto const count : counts) EXPECT_NEAR(count, 10'000, 400);
    for (int n = 0; n < 100; ++n) EXPECT_EQ(random->below(1), 0U);
    EXPECT_LT(
        random->below(std::numeric_limits<std::uint64_t>::max()),
        std::numeric_limits<std::uint64_t>::max()
    );
}

TEST(RandomDeathTest, BelowZeroIsABug) {
    EXPECT_DEATH(make_seeded_random(1)->below(0), "nothing is below 0");
}

TEST(Random, HappensAsOftenAsItsChance) {
    auto const random = make_seeded_random(8);
    int never = 0;
    int always = 0;
    int third = 0;
    for (int n = 0; n < 30'000; ++n) {
        never += random->happens(0) ? 1 : 0;
        always += random->happens(1) ? 1 : 0;
        third += random->happens(1.0 / 3) ? 1 : 0;
    }
    EXPECT_EQ(never, 0);
    EXPECT_EQ(always, 30'000);
    EXPECT_NEAR(third, 10'000, 350);
}

TEST(Random, FillWritesLittleEndianAndEveryByte) {
    ScriptedRandom random({0x0807060504030201ULL, 0x0F0E0D0C0B0A0908ULL});
    Bytes bytes(11);
    random.fill(bytes);
    EXPECT_EQ(to_hex(bytes), "010203040506070808090a");
    Bytes none;
    make_real_random()->fill(none);
}

TEST(RealRandom, NeverRepeatsAmongTenThousand) {
    auto const one = make_real_random();
    auto const two = make_real_random();
    std::set<std::uint64_t> seen;
    for (int n = 0; n < 5'000; ++n) {
        seen.insert(one->next());
        seen.insert(two->next());
    }
    EXPECT_EQ(seen.size(), 10'000U);
}

}  // namespace
}  // namespace disgrafs
