#include "analysis/findings.hpp"

#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace disgrafs::analysis {
namespace {

AnalyseRequest example_request() {
    AnalyseRequest request;
    request.id = "42";
    request.name = "纠删码.md";
    request.media_type = "text/markdown";
    request.size_bytes = 12;
    request.limits = {.memory_bytes = 1 << 20, .time_ms = 1500};
    return request;
}

Findings example_findings() {
    Findings findings;
    findings.id = "42";
    findings.media_type = "text/markdown";
    findings.language = "en";
    findings.text_bytes = 13;
    findings.properties = {{"duration_s", 2.0}, {"title", "A \"b\""}, {"width", std::int64_t{-3}}};
    findings.tags = {{"Markdown", "format", 1, "kind/1"}};
    findings.candidates = {{"Erasure Code", "erasur code", 2, 0, 0.25}};
    findings.terms = {{"code", 3, "codes"}, {"disk", 1}};
    findings.phash = 0x0123456789ABCDEF;
    findings.references = {{"link", "a/b.md"}};
    findings.analyser = "disgrafs/1";
    findings.text = "Erasure Code\n";
    return findings;
}

/// The documented bytes (docs/formats/analyse.md): changing them changes the format.
constexpr std::string_view golden_request =
    R"({"id":"42","name":"纠删码.md","media_type":"text/markdown","size":12,"truncated":false,)"
    R"("limits":{"memory_bytes":1048576,"time_ms":1500}})";
constexpr std::string_view golden_findings =
    R"({"id":"42","status":"ok","media_type":"text/markdown","text_bytes":13,)"
    R"("analyser":"disgrafs/1","language":"en","phash":"0123456789abcdef",)"
    R"("properties":{"duration_s":2.0,"title":"A \"b\"","width":-3},)"
    R"("tags":[{"name":"Markdown","kind":"format","score":1,"by":"kind/1"}],)"
    R"("candidates":[{"phrase":"Erasure Code","stem":"erasur code","count":2,"first":0,)"
    R"("singlerank":0.25}],"terms":[["code",3,"codes"],["disk",1]],)"
    R"("references":[{"how":"link","target":"a/b.md"}]})";

Result<Findings> decode(std::string_view json) { return decode_findings(json, ""); }

std::string with_tags(std::size_t count) {
    std::string tags;
    for (std::size_t i = 0; i < count; ++i) {
        tags +=
            (i == 0 ? "" : ",") + std::string(R"({"name":"n","kind":"k","score":0.5,"by":"b"})");
    }
    return R"({"status":"ok","tags":[)" + tags + "]}";
}

TEST(AnalyseRequest, IsWrittenAsDocumented) {
    EXPECT_EQ(encode_request(example_request()), golden_request);
}

TEST(AnalyseRequest, ReadsBackWhatWasWritten) {
    auto request = example_request();
    request.probe = "open";
    auto const read = decode_request(encode_request(request));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(encode_request(*read), encode_request(request));
}

TEST(AnalyseRequest, WithoutLimitsTakesTheDefaults) {
    auto const read = decode_request(R"({"id":"1","unknown":[1,2]})");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->limits.time_ms, AnalyseLimits{}.time_ms);
    EXPECT_EQ(read->limits.memory_bytes, AnalyseLimits{}.memory_bytes);
}

TEST(AnalyseRequest, BadOnesAreInvalid) {
    for (auto const* json :
         {"",
          "[]",
          "{",
          R"({"id":1})",
          R"({"size":-1})",
          R"({"size":1.5})",
          R"({"truncated":"yes"})",
          R"({"limits":{"time_ms":0}})",
          R"({"limits":{"time_ms":600001}})",
          R"({"limits":7})",
          R"({"name":"\ud800"})",
          R"([[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]])"}) {
        auto const read = decode_request(json);
        ASSERT_FALSE(read) << json;
        EXPECT_EQ(read.error().code, Errc::invalid);
    }
    auto const long_name = R"({"name":")" + std::string(256, 'a') + R"("})";
    EXPECT_FALSE(decode_request(long_name));
}

TEST(Findings, AreWrittenAsDocumented) {
    EXPECT_EQ(encode_findings(example_findings()), golden_findings);
}

TEST(Findings, ReadBackWhatWasWritten) {
    auto const findings = example_findings();
    auto const read = decode_findings(golden_findings, findings.text);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, findings);
}

