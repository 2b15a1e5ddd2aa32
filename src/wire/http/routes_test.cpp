#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/http.hpp"

namespace disgrafs::wire {
namespace {

using testing::ElementsAre;

HttpRoutes some_routes() {
    HttpRoutes routes;
    routes.add("GET", "/{path*}", "page", {});
    routes.add("GET", "/api/v1/files/{path*}", "get_file", {});
    routes.add("PUT", "/api/v1/files/{path*}", "put_file", {});
    routes.add("GET", "/api/v1/nodes/{id}", "node", {});
    routes.add("GET", "/api/v1/nodes/new", "new_node", {});
    routes.add("POST", "/api/v1/nodes/{id}/tags/{tag}", "tag", {});
    routes.add("POST", "/api/v1/login", "login", {});
    routes.add("GET", "/only", "only", {});
    routes.add("GET", "/only/{rest*}", "only_rest", {});
    return routes;
}

struct Found {
    std::string op;
    std::vector<std::string> captures;
    std::vector<std::string> allowed;
};

Found find(std::string_view method, std::string_view path) {
    static HttpRoutes const routes = some_routes();
    Found found;
    auto const* const route = routes.find(method, path, found.captures, found.allowed);
    if (route != nullptr) found.op = route->op;
    return found;
}

TEST(HttpRoutes, MostSpecificPatternWins) {
    EXPECT_EQ(find("GET", "/api/v1/nodes/new").op, "new_node");
    EXPECT_EQ(find("GET", "/api/v1/nodes/7").op, "node");
    EXPECT_EQ(find("GET", "/api/v1/nodes/7/more").op, "page");
    EXPECT_EQ(find("GET", "/api/v1/files").op, "get_file");
    EXPECT_EQ(find("GET", "/only").op, "only");
    EXPECT_EQ(find("GET", "/only/").op, "only_rest");
    EXPECT_EQ(find("GET", "/").op, "page");
}

TEST(HttpRoutes, CapturesAreDecoded) {
    EXPECT_THAT(find("POST", "/api/v1/nodes/7/tags/a%20b").captures, ElementsAre("7", "a b"));
    EXPECT_THAT(
        find("PUT", "/api/v1/files/%E8%AE%BA%E6%96%87/a%2Fb/../c").captures,
        ElementsAre("论文/a/b/../c")
    );
    EXPECT_THAT(find("PUT", "/api/v1/files/").captures, ElementsAre(""));
    EXPECT_THAT(find("PUT", "/api/v1/files").captures, ElementsAre(""));
    EXPECT_THAT(find("PUT", "/api/v1/files//x/").captures, ElementsAre("/x/"));
    EXPECT_TRUE(find("POST", "/api/v1/login").captures.empty());
}

TEST(HttpRoutes, EmptySegmentIsNoId) { EXPECT_EQ(find("POST", "/api/v1/nodes//tags/x").op, ""); }

TEST(HttpRoutes, OtherMethodsOfThePatternAreAllowed) {
    auto const found = find("DELETE", "/api/v1/files/a");
    EXPECT_EQ(found.op, "");
    EXPECT_THAT(found.allowed, ElementsAre("GET", "HEAD", "PUT"));
    EXPECT_THAT(find("GET", "/api/v1/login").allowed, ElementsAre("POST"));
}

TEST(HttpRoutes, HeadGoesToGetUnlessItHasItsOwn) {
    EXPECT_EQ(find("HEAD", "/api/v1/files/a").op, "get_file");
    HttpRoutes routes;
    routes.add("GET", "/a", "get", {});
    routes.add("HEAD", "/a", "head", {});
    std::vector<std::string> captures;
    std::vector<std::string> allowed;
    EXPECT_EQ(routes.find("HEAD", "/a", captures, allowed)->op, "head");
}

TEST(HttpRoutes, UnknownPathAllowsNothing) {
    HttpRoutes routes;
    routes.add("GET", "/a", "get", {});
    std::vector<std::string> captures;
    std::vector<std::string> allowed;
    for (auto const* const path : {"/b", "/a/", "/a/b", "", "*", "a"}) {
        EXPECT_EQ(routes.find("GET", path, captures, allowed), nullptr) << path;
        EXPECT_TRUE(allowed.empty()) << path;
    }
}

}  // namespace
}  // namespace disgrafs::wire
