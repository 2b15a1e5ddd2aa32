/// \file analysis/analyse_stub_program.cpp  Stands in for disgrafs-analyze in analyse_process_test:
/// the name of the "file" says how to misbehave.

#include <cstdlib>
#include <string>
#include <string_view>

#include <unistd.h>

#include "analysis/analyse_frame.hpp"
#include "analysis/findings.hpp"

namespace {

using namespace disgrafs::analysis;

bool read_all(void* into, std::size_t size) {
    auto* at = static_cast<char*>(into);
    while (size > 0) {
        auto const count = read(STDIN_FILENO, at, size);
        if (count <= 0) return false;
        at += count;
        size -= static_cast<std::size_t>(count);
    }
    return true;
}

void write_all(std::string_view text) {
    while (!text.empty()) {
        auto const count = write(STDOUT_FILENO, text.data(), text.size());
        if (count <= 0) std::exit(4);
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

void write_findings(std::string id, std::string text) {
    Findings findings;
    findings.id = std::move(id);
    findings.media_type = "text/plain";
    write_all(encode_frame(encode_findings(findings), text));
}

void answer_to(AnalyseRequest const& request, std::string const& body) {
    if (request.name == "crash") std::abort();
    if (request.name == "cannot-start") std::exit(3);
    if (request.name == "exit") std::exit(0);
    if (request.name == "stall") pause();
    if (request.name == "garbage") write_all("this is no frame at all, whatever it is");
    if (request.name == "half") {
        write_all(std::string_view("\x10\0\0\0\0\0\0\0{", 9));
        std::abort();
    }
    if (request.name == "wrong-id") write_findings("another", "");
    write_findings(request.id, std::to_string(getpid()) + " " + std::to_string(body.size()));
}

}  // namespace

int main() {
    FrameHeadBytes head_bytes;
    while (read_all(head_bytes.data(), head_bytes.size())) {
        auto const head = decode_request_head(head_bytes);
        if (!head) return 2;
        std::string json(head->json_bytes, '\0');
        std::string body(head->body_bytes, '\0');
        if (!read_all(json.data(), json.size()) || !read_all(body.data(), body.size())) return 2;
        auto const request = decode_request(json);
        if (!request) return 2;
        answer_to(*request, body);
    }
    return 0;
}
