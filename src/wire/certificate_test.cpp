#include "wire/certificate.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/sim_world.hpp"
#include "wire/testing/loop.hpp"
#include "wire/tls.hpp"

namespace disgrafs::wire {
namespace {

using testing::StartsWith;

constexpr Timestamp today{1'790'000'000'000'000};

std::vector<std::string> some_names() {
    return {"localhost", "127.0.0.1", "::1", "nas.example.org"};
}

TEST(Certificate, IsPemWithAKeyOfItsOwn) {
    auto const made = make_certificate(some_names(), today);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_THAT(made->chain_pem, StartsWith("-----BEGIN CERTIFICATE-----"));
    EXPECT_THAT(made->key_pem, StartsWith("-----BEGIN PRIVATE KEY-----"));
    auto const again = make_certificate(some_names(), today);
    ASSERT_TRUE(again);
    EXPECT_NE(*fingerprint_of(made->chain_pem), *fingerprint_of(again->chain_pem));
    EXPECT_EQ(fingerprint_of(made->chain_pem)->size(), 64U);
}

TEST(Certificate, OddNamesAreRefused) {
    for (std::string const name : {"", "a b", "a,DNS:evil", "名", "a\n"}) {
        EXPECT_FALSE(make_certificate({name}, today)) << name;
    }
    EXPECT_FALSE(make_certificate({}, today));
    EXPECT_FALSE(make_certificate({"300.1.2.3"}, today)) << "looks like an address, and is none";
    EXPECT_FALSE(fingerprint_of("no certificate"));
}

Task<void> keep_and_find(SimWorld& world) {
    auto& disk = world.disk("here");
    CO_TRY(auto const first, co_await keep_certificate(disk, world.clock(), some_names()));
    world.crash("here");
    world.start("here");
    CO_TRY(auto const second, co_await keep_certificate(disk, world.clock(), some_names()));
    CO_EXPECT(first.chain_pem == second.chain_pem && first.key_pem == second.key_pem);

    CO_TRY_OK(co_await disk.remove("tls-key.pem"));
    auto const lacking = co_await keep_certificate(disk, world.clock(), some_names());
    CO_EXPECT(!lacking && lacking.error().code == Errc::invalid);
    CO_TRY_OK(co_await disk.remove("tls-certificate.pem"));
    CO_TRY(auto const third, co_await keep_certificate(disk, world.clock(), some_names()));
    CO_EXPECT(third.chain_pem != first.chain_pem);
    co_return Result<void>();
}

/// What a machine is called is not ours to judge: its cluster starts all the same.
Task<void> odd_names(SimWorld& world) {
    std::vector<std::string> names{"", "my host", "主机", "fe80::1%eth0", "123456789012", "::1"};
    CO_TRY(auto const kept, co_await keep_certificate(world.disk("here"), world.clock(), names));
    CO_EXPECT(TlsContext::for_server(kept).has_value());
    co_return Result<void>();
}

TEST(Certificate, NamesThatItCannotCarryAreLeftOut) {
    SimWorld world(1);
    expect_passed(world.run(odd_names(world)));
}

TEST(Certificate, IsMadeOnceAndSurvivesACrash) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        SimWorld world(seed);
        expect_passed(world.run(keep_and_find(world)));
    }
}

}  // namespace
}  // namespace disgrafs::wire
