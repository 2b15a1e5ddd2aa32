#include "analysers/serve.hpp"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "analysers/analyse.hpp"
#include "analysers/sandbox/fork_run.hpp"
#include "analysers/sandbox/probe.hpp"
#include "analysis/analyse_frame.hpp"
#include "analysis/findings.hpp"
#include "base/bytes.hpp"

namespace disgrafs::analysers {

namespace {

using analysis::AnalyseRequest;
using analysis::AnalyseStatus;
using analysis::Findings;
using analysis::FrameHead;

/// The first byte a fork says: an answer frame follows, or the number of a resource it lacks.
constexpr char says_answer = 'A';
constexpr char says_need = 'N';

enum class ReadEnd { full, nothing, cut };

ReadEnd read_all(int in, std::span<std::byte> into) {
    std::size_t got = 0;
    while (got < into.size()) {
        auto const count = read(in, &into[got], into.size() - got);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return got == 0 ? ReadEnd::nothing : ReadEnd::cut;
        got += static_cast<std::size_t>(count);
    }
    return ReadEnd::full;
}

bool write_all(int out, std::string_view text) {
    while (!text.empty()) {
        auto const count = write(out, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

struct Frame {
    AnalyseRequest request;
    Bytes body;
};

/// Nothing at the end of the input. Errors: invalid.
Result<std::optional<Frame>> read_frame(int in) {
    analysis::FrameHeadBytes head_bytes;
    auto const end = read_all(in, head_bytes);
    if (end == ReadEnd::nothing) return std::nullopt;
    if (end == ReadEnd::cut) return fail(Errc::invalid, "the input ends within a frame");
    TRY(auto const head, analysis::decode_request_head(head_bytes));
    Bytes json(head.json_bytes);
    Frame frame;
    frame.body.resize(head.body_bytes);
    if (head.json_bytes > 0 && read_all(in, json) != ReadEnd::full) {
        return fail(Errc::invalid, "the input ends within a request");
    }
    if (head.body_bytes > 0 && read_all(in, frame.body) != ReadEnd::full) {
        return fail(Errc::invalid, "the input ends within a body");
    }
    TRY(frame.request, analysis::decode_request(as_text(json)));
    return frame;
}

/// In the fork: what is missing is asked of the parent, which forks anew once it has it.
Findings find(Frame const& frame, Resources& resources, Say const& say) {
    auto const& request = frame.request;
    if (!request.probe.empty()) return run_probe(request.probe);
    resources.on_missing([&](Resource resource) {
        say(std::string{says_need, static_cast<char>(resource)});
        _exit(0);
    });
    return analyse(
        {.name = request.name,
         .media_type = request.media_type,
         .bytes = frame.body,
         .size_bytes = request.size_bytes,
         .is_truncated = request.is_truncated},
        resources
    );
}

std::string reason_of(ForkOutcome const& outcome, AnalyseRequest const& request) {
    switch (outcome.end) {
        case ForkEnd::out_of_time:
            return fmt::format("Reading this file took longer than {} ms.", request.limits.time_ms);
        case ForkEnd::out_of_memory:
            return fmt::format(
                "Reading this file needs more than {} MiB of memory.",
                request.limits.memory_bytes >> 20U
            );
        case ForkEnd::too_much:
            return "Reading this file gave more than is accepted.";
        case ForkEnd::crashed:
            if (outcome.signal != 0) {
                return fmt::format(
                    "This file crashed its reader (signal {}, {}).",
                    outcome.signal,
                    strsignal(outcome.signal)
                );
            }
            return "This file made its reader give up.";
        case ForkEnd::finished:
            return "Reading this file gave no usable answer.";
    }
    return {};
}

std::string answer_frame(Findings const& findings) {
    return analysis::encode_frame(analysis::encode_findings(findings), findings.text);
}

std::string failure_frame(ForkOutcome const& outcome, AnalyseRequest const& request) {
    bool const is_late = outcome.end == ForkEnd::out_of_time;
    auto const status = is_late ? AnalyseStatus::timed_out : AnalyseStatus::failed;
    auto findings = analysis::failed_findings(request.id, status, reason_of(outcome, request));
    findings.analyser = analyser_version;
    return answer_frame(findings);
}

/// Lengths must add up; what the frame says is for its reader to judge.
bool is_whole_frame(std::string_view frame) {
    if (frame.size() < FrameHead::size_bytes) return false;
    auto const head =
        analysis::decode_answer_head(as_bytes(frame.substr(0, FrameHead::size_bytes)));
    return head && frame.size() == FrameHead::size_bytes + head->json_bytes + head->body_bytes;
}

std::optional<Resource> needed_resource(ForkOutcome const& outcome) {
    if (outcome.end != ForkEnd::finished || outcome.output.size() != 2) return std::nullopt;
    if (outcome.output[0] != says_need) return std::nullopt;
    for (auto const resource : all_resources) {
        if (outcome.output[1] == static_cast<char>(resource)) return resource;
    }
    return std::nullopt;
}

class Server {
 public:
    explicit Server(Resources& resources) : resources_(resources) {}

    /// Each round loads one resource that was not tried before, so there are few.
    std::string answer(Frame const& frame) {
        for (;;) {
            auto const outcome = run(frame);
            if (!outcome) return unavailable_frame(frame.request, outcome.error());
            auto const needed = needed_resource(*outcome);
            if (!needed || resources_.was_tried(*needed)) return to_frame(*outcome, frame.request);
            resources_.load(*needed);
        }
    }

 private:
    Result<ForkOutcome> run(Frame const& frame) {
        auto const work = [&](Say const& say) {
            auto findings = find(frame, resources_, say);
            findings.id = frame.request.id;
            findings.analyser = analyser_version;
            say(says_answer + answer_frame(findings));
        };
        return run_in_fork(
            work,
            {.memory_bytes = frame.request.limits.memory_bytes,
             .time_ms = frame.request.limits.time_ms,
             .output_bytes_max = 1 + FrameHead::size_bytes + analysis::limits::answer_json_bytes +
                                 analysis::limits::text_bytes}
        );
    }

    static std::string to_frame(ForkOutcome const& outcome, AnalyseRequest const& request) {
        std::string_view const output(outcome.output);
        bool const is_answer = outcome.end == ForkEnd::finished &&
                               output.starts_with(says_answer) && is_whole_frame(output.substr(1));
        return is_answer ? outcome.output.substr(1) : failure_frame(outcome, request);
    }

    static std::string unavailable_frame(AnalyseRequest const& request, Error const& error) {
        auto findings =
            analysis::failed_findings(request.id, AnalyseStatus::unavailable, error.message);
        findings.analyser = analyser_version;
        return answer_frame(findings);
    }

    Resources& resources_;
};

}  // namespace

int serve(int in, int out, Resources& resources) {
    Server server(resources);
    for (;;) {
        auto const frame = read_frame(in);
        if (!frame) {
            fmt::print(stderr, "disgrafs-analyze: {}\n", frame.error().message);
            return exit_bad_frame;
        }
        if (!*frame) return exit_done;
        if (!write_all(out, server.answer(**frame))) return exit_done;
    }
}

}  // namespace disgrafs::analysers
