/// Bytes of tests/fixtures/kv, made a second time by a Python script: version 1 is written like
/// this, and read for ever.

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "kv/event_format.hpp"
#include "kv/log_format.hpp"

namespace disgrafs::kv {
namespace {

Bytes counted(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i);
    return bytes;
}

std::vector<EventPtr> golden_events() {
    auto const shared = [](Event event) { return std::make_shared<Event const>(std::move(event)); };
    return {
        shared({1, {{"a", to_bytes("one")}, {std::string("b\0\xff", 3), Bytes()}}}),
        shared({2, {{"a", std::nullopt}, {"文", counted(200)}}}),
        shared({3, {{"c", to_bytes("three")}}}),
    };
}

/// The word behind `name`, or the first one.
Bytes golden(std::string const& file_name, std::string const& name) {
    std::ifstream file(DISGRAFS_FIXTURES "/kv/" + file_name);
    std::string word;
    while (file >> word && word != name && !name.empty()) file >> word;
    if (!name.empty()) file >> word;
    auto const bytes = from_hex(word);
    EXPECT_TRUE(bytes && !bytes->empty()) << file_name;
    return bytes.value_or(Bytes());
}

TEST(GoldenBytes, EventIsWrittenAndReadByteForByte) {
    auto const bytes = golden("event-1.hex", "");
    auto const events = golden_events();
    auto const& wanted = *events[1];
    EXPECT_EQ(to_hex(encode_event(wanted)), to_hex(bytes));
    auto const event = decode_event(2, bytes);
    ASSERT_TRUE(event) << event.error().message;
    EXPECT_EQ(event->revision, 2U);
    ASSERT_EQ(event->writes.size(), 2U);
    EXPECT_FALSE(event->writes[0].value);
    EXPECT_EQ(event->writes[1].key, "文");
    EXPECT_EQ(event->writes[1].value, counted(200));
}

TEST(GoldenBytes, EveryCutAndEveryForeignByteOfAnEventIsRefused) {
    auto const bytes = golden("event-1.hex", "");
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(decode_event(2, ByteView(bytes).first(size))) << size;
    }
    auto other = bytes;
    other[0] = std::byte{2};
    EXPECT_FALSE(decode_event(2, other)) << "another version";
    other = bytes;
    other[4] = std::byte{9};
    EXPECT_FALSE(decode_event(2, other)) << "another kind";
    EXPECT_FALSE(decode_event(2, ByteWriter().u8(1).varint(1ULL << 60U).take())) << "too many";
}

TEST(GoldenBytes, LogIsWrittenAndReadByteForByte) {
    auto const events = golden_events();
    auto log = encode_group({1, {events[0], events[1]}});
    auto const second = encode_group({2, {events[2]}});
    log.insert(log.end(), second.begin(), second.end());
    auto const bytes = golden("log-1.hex", "log");
    EXPECT_EQ(to_hex(log), to_hex(bytes));
    auto const found = decode_group(bytes);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->group.number, 1U);
    EXPECT_EQ((*found)->group.events.size(), 2U);
    EXPECT_EQ((*found)->size_bytes, 512U);
    EXPECT_TRUE(has_later_group(bytes, 1));
    EXPECT_FALSE(has_later_group(bytes, 2));
}

TEST(GoldenBytes, SnapshotIsWrittenAndReadByteForByte) {
    LogSnapshot const snapshot{
        3,
        2,
        {{std::string("b\0\xff", 3), {}, 1}, {"c", to_bytes("three"), 3}, {"文", counted(200), 2}},
    };
    auto const bytes = golden("log-1.hex", "snapshot");
    EXPECT_EQ(to_hex(encode_snapshot(snapshot)), to_hex(bytes));
    auto const read = decode_snapshot(bytes);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->revision, 3U);
    EXPECT_EQ(read->entries.size(), 3U);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        auto flipped = bytes;
        flipped[at] ^= std::byte{0x10};
        EXPECT_FALSE(decode_snapshot(flipped)) << at;
        EXPECT_FALSE(decode_snapshot(ByteView(bytes).first(at))) << at;
    }
}

}  // namespace
}  // namespace disgrafs::kv
