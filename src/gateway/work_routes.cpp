/// \file gateway/work_routes.cpp  /cluster/v1/work: tasks to workers, their findings back.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "analysis/analyse_frame.hpp"
#include "analysis/findings.hpp"
#include "base/text.hpp"
#include "gateway/answers.hpp"
#include "wire/ticket.hpp"
#include "wire/work_service.hpp"

namespace disgrafs::gateway {

namespace {

constexpr std::size_t answer_bytes_max = 8U << 20U;
constexpr std::size_t content_bytes_max = 64U << 20U;
constexpr std::size_t piece_bytes = 4U << 20U;

/// X-Member: ID:hex HMAC(key, method ‖ path ‖ body). Errors: denied.
Result<MemberId> check_member(
    Services& services, wire::HttpRequest const& request, std::string_view body
) {
    auto const value = header(request, "X-Member");
    auto const colon = value.find(':');
    auto const id = parse_number(std::string_view(value).substr(0, colon));
    if (colon == std::string::npos || !id) return fail(Errc::denied, "X-Member is missing");
    auto const key = services.cluster.key_of(MemberId{*id});
    auto const mac = from_hex(std::string_view(value).substr(colon + 1));
    if (!key || !mac) return fail(Errc::denied, "X-Member names no member of this cluster");
    auto const message = request.method + request.path + std::string(body);
    auto const wanted = wire::hmac_sha256(as_bytes(message), *key);
    if (!wire::equal_secret(*mac, wanted)) return fail(Errc::denied, "X-Member is not signed");
    return MemberId{*id};
}

Result<analysis::Findings> parse_answer(std::string_view frame) {
    constexpr auto head_bytes = analysis::FrameHead::size_bytes;
    if (frame.size() < head_bytes) return fail(Errc::invalid, "the frame is shorter than its head");
    TRY(auto const head, analysis::decode_answer_head(as_bytes(frame.substr(0, head_bytes))));
    frame.remove_prefix(head_bytes);
    if (frame.size() != std::size_t{head.json_bytes} + head.body_bytes) {
        return fail(Errc::invalid, "the frame is not as long as its head says");
    }
    auto const json = frame.substr(0, head.json_bytes);
    return analysis::decode_findings(json, frame.substr(head.json_bytes));
}

Result<std::uint64_t> lease_capture(wire::HttpRequest const& request) {
    return parse_number(request.captures.at(0));
}

Task<void> lease(Services& services, wire::HttpExchange& exchange) {
    CO_TRY(auto const text, co_await exchange.read_all(4096));
    CO_TRY(auto const worker, check_member(services, exchange.request(), text));
    boost::system::error_code error;
    auto const parsed = boost::json::parse(text, error);
    auto const* object = error ? nullptr : parsed.if_object();
    if (object == nullptr) co_return fail(Errc::invalid, "the body is not a JSON object");
    CO_TRY(auto const count, number_member(*object, "count"));
    auto const most = std::clamp<std::uint64_t>(count.value_or(1), 1, 32);
    CO_TRY(auto const tasks, co_await services.queue.lease(worker, most, std::chrono::seconds(20)));
    wire::HttpAnswer out{.status = 200, .headers = {}, .body = wire::to_json(tasks)};
    out.headers["Content-Type"] = "application/json";
    co_return co_await exchange.send(std::move(out));
}

Task<void> content(Services& services, wire::HttpExchange& exchange) {
    CO_TRY(auto const worker, check_member(services, exchange.request(), ""));
    (void)worker;
    CO_TRY(auto const id, lease_capture(exchange.request()));
    CO_TRY(auto const task, services.queue.task(id));
    auto context = exchange.context();
    context.user = {};  // The cluster itself reads.
    CO_TRY(auto const version, co_await services.files.version(context, task.file, task.version));
    auto const size = std::min<std::uint64_t>(version.size_bytes, content_bytes_max);
    wire::HttpAnswer head{.status = 200, .headers = {}, .body = {}};
    CO_TRY_OK(co_await exchange.begin(std::move(head), size));
    for (std::uint64_t at = 0; at < size;) {
        auto const wanted = std::min<std::uint64_t>(piece_bytes, size - at);
        CO_TRY(auto piece, co_await services.files.read(context, version.content, at, wanted));
        if (piece.empty()) co_return fail(Errc::corrupt, "content shorter than its version says");
        at += piece.size();
        CO_TRY_OK(co_await exchange.write(std::move(piece)));
    }
    co_return co_await exchange.end();
}

/// Body: the answer of disgrafs-analyze as it came, one frame (docs/formats/analyse.md).
Task<void> findings(Services& services, wire::HttpExchange& exchange) {
    CO_TRY(auto const body, co_await exchange.read_all(answer_bytes_max));
    CO_TRY(auto const worker, check_member(services, exchange.request(), body));
    (void)worker;
    CO_TRY(auto const id, lease_capture(exchange.request()));
    CO_TRY(auto found, parse_answer(body));
    CO_TRY_OK(co_await services.queue.finish(id, std::move(found)));
    co_return co_await send_nothing(exchange);
}

Task<void> failed(Services& services, wire::HttpExchange& exchange) {
    CO_TRY(auto const text, co_await exchange.read_all(16U << 10U));
    CO_TRY(auto const worker, check_member(services, exchange.request(), text));
    (void)worker;
    CO_TRY(auto const id, lease_capture(exchange.request()));
    boost::system::error_code error;
    auto const parsed = boost::json::parse(text, error);
    auto const* object = error ? nullptr : parsed.if_object();
    if (object == nullptr) co_return fail(Errc::invalid, "the body is not a JSON object");
    CO_TRY(auto reason, text_member(*object, "reason"));
    CO_TRY_OK(co_await services.queue.report_failure(id, std::move(reason)));
    co_return co_await send_nothing(exchange);
}

}  // namespace

void add_work_routes(RouteTable& table) {
    table.open("POST", "/cluster/v1/work/lease", "work_lease", lease);
    table.open("GET", "/cluster/v1/work/{lease}/content", "work_content", content);
    table.open("POST", "/cluster/v1/work/{lease}/findings", "work_findings", findings);
    table.open("POST", "/cluster/v1/work/{lease}/failed", "work_failed", failed);
}

}  // namespace disgrafs::gateway
