#include "erasure/kernels/kernel.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bytes.hpp"
#include "erasure/codec.hpp"
#include "erasure/galois.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

constexpr std::size_t guard_bytes = 80;

/// Streams at random offsets of buffers whose other bytes must not change. `F`: Gf8 or Gf16.
template <typename F>
class Work {
 public:
    Work(std::size_t sources, std::size_t outs, std::size_t size, TestRandom& random)
        : size_(size / element_bytes * element_bytes), outs_(outs) {
        for (std::size_t i = 0; i < sources * outs; ++i) {
            rows_.push_back(static_cast<Coefficient>(random.below(F::size)));
        }
        // In every other round the outs lie alike within lines, as streaming wants.
        bool const is_alike = random.below(2) == 0;
        auto const place = random.below(16);
        for (std::size_t i = 0; i < sources + outs; ++i) {
            bool const is_placed = is_alike && i >= sources;
            offsets_.push_back(is_placed ? place : random.below(guard_bytes));
            buffers_.push_back(random.bytes(size_ + guard_bytes));
        }
        rows_[random.below(rows_.size())] = 0;
        rows_[random.below(rows_.size())] = 1;
    }

    /// All buffers after `kernel` ran.
    [[nodiscard]] std::vector<Bytes> run(Kernel const& kernel, Store store) const {
        auto buffers = buffers_;
        std::vector<std::byte const*> sources;
        std::vector<std::byte*> outs;
        auto const source_count = buffers.size() - outs_;
        for (std::size_t i = 0; i < buffers.size(); ++i) {
            if (i < source_count) {
                sources.push_back(buffers[i].data() + offsets_[i]);
            } else {
                outs.push_back(buffers[i].data() + offsets_[i]);
            }
        }
        auto const multiply = F::bits == 16 ? kernel.multiply16 : kernel.multiply;
        multiply({
            .rows = rows_.data(),
            .sources = sources.data(),
            .outs = outs.data(),
            .source_count = source_count,
            .out_count = outs_,
            .size_bytes = size_,
            .store = store,
        });
        return buffers;
    }

    /// The same by the definition, one multiplication of the field at a time.
    [[nodiscard]] std::vector<Bytes> expected(Store store) const {
        auto buffers = buffers_;
        auto const source_count = buffers.size() - outs_;
        for (std::size_t i = 0; i < outs_; ++i) {
            auto* const out = buffers[source_count + i].data() + offsets_[source_count + i];
            for (std::size_t at = 0; at < size_; at += element_bytes) {
                unsigned sum = store == Store::add ? element(out + at) : 0;
                for (std::size_t j = 0; j < source_count; ++j) {
                    auto const constant = static_cast<Element>(rows_[i * source_count + j]);
                    auto const x = element(buffers_[j].data() + offsets_[j] + at);
                    sum ^= F::product(constant, x);
                }
                for (std::size_t byte = 0; byte < element_bytes; ++byte) {
                    out[at + byte] = static_cast<std::byte>(sum >> 8U * byte);
                }
            }
        }
        return buffers;
    }

 private:
    using Element = typename F::Element;
    static constexpr std::size_t element_bytes = F::bits / 8;
    static Element element(std::byte const* at) {
        unsigned value = 0;
        for (std::size_t byte = 0; byte < element_bytes; ++byte) {
            value |= static_cast<unsigned>(at[byte]) << 8U * byte;
        }
        return static_cast<Element>(value);
    }

    std::size_t size_;
    std::size_t outs_;
    std::vector<Coefficient> rows_;
    std::vector<std::size_t> offsets_;
    std::vector<Bytes> buffers_;
};

template <typename F>
void expect_right(Work<F> const& work) {
    for (auto const store : {Store::replace, Store::add, Store::stream}) {
        auto const expected = work.expected(store);
        for (auto const& kernel : kernels()) {
            ASSERT_TRUE(work.run(kernel, store) == expected) << kernel.name << " " << F::bits;
        }
    }
}

void expect_all_right(std::size_t sources, std::size_t outs, std::size_t size, TestRandom& random) {
    expect_right(Work<Gf8>(sources, outs, size, random));
    expect_right(Work<Gf16>(sources, outs, size, random));
}

TEST(Kernel, ScalarIsAlwaysThere) {
    ASSERT_GE(kernels().size(), 1U);
    EXPECT_STREQ(kernels()[0].name, "scalar");
    EXPECT_NE(std::string(kernel_name()), "");
}

TEST(Kernel, EachIsFoundByItsName) {
    for (auto const& kernel : kernels()) {
        EXPECT_EQ(find_kernel(kernel.name), &kernel);
    }
    EXPECT_EQ(find_kernel("abacus"), nullptr);
    EXPECT_EQ(find_kernel(""), nullptr);
    auto const& last = kernels().back();
    if (std::string(last.name).starts_with("gfni")) {
        EXPECT_EQ(find_kernel("gfni"), &last);
    }
}

// CMakeLists.txt runs the tests of this program once more under each name.
TEST(Kernel, OneNamedByTheEnvironmentIsInUse) {
    char const* const forced = std::getenv("DISGRAFS_KERNEL");  // NOLINT(concurrency-mt-unsafe)
    if (forced == nullptr) {
        EXPECT_EQ(&kernel(), &kernels().back());
    } else if (find_kernel(forced) == nullptr) {
        GTEST_SKIP() << "no such kernel on this machine: " << forced;  // CTest sees these words.
    } else {
        EXPECT_STREQ(kernel_name(), forced);
    }
}

