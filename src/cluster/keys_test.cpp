#include "cluster/keys.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"

namespace disgrafs::cluster {
namespace {

constexpr UploadId upload{.block = 0x0102030405060708, .index = 9};

TEST(Keys, ReadBackAndSortLikeTheirNumbers) {
    StripeId const id{.upload = upload, .stripe = 258};
    EXPECT_EQ(*parse_stripe_key(stripe_key(id)), id);
    EXPECT_EQ(*parse_stripe_key(stripe_repair_key(id)), id);
    EXPECT_EQ(*parse_upload_key(upload_key(upload)), upload);
    EXPECT_EQ(*parse_upload_key(content_key(upload)), upload);
    EXPECT_EQ(*parse_upload_key(content_repair_key(upload)), upload);
    EXPECT_EQ(*parse_block_key(block_key(77)), 77U);
    EXPECT_LT(
        stripe_key({.upload = upload, .stripe = 255}), stripe_key({.upload = upload, .stripe = 256})
    );
    EXPECT_TRUE(stripe_key(id).starts_with(stripe_prefix(upload)));
}

TEST(Keys, OfOtherKindsAreRefused) {
    for (auto const& key :
         {std::string(), std::string("M"), block_key(1), content_key(upload), std::string("Vxx")}) {
        EXPECT_FALSE(parse_stripe_key(key)) << to_hex(as_bytes(key));
    }
    EXPECT_FALSE(parse_upload_key(stripe_key({.upload = upload, .stripe = 1})));
    EXPECT_FALSE(parse_upload_key("V123"));
    EXPECT_FALSE(parse_block_key(upload_key(upload)));
}

TEST(Keys, GoldenBytes) {
    EXPECT_EQ(
        to_hex(as_bytes(stripe_key({.upload = upload, .stripe = 3}))),
        "4d0102030405060708000000000000000900000003"
    );
    EXPECT_EQ(to_hex(as_bytes(content_repair_key(upload))), "526301020304050607080000000000000009");
}

}  // namespace
}  // namespace disgrafs::cluster
