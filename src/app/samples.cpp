#include "app/samples.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "app/data_folder.hpp"
#include "app/program.hpp"
#include "base/text.hpp"

namespace disgrafs::app {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

std::string_view trimmed(std::string_view text) {
    auto const end = text.find_last_not_of("\r\n \t");
    return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

std::vector<fs::path> files_below(fs::path const& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error)) {
        if (at->is_regular_file(error)) files.push_back(at->path());
    }
    std::ranges::sort(files);
    return files;
}

Task<std::string> sign_in(wire::HttpClient& client, std::string url, std::string password) {
    json::object const credentials{{"user", "admin"}, {"password", trimmed(password)}};
    wire::HttpCall call;
    call.method = "POST";
    call.url = url + "/api/v1/login";
    call.headers["Content-Type"] = "application/json";
    call.body = json::serialize(credentials);
    CO_TRY(auto const got, co_await client.call(std::move(call)));
    boost::system::error_code error;
    auto const parsed = json::parse(got.body, error);
    auto const* token =
        error || !parsed.is_object() ? nullptr : parsed.get_object().if_contains("token");
    if (got.status != 200 || token == nullptr || !token->is_string()) {
        co_return fail(Errc::denied, "sign in as admin answered {}: {}", got.status, got.body);
    }
    co_return std::string(token->get_string());
}

}  // namespace

Task<void> put_samples(wire::HttpClient& client, std::string url, std::string password) {
    CO_TRY(auto const folder, shared_folder("samples"));
    CO_TRY(auto const token, co_await sign_in(client, url, password));
    for (auto const& path : files_below(folder)) {
        CO_TRY(auto content, read_small_file(path.string()));
        auto const name = fs::relative(path, folder).string();
        wire::HttpCall call;
        call.method = "PUT";
        call.url = url + "/api/v1/files/samples/" + percent_encode(name, "/");
        call.headers["Authorization"] = "Bearer " + token;
        call.body = std::move(content);
        CO_TRY(auto const got, co_await client.call(std::move(call)));
        if (got.status != 200 && got.status != 201) {
            co_return fail(Errc::unavailable, "put {} answered {}: {}", name, got.status, got.body);
        }
    }
    co_return Result<void>{};
}

}  // namespace disgrafs::app