/// Boost.JSON may read a double one bit off; what is written of it must not change for that.
TEST(Findings, NumbersSurviveAnyNumberOfRoundTrips) {
    auto findings = example_findings();
    for (int i = 1; i < 2000; ++i) {
        findings.candidates.resize(1);
        findings.candidates[0].singlerank = 1.0 / i;
        findings.properties["longitude"] = 180.0 / i;
        auto const written = encode_findings(findings);
        auto const read = decode_findings(written, "");
        ASSERT_TRUE(read) << read.error().message;
        ASSERT_EQ(encode_findings(*read), written);
    }
}

TEST(Findings, BeyondALimitAreInvalid) {
    EXPECT_TRUE(decode(with_tags(limits::tags)));
    EXPECT_FALSE(decode(with_tags(limits::tags + 1)));
    for (auto const* json :
         {"",
          "null",
          R"({})",
          R"({"status":"fine"})",
          R"({"status":"ok","tags":{}})",
          R"({"status":"ok","tags":[1]})",
          R"({"status":"ok","tags":[{"name":"n","score":1.01}]})",
          R"({"status":"ok","tags":[{"name":"n","score":-0.1}]})",
          R"({"status":"ok","tags":[{"name":"","score":0.1}]})",
          R"({"status":"ok","candidates":[{"phrase":"a","stem":"a","count":0}]})",
          R"({"status":"ok","candidates":[{"phrase":"a","stem":"","count":1}]})",
          R"({"status":"ok","terms":[["a"]]})",
          R"({"status":"ok","terms":[["a",0]]})",
          R"({"status":"ok","terms":[["a",4294967296]]})",
          R"({"status":"ok","terms":[[1,"a"]]})",
          R"({"status":"ok","terms":[["a",1,2]]})",
          R"({"status":"ok","terms":[["a",1,"a","a"]]})",
          R"({"status":"ok","phash":"0123"})",
          R"({"status":"ok","phash":"0123456789abcdeg"})",
          R"({"status":"ok","properties":{"a":null}})",
          R"({"status":"ok","properties":{"a":[1]}})",
          R"({"status":"ok","references":[{"how":"link","target":""}]})",
          R"({"status":"ok","text_bytes":-1})"}) {
        auto const read = decode(json);
        ASSERT_FALSE(read) << json;
        EXPECT_EQ(read.error().code, Errc::invalid);
    }
}

TEST(Findings, WithBrokenOrTooLongTextAreInvalid) {
    EXPECT_FALSE(decode_findings(R"({"status":"ok"})", "\xFF"));
    EXPECT_FALSE(decode_findings(R"({"status":"ok"})", std::string(limits::text_bytes + 1, 'a')));
    EXPECT_TRUE(decode_findings(R"({"status":"ok"})", std::string(limits::text_bytes, 'a')));
}

TEST(Trimmed, LeavesWhatIsWithinLimits) {
    EXPECT_EQ(trimmed(example_findings()), example_findings());
}

/// Whatever an analyser piles up, trimmed findings are accepted by decode_findings.
TEST(Trimmed, AlwaysDecodes) {
    Findings findings;
    findings.reason = std::string(1000, '\x01');
    findings.media_type = "text/\xFF";
    findings.language = "a-language-with-a-very-long-name";
    findings.text = std::string(limits::text_bytes - 1, 'a') + "码";
    for (int i = 0; i < 1000; ++i) {
        auto const number = std::to_string(i);
        findings.properties[number + std::string(100, 'p')] = std::string(5000, '\x02');
        findings.tags.push_back({number + std::string(200, 't'), "\xC3", 7, "b"});
        findings.candidates.push_back({number, number, 1, 0, -1});
        findings.terms.push_back({number, 1, std::string(static_cast<std::size_t>(i), 'w')});
        findings.references.push_back({std::string(99, 'h'), number + std::string(1000, '\x03')});
    }
    findings.tags[0].score = std::numeric_limits<double>::quiet_NaN();
    findings.candidates[0].singlerank = std::numeric_limits<double>::infinity();
    findings.candidates[1].phrase = "\xE7\xA0";
    auto const cut = trimmed(findings);
    auto const json = encode_findings(cut);
    EXPECT_LE(json.size(), limits::answer_json_bytes);
    auto const read = decode_findings(json, cut.text);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, cut);
    EXPECT_EQ(read->text.size(), limits::text_bytes - 1)
        << "a character is kept whole or not at all";
    EXPECT_EQ(read->media_type, "text/\uFFFD");
    EXPECT_EQ(read->candidates[0].singlerank, 0);
    EXPECT_EQ(read->candidates[1].phrase, "2") << "a broken phrase is dropped";
    EXPECT_EQ(read->terms.size(), limits::terms);
    EXPECT_EQ(read->terms[9].word, "wwwwwwwww");
    EXPECT_EQ(read->terms[99].word, "") << "half a word would be another";
}

}  // namespace
}  // namespace disgrafs::analysis
