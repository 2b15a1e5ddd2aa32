#include "wire/ticket.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/assert.hpp"
#include "wire/message_parts.hpp"
#include "wire/shard_service.hpp"

namespace disgrafs::wire {
namespace {

// The first bytes of every signed text say what it is, so that a MAC of one kind is never one of
// the other. docs/formats/frames.md has both texts with an example.
constexpr std::string_view ticket_kind = "DisGraFS ticket 1";
constexpr std::string_view receipt_kind = "DisGraFS receipt 1";

Mac mac_of(Ticket const& ticket, Key const& key) {
    ByteWriter text;
    text.text(ticket_kind).u8(static_cast<std::uint8_t>(ticket.verb));
    write(text, ticket.shard);
    text.u32(ticket.size_max).u64(ticket.node.value).u64(ticket.epoch);
    text.u64(static_cast<std::uint64_t>(ticket.expires.us));
    return hmac_sha256(text.view(), key);
}

std::string_view name_of(Verb verb) {
    switch (verb) {
        case Verb::put:
            return "put";
        case Verb::get:
            return "get";
        case Verb::remove:
            return "remove";
        case Verb::list:
            return "list";
    }
    return "an unknown verb";
}

}  // namespace

Ticket sign_ticket(Ticket ticket, Key const& key) {
    ticket.mac = mac_of(ticket, key);
    return ticket;
}

// The MAC first: of a forged ticket nothing else is told.
Result<void> check_ticket(Ticket const& ticket, TicketCheck const& check, Key const& key) {
    if (!equal_secret(mac_of(ticket, key), ticket.mac)) {
        return fail(Errc::denied, "ticket: the MAC is wrong");
    }
    if (ticket.node != check.node) {
        return fail(
            Errc::denied, "ticket: for node {}, not for {}", ticket.node.value, check.node.value
        );
    }
    if (ticket.verb != check.verb) {
        return fail(
            Errc::denied,
            "ticket: the verb is {}, not {}",
            name_of(ticket.verb),
            name_of(check.verb)
        );
    }
    if (ticket.shard != check.shard) {
        return fail(Errc::denied, "ticket: for another shard");
    }
    if (check.size_bytes > ticket.size_max) {
        return fail(
            Errc::denied,
            "ticket: the length is {} bytes, at most {} are allowed",
            check.size_bytes,
            ticket.size_max
        );
    }
    if (ticket.epoch < check.epoch_least) {
        return fail(
            Errc::denied,
            "ticket: of epoch {}, at least {} is needed",
            ticket.epoch,
            check.epoch_least
        );
    }
    if (ticket.expires <= check.now) {
        auto const late = check.now - ticket.expires;
        return fail(Errc::denied, "ticket: expired {} ms ago", late.count() / 1000);
    }
    return {};
}

Mac sign_receipt(Receipt const& receipt, Key const& key) {
    ByteWriter text;
    text.text(receipt_kind);
    write(text, receipt.shard);
    text.u64(receipt.node.value).u32(receipt.size_bytes).u32(receipt.root).u64(receipt.sequence);
    return hmac_sha256(text.view(), key);
}

bool is_signed(Receipt const& receipt, Key const& key) {
    return equal_secret(sign_receipt(receipt, key), receipt.mac);
}

Mac hmac_sha256(ByteView message, ByteView key) {
    static constexpr std::byte none{};  // OpenSSL takes a null pointer for a missing argument
    Mac mac{};
    unsigned size = 0;
    auto const* const done = HMAC(
        EVP_sha256(),
        key.empty() ? &none : key.data(),
        static_cast<int>(key.size()),
        reinterpret_cast<unsigned char const*>(message.empty() ? &none : message.data()),
        message.size(),
        reinterpret_cast<unsigned char*>(mac.data()),
        &size
    );
    DISGRAFS_ASSERT(done != nullptr && size == mac.size(), "OpenSSL gave {} bytes of HMAC", size);
    return mac;
}

bool equal_secret(ByteView a, ByteView b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace disgrafs::wire
