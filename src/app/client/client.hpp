#pragma once

/// \file app/client/client.hpp  The API as the command line uses it.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "app/client/credentials.hpp"
#include "base/bytes.hpp"
#include "io/clock.hpp"
#include "io/network.hpp"
#include "io/task.hpp"
#include "wire/http.hpp"

namespace disgrafs::app {

class Client {
 public:
    /// `tls`: whom to believe when the address is https (trust_for).
    Client(
        boost::asio::any_io_executor executor,
        Credentials credentials,
        std::shared_ptr<wire::TlsContext const> tls
    );

    /// `path` below /api/v1. A problem becomes an Error with its detail, hint and request id.
    Task<boost::json::value> get(std::string path);
    Task<boost::json::value> send(std::string method, std::string path, boost::json::value body);
    Task<boost::json::value> remove(std::string path);

    /// PUT /files: pieces from `source` until an empty one.
    Task<boost::json::value> upload(
        std::string path, std::optional<std::uint64_t> size, std::function<Task<Bytes>()> source
    );
    /// GET /files; the pieces go to `sink`.
    Task<void> download(std::string path, std::function<Task<void>(Bytes)> sink);

    [[nodiscard]] Clock& clock() { return *clock_; }

 private:
    Task<boost::json::value> call(wire::HttpCall call);

    Credentials credentials_;
    std::unique_ptr<Clock> clock_;
    std::unique_ptr<Network> network_;
    std::unique_ptr<wire::HttpClient> http_;
};

/// "/a b" → "/files/a%20b". A path that does not start with '/' is taken from the root.
std::string api_path(std::string const& kind, std::string const& path);

/// Text or number of a JSON object, or empty / 0.
std::string text_of(boost::json::object const& object, std::string_view name);
std::uint64_t number_of(boost::json::object const& object, std::string_view name);

/// Runs `verb` with the saved credentials on a loop; its error is printed. The exit status.
int run_client(std::function<Task<void>(Client&)> verb);
/// The same for a verb that starts tasks of its own.
int run_client_on(std::function<Task<void>(boost::asio::any_io_executor, Client&)> verb);

void print_json(boost::json::value const& value);

}  // namespace disgrafs::app
