#include "wire/ticket.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/shard_service.hpp"

namespace disgrafs::wire {
namespace {

using testing::HasSubstr;

Key key_of(std::uint8_t seed) {
    Key key{};
    for (auto& byte : key) byte = std::byte{seed++};
    return key;
}

ShardId some_shard() { return {.upload = {.block = 7, .index = 9}, .stripe = 3, .index = 5}; }

Ticket put_ticket() {
    Ticket ticket;
    ticket.verb = Verb::put;
    ticket.shard = some_shard();
    ticket.size_max = 1000;
    ticket.node = MemberId{4};
    ticket.epoch = 12;
    ticket.expires = Timestamp{2'000'000};
    return sign_ticket(ticket, key_of(1));
}

TicketCheck put_check() {
    TicketCheck check{};
    check.verb = Verb::put;
    check.shard = some_shard();
    check.size_bytes = 1000;
    check.node = MemberId{4};
    check.epoch_least = 12;
    check.now = Timestamp{1'999'999};
    return check;
}

/// The refusal of `ticket` under `check`, or "" when it is accepted.
std::string refusal(Ticket const& ticket, TicketCheck const& check) {
    auto const result = check_ticket(ticket, check, key_of(1));
    if (result) return "";
    EXPECT_EQ(result.error().code, Errc::denied);
    return result.error().message;
}

// RFC 4231, test cases 2 and 6 (a key longer than a block).
TEST(Hmac, AgreesWithRfc4231) {
    EXPECT_EQ(
        to_hex(hmac_sha256(as_bytes("what do ya want for nothing?"), as_bytes("Jefe"))),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    Bytes const long_key(131, std::byte{0xAA});
    EXPECT_EQ(
        to_hex(hmac_sha256(
            as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"), long_key
        )),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    );
}

TEST(Hmac, EmptyKeyAndMessageAreAllowed) {
    EXPECT_EQ(
        to_hex(hmac_sha256({}, {})),
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
    );
}

TEST(EqualSecret, ComparesLengthAndBytes) {
    EXPECT_TRUE(equal_secret(as_bytes("abc"), as_bytes("abc")));
    EXPECT_FALSE(equal_secret(as_bytes("abc"), as_bytes("abd")));
    EXPECT_FALSE(equal_secret(as_bytes("abc"), as_bytes("ab")));
    EXPECT_TRUE(equal_secret({}, {}));
}

TEST(Ticket, AcceptedForExactlyWhatItSays) { EXPECT_EQ(refusal(put_ticket(), put_check()), ""); }

TEST(Ticket, RefusalNamesWhatIsWrong) {
    struct Case {
        std::string_view word;
        std::function<void(TicketCheck&)> change;
    };
    Case const cases[] = {
        {"verb", [](TicketCheck& check) { check.verb = Verb::get; }},
        {"shard", [](TicketCheck& check) { check.shard.index = 6; }},
        {"length", [](TicketCheck& check) { check.size_bytes = 1001; }},
        {"node", [](TicketCheck& check) { check.node = MemberId{5}; }},
        {"epoch", [](TicketCheck& check) { check.epoch_least = 13; }},
        {"expired", [](TicketCheck& check) { check.now = Timestamp{2'000'000}; }},
    };
    for (auto const& each : cases) {
        auto check = put_check();
        each.change(check);
        EXPECT_THAT(refusal(put_ticket(), check), HasSubstr(each.word));
    }
}

// Each field is changed after signing, so only the MAC can tell.
TEST(Ticket, ChangedFieldBreaksTheMac) {
    std::function<void(Ticket&)> const changes[] = {
        [](Ticket& ticket) { ticket.verb = Verb::remove; },
        [](Ticket& ticket) { ticket.shard.upload.block = 8; },
        [](Ticket& ticket) { ticket.shard.upload.index = 8; },
        [](Ticket& ticket) { ticket.shard.stripe = 4; },
        [](Ticket& ticket) { ticket.shard.index = 4; },
        [](Ticket& ticket) { ticket.size_max = 1001; },
        [](Ticket& ticket) { ticket.node = MemberId{5}; },
        [](Ticket& ticket) { ticket.epoch = 13; },
        [](Ticket& ticket) { ticket.expires = Timestamp{3'000'000}; },
        [](Ticket& ticket) { ticket.mac[31] ^= std::byte{1}; },
    };
    for (auto const& change : changes) {
        auto ticket = put_ticket();
        change(ticket);
        EXPECT_THAT(refusal(ticket, put_check()), HasSubstr("MAC"));
    }
}

TEST(Ticket, OfAnotherKeyIsRefused) {
    EXPECT_FALSE(check_ticket(put_ticket(), put_check(), key_of(2)));
}

TEST(Receipt, SignedOverEveryField) {
    Receipt receipt;
    receipt.shard = some_shard();
    receipt.node = MemberId{4};
    receipt.size_bytes = 100;
    receipt.root = 0xABCD;
    receipt.sequence = 77;
    receipt.mac = sign_receipt(receipt, key_of(1));
    EXPECT_TRUE(is_signed(receipt, key_of(1)));
    EXPECT_FALSE(is_signed(receipt, key_of(2)));

    std::function<void(Receipt&)> const changes[] = {
        [](Receipt& changed) { changed.shard.index = 1; },
        [](Receipt& changed) { changed.node = MemberId{5}; },
        [](Receipt& changed) { changed.size_bytes = 101; },
        [](Receipt& changed) { changed.root = 1; },
        [](Receipt& changed) { changed.sequence = 78; },
        [](Receipt& changed) { changed.mac[0] ^= std::byte{1}; },
    };
    for (auto const& change : changes) {
        auto changed = receipt;
        change(changed);
        EXPECT_FALSE(is_signed(changed, key_of(1)));
    }
}

}  // namespace
}  // namespace disgrafs::wire
