#include "wire/problem.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "wire/http.hpp"

namespace disgrafs::wire {
namespace {

constexpr std::size_t errc_count = 9;

// The first nine in the order of Errc.
constexpr std::array kinds{
    ProblemKind{
        "invalid",
        400,
        "The request is wrong",
        Retry::never,
        "Change the request as the detail says."
    },
    ProblemKind{
        "denied",
        403,
        "Not allowed",
        Retry::never,
        "Ask the owner of the file, or an administrator, for the right."
    },
    ProblemKind{
        "not_found",
        404,
        "Not there",
        Retry::never,
        "Look at the path or number; it may have been moved or deleted."
    },
    ProblemKind{
        "conflict",
        409,
        "Something else came first",
        Retry::changed,
        "Read again, then repeat with what is there now."
    },
    ProblemKind{
        "exhausted",
        507,
        "A limit is reached",
        Retry::changed,
        "Free some space, or ask an administrator for a larger quota."
    },
    ProblemKind{
        "corrupt",
        500,
        "Stored bytes are damaged",
        Retry::later,
        "Repeat once; if it stays, give the request id to an administrator."
    },
    ProblemKind{
        "unavailable",
        503,
        "Not possible at the moment",
        Retry::later,
        "Repeat the same request after the seconds in Retry-After."
    },
    ProblemKind{
        "cancelled",
        503,
        "Broken off",
        Retry::later,
        "Repeat the same request; the server was stopping, or you were gone."
    },
    ProblemKind{
        "io",
        500,
        "The server could not do it",
        Retry::later,
        "Repeat once; if it stays, give the request id to an administrator."
    },
    ProblemKind{
        "unauthenticated",
        401,
        "Nobody is signed in",
        Retry::changed,
        "Sign in (POST /api/v1/login), then repeat."
    },
    ProblemKind{
        "method_not_allowed",
        405,
        "Not with this method",
        Retry::never,
        "Use one of the methods in the header Allow."
    },
    ProblemKind{
        "timeout",
        408,
        "The request came too slowly",
        Retry::later,
        "Repeat the same request on a new connection."
    },
    ProblemKind{
        "precondition_failed",
        412,
        "A condition does not hold",
        Retry::changed,
        "Read again, then repeat with the new ETag, or without the condition."
    },
    ProblemKind{
        "too_large",
        413,
        "The body is too large",
        Retry::never,
        "Send less; the detail says how much is allowed."
    },
    ProblemKind{
        "range_not_satisfiable",
        416,
        "No such range",
        Retry::never,
        "Ask for a range within the size in Content-Range."
    },
    ProblemKind{
        "expectation_failed",
        417,
        "Unknown expectation",
        Retry::changed,
        "Send only Expect: 100-continue, or none."
    },
    ProblemKind{
        "too_many_requests",
        429,
        "Too many requests",
        Retry::later,
        "Wait for the seconds in Retry-After, then repeat."
    },
    ProblemKind{
        "header_too_large",
        431,
        "The headers are too large",
        Retry::never,
        "Send fewer or shorter headers, or a shorter URL."
    },
    ProblemKind{
        "not_implemented",
        501,
        "Not understood",
        Retry::never,
        "Send the body with Content-Length, or chunked, without further coding."
    },
    ProblemKind{
        "version_not_supported", 505, "Unknown HTTP version", Retry::never, "Speak HTTP/1.1."
    },
};

/// What is not for the user's eyes: errors of the operating system name paths of the server.
std::string_view detail_of(Error const& error) {
    if (error.code != Errc::io) return error.message;
    return "The operating system refused; the server's log has more under this request id.";
}

}  // namespace

std::span<ProblemKind const> all_problem_kinds() { return kinds; }

ProblemKind const& problem_kind(Errc code, int status) {
    auto const index = static_cast<std::size_t>(code);
    DISGRAFS_ASSERT(index < errc_count, "error code {}", index);
    auto const& usual = kinds[index];
    if (status == 0 || status == usual.status) return usual;
    auto const* const found = std::ranges::find(kinds, status, &ProblemKind::status);
    return found == kinds.end() ? usual : *found;
}

std::string_view name_of(Retry retry) {
    switch (retry) {
        case Retry::never:
            return "no";
        case Retry::later:
            return "yes, later";
        case Retry::changed:
            return "after a change";
    }
    return "";
}

HttpAnswer problem(Error const& error, Context const& context, int status) {
    auto const& kind = problem_kind(error.code, status);
    HttpAnswer answer;
    answer.status = status == 0 ? kind.status : status;
    boost::json::object body;
    body["type"] = "docs/errors.md#" + std::string(kind.code);
    body["title"] = kind.title;
    body["status"] = answer.status;
    body["code"] = kind.code;
    auto const detail = detail_of(error);
    if (is_utf8(detail)) body["detail"] = detail;
    body["hint"] = kind.hint;
    body["request_id"] = context.request_id;
    answer.headers["Content-Type"] = "application/problem+json";
    if (answer.status == 503 || answer.status == 429) answer.headers["Retry-After"] = "1";
    answer.body = boost::json::serialize(body);
    return answer;
}

int status_of(Errc code) { return problem_kind(code).status; }

}  // namespace disgrafs::wire
