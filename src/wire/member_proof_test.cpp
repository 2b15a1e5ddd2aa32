#include "wire/member_proof.hpp"

#include <gtest/gtest.h>

namespace disgrafs::wire {
namespace {

Key key_of(unsigned char filler) {
    Key key{};
    key.fill(std::byte{filler});
    return key;
}

TEST(MemberProof, DependsOnKeyAndEveryPart) {
    auto const proof = session_proof(key_of(1), "abcd");
    EXPECT_EQ(proof.size(), 64U);
    EXPECT_TRUE(equal_proof(proof, session_proof(key_of(1), "abcd")));
    EXPECT_FALSE(equal_proof(proof, session_proof(key_of(2), "abcd")));
    EXPECT_FALSE(equal_proof(proof, session_proof(key_of(1), "abce")));
    EXPECT_FALSE(equal_proof(proof, proof.substr(1)));
    auto const again = rejoin_proof(key_of(1), "d-1", "127.0.0.1:1");
    EXPECT_NE(again, rejoin_proof(key_of(1), "d-2", "127.0.0.1:1"));
    EXPECT_NE(again, rejoin_proof(key_of(1), "d-1", "127.0.0.1:2"));
}

// openssl: printf 'memberabcd' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0101…01
TEST(MemberProof, AgreesWithOpenssl) {
    EXPECT_EQ(
        session_proof(key_of(1), "abcd"),
        "ff142971290b1c6b30a60a6b695c69c326923cc60638fa8b25069c77f7553669"
    );
}

TEST(MemberProof, MessagesReadWhatWasWrittenAndRefuseTheRest) {
    EXPECT_EQ(*parse_challenge(challenge_json("00ff")), "00ff");
    EXPECT_EQ(*parse_proof(proof_json("ab")), "ab");
    for (auto const* const bad :
         {"", "{}", "[]", R"({"nonce":""})", R"({"nonce":1})", "{\"nonce\":\"a"}) {
        EXPECT_FALSE(parse_challenge(bad)) << bad;
        EXPECT_FALSE(parse_proof(bad)) << bad;
    }
    EXPECT_FALSE(parse_proof(proof_json(std::string(129, 'a'))));
}

}  // namespace
}  // namespace disgrafs::wire