TEST(Kernel, AllKernelsMultiplyRightOnUnalignedSpansAndTouchNothingElse) {
    TestRandom random(1);
    for (std::size_t outs = 1; outs <= 14; ++outs) {
        for (int round = 0; round < 25; ++round) {
            auto const size = round == 0 ? 0 : random.below(round < 15 ? 300 : 1500);
            expect_all_right(1 + random.below(12), outs, size, random);
        }
    }
}

TEST(Kernel, AllKernelsMultiplyRightForEveryShortLength) {
    TestRandom random(2);
    for (std::size_t size = 0; size <= 330; ++size) {
        expect_all_right(3, 2, size, random);
    }
}

TEST(Kernel, AllKernelsMultiplyRightAcrossTheirBlocks) {
    TestRandom random(3);
    expect_all_right(2, 9, 30'000, random);
    expect_all_right(40, 8, 9'001, random);
    expect_all_right(255, 3, 515, random);
    expect_all_right(2, 253, 515, random);
    expect_right(Work<Gf16>(300, 2, 1030, random));
    expect_right(Work<Gf16>(600, 9, 70, random));
}

// The shapes of the layouts in use have code of their own.
TEST(Kernel, AllKernelsMultiplyRightInTheShapesOfTheLayoutsInUse) {
    TestRandom random(5);
    for (std::size_t const sources : {2U, 4U, 6U, 8U, 10U, 16U}) {
        for (std::size_t outs = 1; outs <= 4; ++outs) {
            for (std::size_t const size : {256U, 1024U, 4096U, 5003U}) {
                expect_all_right(sources, outs, size, random);
            }
        }
    }
}

/// Bytes whose neighbours on one side no one may even read: the pages there are forbidden.
class Fenced {
 public:
    explicit Fenced(std::size_t size) : size_(size) {
        auto const page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        room_ = (size + page - 1) / page * page + page;  // At least one page for the bytes.
        whole_ = room_ + 2 * page;
        auto* const found =
            mmap(nullptr, whole_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        memory_ = static_cast<std::byte*>(found);
        mprotect(memory_, page, PROT_NONE);
        mprotect(memory_ + page + room_, page, PROT_NONE);
        first_ = memory_ + page;
    }
    Fenced(Fenced const&) = delete;
    Fenced& operator=(Fenced const&) = delete;
    ~Fenced() { munmap(memory_, whole_); }

    [[nodiscard]] std::byte* at_start() const { return first_; }
    [[nodiscard]] std::byte* at_end() const { return first_ + room_ - size_; }

 private:
    std::size_t size_;
    std::size_t room_;
    std::size_t whole_;
    std::byte* memory_;
    std::byte* first_;
};

void run_fenced(Kernel const& kernel, std::size_t size, bool is_at_end) {
    constexpr std::size_t sources = 3;
    constexpr std::size_t outs = 2;
    Coefficient const rows[sources * outs] = {1, 2, 3, 4, 5, 6};
    std::vector<std::unique_ptr<Fenced>> streams;
    std::vector<std::byte*> starts;
    for (std::size_t i = 0; i < sources + outs; ++i) {
        streams.push_back(std::make_unique<Fenced>(size));
        starts.push_back(is_at_end ? streams[i]->at_end() : streams[i]->at_start());
    }
    std::vector<std::byte const*> const from(starts.begin(), starts.begin() + sources);
    for (auto const store : {Store::replace, Store::add, Store::stream}) {
        Product const product{
            .rows = rows,
            .sources = from.data(),
            .outs = starts.data() + sources,
            .source_count = sources,
            .out_count = outs,
            .size_bytes = size,
            .store = store,
        };
        kernel.multiply(product);
        if (size % 2 == 0) {
            kernel.multiply16(product);
        }
    }
    kernel.crc(0, starts[0], size);
}

// A kernel that reads or writes one byte too far ends this program.
TEST(Kernel, NoKernelReachesOverEitherEndOfASpan) {
    for (auto const& kernel : kernels()) {
        for (std::size_t size = 0; size <= 400; ++size) {
            run_fenced(kernel, size, false);
            run_fenced(kernel, size, true);
        }
        run_fenced(kernel, 65'537, true);
    }
}

TEST(KernelDeathTest, FenceStands) {
    Fenced const fenced(10);
    EXPECT_DEATH(fenced.at_end()[10] = std::byte{1}, "");
    EXPECT_DEATH(fenced.at_start()[-1] = std::byte{1}, "");
}

TEST(Kernel, NoSourcesGiveZeros) {
    for (auto const& kernel : kernels()) {
        Bytes out(100, std::byte{1});
        auto* const to = out.data();
        kernel.multiply({
            .rows = nullptr,
            .sources = nullptr,
            .outs = &to,
            .source_count = 0,
            .out_count = 1,
            .size_bytes = out.size(),
            .store = Store::replace,
        });
        EXPECT_EQ(out, Bytes(100)) << kernel.name;
    }
}

TEST(Kernel, AllKernelsGiveTheSameCrc) {
    TestRandom random(4);
    auto const bytes = random.bytes(200'000);
    auto const expect_same = [&](std::size_t at, std::size_t size) {
        auto const state = static_cast<std::uint32_t>(random.next());
        auto const expected = crc_portable(state, bytes.data() + at, size);
        for (auto const& kernel : kernels()) {
            ASSERT_EQ(kernel.crc(state, bytes.data() + at, size), expected) << kernel.name << size;
        }
    };
    for (std::size_t size = 0; size < 1200; ++size) {
        expect_same(random.below(64), size);
    }
    for (int round = 0; round < 300; ++round) {
        auto const at = random.below(1000);
        expect_same(at, random.below(bytes.size() - at));
    }
}

}  // namespace
}  // namespace disgrafs::erasure
