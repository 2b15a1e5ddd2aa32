#include "graph/id_list.hpp"

#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "graph/id_set.hpp"
#include "io/random.hpp"

namespace disgrafs::graph {
namespace {

template <typename Ids>
std::vector<std::uint64_t> all_of(Ids const& ids) {
    std::vector<std::uint64_t> found;
    ids.each([&found](std::uint64_t id) { found.push_back(id); });
    return found;
}

/// Grows to several blocks and shrinks to nothing, always equal to a std::set.
template <typename Ids>
void behaves_as_a_set(std::uint64_t seed) {
    auto const random = make_seeded_random(seed);
    Ids ids;
    std::set<std::uint64_t> model;
    for (int phase = 0; phase < 4; ++phase) {
        for (int i = 0; i < 6000; ++i) {
            auto const id = random->below(9000);
            if (random->happens(phase % 2 == 0 ? 0.8 : 0.15)) {
                EXPECT_EQ(ids.insert(id), model.insert(id).second);
            } else {
                EXPECT_EQ(ids.erase(id), model.erase(id) == 1);
            }
        }
        EXPECT_EQ(all_of(ids), std::vector<std::uint64_t>(model.begin(), model.end()));
        EXPECT_EQ(ids.size(), model.size());
    }
    for (auto const id : model) EXPECT_TRUE(ids.erase(id));
    EXPECT_EQ(ids.size(), 0U);
    EXPECT_TRUE(ids.insert(5));
    EXPECT_EQ(all_of(ids), std::vector<std::uint64_t>{5});
}

TEST(IdList, BehavesAsASet) { behaves_as_a_set<IdList>(1); }

TEST(IdSet, BehavesAsASet) { behaves_as_a_set<IdSet>(2); }

TEST(IdList, AscendingIdsFillTheirBlocks) {
    IdList ids;
    std::vector<std::uint64_t> wanted;
    for (std::uint64_t id = 1; id <= 5 * IdList::block_ids_max; ++id) {
        EXPECT_TRUE(ids.insert(id * 3));
        wanted.push_back(id * 3);
    }
    EXPECT_EQ(all_of(ids), wanted);
    EXPECT_FALSE(ids.insert(3));
    EXPECT_FALSE(ids.erase(4));
}

}  // namespace
}  // namespace disgrafs::graph
