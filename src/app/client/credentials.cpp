#include "app/client/credentials.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <sys/stat.h>

#include "app/data_folder.hpp"

namespace disgrafs::app {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

std::string environment(char const* name) {
    auto const* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

Result<std::string> login_file() {
    if (auto const xdg = environment("XDG_CONFIG_HOME"); xdg.starts_with('/')) {
        return xdg + "/disgrafs/login.json";
    }
    if (auto const home = environment("HOME"); home.starts_with('/')) {
        return home + "/.config/disgrafs/login.json";
    }
    return fail(
        Errc::not_found,
        "neither XDG_CONFIG_HOME nor HOME is set: use DISGRAFS_URL and DISGRAFS_TOKEN"
    );
}

std::string text_of(json::object const& object, char const* name) {
    auto const* found = object.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

}  // namespace

Result<std::string> tidy_url(std::string url) {
    if (url.empty()) return fail(Errc::invalid, "the address of the server is empty");
    if (url.find("://") == std::string::npos) url = "http://" + url;
    while (url.ends_with('/')) url.pop_back();
    if (!url.starts_with("http://") && !url.starts_with("https://")) {
        return fail(Errc::invalid, "'{}' is not an http address", url);
    }
    return url;
}

Result<Credentials> load_credentials() {
    Credentials out;
    out.url = environment("DISGRAFS_URL");
    out.token = environment("DISGRAFS_TOKEN");
    out.fingerprint = environment("DISGRAFS_FINGERPRINT");
    if (out.url.empty() || out.token.empty()) {
        TRY(auto const path, login_file());
        auto const text = read_small_file(path);
        if (!text && text.error().code == Errc::not_found) {
            return fail(Errc::denied, "sign in first: disgrafs login URL --user NAME");
        }
        if (!text) return std::unexpected(text.error());
        boost::system::error_code error;
        auto const parsed = json::parse(*text, error);
        if (error || !parsed.is_object()) {
            return fail(Errc::corrupt, "{} is not readable: sign in again", path);
        }
        if (out.url.empty()) {
            out.url = text_of(parsed.get_object(), "url");
            if (out.fingerprint.empty()) {
                out.fingerprint = text_of(parsed.get_object(), "fingerprint");
            }
        }
        if (out.token.empty()) out.token = text_of(parsed.get_object(), "token");
        out.user = text_of(parsed.get_object(), "user");
    }
    if (out.url.empty() || out.token.empty()) {
        return fail(Errc::denied, "sign in first: disgrafs login URL --user NAME");
    }
    TRY(out.url, tidy_url(out.url));
    return out;
}

Result<void> save_credentials(Credentials const& credentials) {
    TRY(auto const path, login_file());
    std::error_code error;
    fs::create_directories(fs::path(path).parent_path(), error);
    if (error) return fail(Errc::io, "{}: {}", path, error.message());
    json::object const object{
        {"url", credentials.url},
        {"fingerprint", credentials.fingerprint},
        {"user", credentials.user},
        {"token", credentials.token}
    };
    return replace_small_file(path, json::serialize(object) + "\n", 0600);
}

}  // namespace disgrafs::app
