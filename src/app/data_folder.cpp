#include "app/data_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

namespace disgrafs::app {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

std::string reason() { return std::strerror(errno); }

/// Bind once, as a server would; the port is free again when this returns.
Result<std::uint16_t> try_bind(std::string const& host, std::uint16_t port) {
    auto const is_v6 = host.find(':') != std::string::npos;
    auto const family = is_v6 ? AF_INET6 : AF_INET;
    auto const handle = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (handle < 0) return fail(Errc::io, "socket: {}", reason());
    int const yes = 1;
    ::setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_storage storage{};
    socklen_t size = 0;
    if (is_v6) {
        auto* six = reinterpret_cast<sockaddr_in6*>(&storage);
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        size = ::inet_pton(AF_INET6, host.c_str(), &six->sin6_addr) == 1 ? sizeof *six : 0;
    } else {
        auto* four = reinterpret_cast<sockaddr_in*>(&storage);
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        size = ::inet_pton(AF_INET, host.c_str(), &four->sin_addr) == 1 ? sizeof *four : 0;
    }
    if (size == 0) {
        ::close(handle);
        return fail(Errc::invalid, "'{}' is not an IP address", host);
    }
    auto* const address = reinterpret_cast<sockaddr*>(&storage);
    auto const bound = ::bind(handle, address, size) == 0 && ::listen(handle, 1) == 0;
    auto const why = errno;
    if (bound) ::getsockname(handle, address, &size);
    ::close(handle);
    if (!bound) {
        auto const code = why == EADDRINUSE ? Errc::conflict : Errc::invalid;
        return fail(code, "bind {} port {}: {}", host, port, std::strerror(why));
    }
    auto const got = is_v6 ? reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port
                           : reinterpret_cast<sockaddr_in*>(&storage)->sin_port;
    return ntohs(got);
}

json::object to_json(MemberFacts const& member) {
    return {
        {"id", member.choice.id},
        {"role", member.choice.role},
        {"address", member.choice.address},
        {"pid", member.pid},
        {"data", member.data}
    };
}

/// The text of a JSON member, or empty.
std::string text_of(json::object const& object, char const* name) {
    auto const* found = object.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

}  // namespace

Result<std::string> default_data_folder() {
    if (auto const* xdg = std::getenv("XDG_DATA_HOME"); xdg != nullptr && *xdg == '/') {
        return std::string(xdg) + "/disgrafs";
    }
    if (auto const* home = std::getenv("HOME"); home != nullptr && *home == '/') {
        return std::string(home) + "/.local/share/disgrafs";
    }
    return fail(Errc::invalid, "neither XDG_DATA_HOME nor HOME is set: say where with --data DIR");
}

Result<std::string> read_small_file(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(errno == ENOENT ? Errc::not_found : Errc::io, "{}: {}", path, reason());
    return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<void> replace_small_file(std::string const& path, std::string const& text, unsigned mode) {
    auto const draft = path + ".new";
    auto const file =
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
    if (file < 0) return fail(Errc::io, "{}: {}", draft, reason());
    auto const done = ::write(file, text.data(), text.size());
    auto const is_written = done == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    auto const is_closed = ::close(file) == 0;
    if (!is_written || !is_closed) return fail(Errc::io, "write {}: {}", draft, reason());
    if (std::rename(draft.c_str(), path.c_str()) != 0) {
        return fail(Errc::io, "rename {}: {}", draft, reason());
    }
    auto const folder = ::open(fs::path(path).parent_path().c_str(), O_RDONLY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return {};
}

Result<std::uint16_t> free_port(std::string const& host) { return try_bind(host, 0); }

Result<void> check_port(std::string const& host, std::uint16_t port) {
    auto const bound = try_bind(host, port);
    if (bound) return {};
    if (bound.error().code != Errc::conflict) return std::unexpected(bound.error());
    return fail(
        Errc::conflict,
        "port {} on {} is in use by another program: choose another with --port",
        port,
        host
    );
}

DataFolder::DataFolder(std::string path, int lock, bool is_new)
    : path_(std::move(path)), lock_(lock), is_new_(is_new) {}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)),
      lock_(std::exchange(other.lock_, -1)),
      is_new_(other.is_new_) {}

DataFolder::~DataFolder() {
    if (lock_ >= 0) ::close(lock_);
}

Result<DataFolder> DataFolder::open(std::string path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) return fail(Errc::io, "cannot make the data folder {}: {}", path, error.message());
    path = fs::canonical(path, error).string();
    if (error) return fail(Errc::io, "{}: {}", path, error.message());

    auto const is_ours = fs::exists(path + "/up.json", error);
    auto const has_lock = fs::exists(path + "/up.lock", error);
    if (!is_ours && !has_lock && !fs::is_empty(path, error)) {
        return fail(
            Errc::conflict,
            "{} is not empty and holds no DisGraFS cluster: choose another folder with --data",
            path
        );
    }
    auto const name = path + "/up.lock";
    auto const lock = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) return fail(Errc::io, "{}: {}", name, reason());
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        return fail(
            Errc::conflict,
            "{} is in use by another `disgrafs up`: stop that one, or choose another --data",
            path
        );
    }
    return DataFolder(path, lock, !is_ours);
}

Result<Choices> DataFolder::load_choices() const {
    TRY(auto const text, read_small_file(file("up.json")));
    boost::system::error_code error;
    auto const parsed = json::parse(text, error);
    if (error || !parsed.is_object()) {
        return fail(
            Errc::corrupt, "{} is not readable: restore it or use a new --data", file("up.json")
        );
    }
    auto const& object = parsed.get_object();
    Choices choices;
    auto const* samples = object.if_contains("has_samples");
    choices.has_samples = samples != nullptr && samples->is_bool() && samples->get_bool();
    auto const* members = object.if_contains("members");
    if (members == nullptr || !members->is_array()) {
        return fail(Errc::corrupt, "{} lacks its members", file("up.json"));
    }
    for (auto const& member : members->get_array()) {
        if (!member.is_object()) continue;
        auto const& facts = member.get_object();
        choices.members.push_back(
            {text_of(facts, "id"), text_of(facts, "role"), text_of(facts, "address")}
        );
    }
    return choices;
}

Result<void> DataFolder::save_choices(Choices const& choices) const {
    json::array members;
    for (auto const& member : choices.members) {
        members.push_back(
            json::object{{"id", member.id}, {"role", member.role}, {"address", member.address}}
        );
    }
    json::object const object{{"has_samples", choices.has_samples}, {"members", members}};
    return replace_small_file(file("up.json"), json::serialize(object) + "\n", 0600);
}

Result<void> DataFolder::write_ready(
    std::string const& url, std::vector<MemberFacts> const& members
) const {
    json::array list;
    for (auto const& member : members) {
        if (member.pid != 0) list.push_back(to_json(member));
    }
    json::object const object{{"url", url}, {"pid", ::getpid()}, {"members", list}};
    return replace_small_file(file("ready.json"), json::serialize(object) + "\n", 0644);
}

void DataFolder::remove_ready() const { ::unlink(file("ready.json").c_str()); }

}  // namespace disgrafs::app
