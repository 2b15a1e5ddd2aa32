/// \file gateway/versions.cpp  The versions of a file that are kept, and an older one made the
/// newest again.

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "gateway/answers.hpp"
#include "gateway/uploads.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

constexpr std::size_t piece_bytes = 4U << 20U;

Task<void> show_versions(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    CO_TRY(auto const id, id_capture(exchange.request()));
    CO_TRY(auto const versions, co_await services.files.versions(exchange.context(), id));
    json::array list;
    for (auto const& version : versions) {
        list.push_back(json::object{
            {"version", version.version},
            {"size", version.size_bytes},
            {"sha256", version.sha256},
            {"created", to_rfc3339(version.created)},
            {"by", version.by},
            {"current", version.is_current}
        });
    }
    json::object const out{{"versions", std::move(list)}};
    co_return co_await send_json(exchange, 200, out);
}

/// Its bytes, piece by piece: contents are owned by one version each, so they are written anew.
Task<void> copy(
    Services& services,
    wire::HttpExchange& exchange,
    files::VersionInfo const& from,
    files::Upload& to,
    Uploads::Running& progress
) {
    std::uint64_t at = 0;
    while (at < from.size_bytes) {
        auto const left = std::min<std::uint64_t>(piece_bytes, from.size_bytes - at);
        auto const size = static_cast<std::size_t>(left);
        auto reading = services.files.read(exchange.context(), from.content, at, size);
        CO_TRY(auto piece, co_await std::move(reading));
        if (piece.empty()) co_return fail(Errc::corrupt, "the version is shorter than it says");
        at += piece.size();
        progress.add(piece.size());
        CO_TRY_OK(co_await to.write(std::move(piece)));
    }
    co_return Result<void>();
}

Task<void> restore_version(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    CO_TRY(auto const id, id_capture(exchange.request()));
    CO_TRY(auto const number, parse_number(exchange.request().captures.at(1)));
    CO_TRY(auto const entry, co_await services.files.entry(exchange.context(), id));
    CO_TRY(auto const version, co_await services.files.version(exchange.context(), id, number));
    if (version.is_current) {
        auto const unchanged = to_json(entry);
        co_return co_await send_json(exchange, 200, unchanged);
    }
    // What somebody else writes meanwhile is not replaced.
    files::PutOptions const options{
        .size = version.size_bytes,
        .media_type = entry.media_type,
        .must_be_new = false,
        .must_match = entry.sha256
    };
    CO_TRY(
        auto const upload,
        co_await services.files.begin_put(exchange.context(), entry.path, options)
    );
    auto const progress =
        services.uploads->begin(exchange.context(), entry.path, version.size_bytes);
    CO_TRY_OK(co_await copy(services, exchange, version, *upload, *progress));
    CO_TRY(auto const done, co_await upload->finish());
    progress->finish();
    auto const out = to_json(done.entry);
    co_return co_await send_json(exchange, 200, out);
}

}  // namespace

void add_version_routes(RouteTable& table) {
    table.signed_in("GET", "/api/v1/nodes/{id}/versions", "versions", show_versions);
    table.signed_in(
        "POST", "/api/v1/nodes/{id}/versions/{version}/restore", "restore_version", restore_version
    );
}

}  // namespace disgrafs::gateway
