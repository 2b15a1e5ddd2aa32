/// \file gateway/put_file.cpp  PUT /files/{path}: the body becomes a version.

#include <memory>
#include <string>
#include <utility>

#include "gateway/answers.hpp"
#include "gateway/handlers.hpp"
#include "gateway/uploads.hpp"

namespace disgrafs::gateway {

namespace {

constexpr std::size_t piece_bytes = 1U << 20U;

/// ETag in the form of If-Match ("\"abc\"", W/ ignored), without its quotes.
std::string bare_etag(std::string value) {
    if (value.starts_with("W/")) value.erase(0, 2);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        value = value.substr(1, value.size() - 2);
    }
    return value;
}

files::PutOptions options_of(wire::HttpRequest const& request) {
    files::PutOptions options;
    options.size = request.content_length;
    options.media_type = header(request, "Content-Type");
    options.must_be_new = header(request, "If-None-Match") == "*";
    auto const match = header(request, "If-Match");
    if (!match.empty() && match != "*") options.must_match = bare_etag(match);
    return options;
}

bool is_conditional(files::PutOptions const& options) {
    return options.must_be_new || !options.must_match.empty();
}

}  // namespace

Task<void> put_file(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    auto const& request = exchange.request();
    auto const path = path_capture(request);
    auto const options = options_of(request);
    auto begun = co_await services.files.begin_put(exchange.context(), path, options);
    auto const refused = !begun && begun.error().code == Errc::conflict;
    if (refused && is_conditional(options)) {
        co_return co_await exchange.send(wire::problem(begun.error(), exchange.context(), 412));
    }
    CO_TRY(auto const upload, std::move(begun));
    auto progress =
        services.uploads->begin(exchange.context(), path, request.content_length.value_or(0));
    while (true) {
        CO_TRY(auto piece, co_await exchange.read_body(piece_bytes));
        if (piece.empty()) break;
        progress->add(piece.size());
        CO_TRY_OK(co_await upload->write(std::move(piece)));
    }
    auto const done = co_await upload->finish();
    if (!done && done.error().code == Errc::conflict && is_conditional(options)) {
        co_return co_await exchange.send(wire::problem(done.error(), exchange.context(), 412));
    }
    if (!done) co_return std::unexpected(done.error());
    progress->finish();
    auto const status = done->is_new ? 201 : 200;
    auto const out = to_json(done->entry);
    co_return co_await send_json(exchange, status, out);
}

}  // namespace disgrafs::gateway
