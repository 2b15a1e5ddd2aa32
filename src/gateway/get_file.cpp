/// \file gateway/get_file.cpp  GET and HEAD /files/{path}: bytes, or one range of them (RFC 9110
/// §14).

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "gateway/answers.hpp"
#include "gateway/handlers.hpp"
#include "gateway/ranges.hpp"

namespace disgrafs::gateway {

namespace {

constexpr std::size_t piece_bytes = 4U << 20U;

/// What a browser may show by itself; all else is offered as a download, since it comes from users
/// and the page's own origin serves it.
bool is_safe_inline(std::string_view media_type) {
    return media_type.starts_with("image/") || media_type.starts_with("audio/") ||
           media_type.starts_with("video/") || media_type.starts_with("text/plain") ||
           media_type == "application/pdf";
}

wire::Headers headers_of(
    files::Entry const& entry, files::VersionInfo const& version, wire::HttpRequest const& request
) {
    wire::Headers headers;
    auto const is_download = text_query(request, "download") == "1";
    auto const is_inline = !is_download && is_safe_inline(entry.media_type) &&
                           !entry.media_type.starts_with("image/svg");
    headers["Content-Type"] = entry.media_type;
    headers["Content-Disposition"] = fmt::format(
        "{}; filename*=UTF-8''{}", is_inline ? "inline" : "attachment", percent_encode(entry.name)
    );
    headers["ETag"] = "\"" + version.sha256 + "\"";
    headers["Accept-Ranges"] = "bytes";
    headers["Cache-Control"] = "private, no-cache";
    headers["X-Content-Type-Options"] = "nosniff";
    headers["Content-Security-Policy"] =
        "sandbox; default-src 'none'; img-src 'self'; "
        "media-src 'self'; style-src 'unsafe-inline'";
    headers["Last-Modified"] = to_http_date(version.created);
    headers["X-Version"] = fmt::format("{}", version.version);
    return headers;
}

/// If-None-Match lists our tag, or is "*".
bool is_unchanged(wire::HttpRequest const& request, std::string const& etag) {
    auto const known = header(request, "If-None-Match");
    return known == "*" || (!known.empty() && known.find(etag) != std::string::npos);
}

/// The range that applies: none when If-Range names another version.
Result<std::optional<ByteRange>> range_of(
    wire::HttpRequest const& request, std::string const& etag, std::uint64_t size
) {
    auto const wanted = header(request, "Range");
    auto const only_if = header(request, "If-Range");
    if (wanted.empty() || (!only_if.empty() && only_if != etag)) return std::nullopt;
    return parse_range(wanted, size);
}

Task<void> send_bytes(
    Services& services, wire::HttpExchange& exchange, cluster::ContentId content, ByteRange range
) {
    auto at = range.first;
    auto const end = range.first + range.size;
    while (at < end) {
        auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, end - at));
        CO_TRY(auto piece, co_await services.files.read(exchange.context(), content, at, size));
        if (piece.empty())
            co_return fail(Errc::corrupt, "the content is shorter than its version says");
        at += piece.size();
        CO_TRY_OK(co_await exchange.write(std::move(piece)));
    }
    co_return co_await exchange.end();
}

}  // namespace

Task<void> get_file(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    auto const& request = exchange.request();
    Bounds const bounds{.least = 1, .most = UINT64_MAX, .fallback = 0};
    CO_TRY(auto const number, number_query(request, "version", bounds));
    CO_TRY(
        auto const entry, co_await services.files.find(exchange.context(), path_capture(request))
    );
    if (entry.kind != files::Kind::file) {
        co_return fail(Errc::invalid, "{} is a folder: list it at /folders", entry.path);
    }
    CO_TRY(
        auto const version, co_await services.files.version(exchange.context(), entry.id, number)
    );
    auto headers = headers_of(entry, version, request);
    auto const etag = headers["ETag"];
    if (is_unchanged(request, etag)) {
        wire::HttpAnswer unchanged{.status = 304, .headers = std::move(headers), .body = {}};
        co_return co_await exchange.send(std::move(unchanged));
    }
    auto const range = range_of(request, etag, version.size_bytes);
    if (!range) {
        auto refusal = wire::problem(range.error(), exchange.context(), 416);
        refusal.headers["Content-Range"] = fmt::format("bytes */{}", version.size_bytes);
        co_return co_await exchange.send(std::move(refusal));
    }
    auto const part = range->value_or(ByteRange{0, version.size_bytes});
    wire::HttpAnswer head{.status = *range ? 206 : 200, .headers = std::move(headers), .body = {}};
    if (*range) {
        head.headers["Content-Range"] = fmt::format(
            "bytes {}-{}/{}", part.first, part.first + part.size - 1, version.size_bytes
        );
    }
    // Small ones go out in one write with their head.
    if (part.size <= (64U << 10U) && request.method == "GET") {
        if (part.size != 0) {
            auto const size = static_cast<std::size_t>(part.size);
            CO_TRY(
                auto const bytes,
                co_await services.files.read(exchange.context(), version.content, part.first, size)
            );
            head.body = std::string(as_text(bytes));
        }
        co_return co_await exchange.send(std::move(head));
    }
    CO_TRY_OK(co_await exchange.begin(std::move(head), part.size));
    if (request.method == "HEAD") co_return co_await exchange.end();
    co_return co_await send_bytes(services, exchange, version.content, part);
}

}  // namespace disgrafs::gateway
