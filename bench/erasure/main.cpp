// Contestants of ./dev bench erasure that are C and C++: this codec and the libraries named in the
// arguments (isal:NAME=PATH, jerasure:NAME=PATH).
//
// Reads requests, one a line, and answers each with lines and an empty one:
//   peers                                    NAME here | NAME not here: why, for each argument
//   kernel                                   the kernel in use
//   schedule k=10 m=4 matrix=3               ours and "row by row": xors of the xor kernel per
//   block encode k=10 m=4 shard=32768 stripes=1    NAME<tab>nanoseconds, for each contestant: one
//   round
//                                          ! why it cannot be done
// The memory of a contest is kept as long as requests repeat.

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "base/result.hpp"
#include "contest.hpp"
#include "erasure/codec.hpp"
#include "erasure/layout.hpp"
#include "erasure/matrix.hpp"
#include "erasure/xor_schedule.hpp"
#include "stripes.hpp"

namespace disgrafs::erasure::bench {
namespace {

using Make = Contest (*)(Request const&, Peers const&);

std::map<std::string, Make> const& works() {
    static std::map<std::string, Make> const all{
        {"encode", make_encode},
        {"decode", make_decode},
        {"fused", make_fused},
        {"checksum", make_checksum},
        {"plan", make_plan},
        {"inverse", make_inverse},
        {"wide", make_wide},
        {"threads", make_threads},
    };
    return all;
}

/// Loads `path` into `list` and tells how it went.
template <typename Peer>
std::string load(std::vector<Peer>& list, std::string const& name, std::string const& path) {
    auto peer = Peer::load(name, path);
    if (!peer) {
        return fmt::format("{}\tnot here: {}", name, peer.error());
    }
    list.push_back(*peer);
    return name + "\there";
}

/// `argument` is isal:NAME=PATH or jerasure:NAME=PATH.
std::string load(Peers& peers, std::string_view argument) {
    auto const colon = argument.find(':');
    auto const equals = argument.find('=');
    if (colon == std::string_view::npos || equals == std::string_view::npos || equals < colon) {
        return fmt::format("{}\tnot here: no KIND:NAME=PATH", argument);
    }
    std::string const name(argument.substr(colon + 1, equals - colon - 1));
    std::string const path(argument.substr(equals + 1));
    return argument.starts_with("isal:") ? load(peers.isal, name, path)
                                         : load(peers.jerasure, name, path);
}

Request parse(std::string const& line) {
    std::istringstream words(line);
    Request request;
    words >> request.work;
    for (std::string word; words >> word;) {
        auto const equals = word.find('=');
        if (equals != std::string::npos) {
            auto const number = std::strtoull(word.c_str() + equals + 1, nullptr, 10);
            request.numbers[word.substr(0, equals)] = number;
        }
    }
    return request;
}

/// Can this codec do what is asked?
Result<void> is_possible(Request const& request) {
    return request.numbers.contains("k") ? check(layout_of(request)) : Result<void>{};
}

void print_round(Contest const& contest) {
    auto const times = run_round(contest);
    for (std::size_t i = 0; i < times.size(); ++i) {
        fmt::print("{}\t{:.3f}\n", contest.contestants[i].name, times[i]);
    }
}

/// How long the list of xors is that multiplies by the layout's matrix.
void print_schedule(Layout layout) {
    auto const rows = parity_rows(layout);
    XorSchedule const schedule(layout.k, rows, XorSchedule::Sums::shared);
    fmt::print("ours\t{}\n", schedule.xor_count());
    fmt::print("row by row\t{}\n", schedule.naive_xor_count());
}

int serve(std::vector<std::string> const& arguments) {
    Peers peers;
    std::vector<std::string> told;
    for (auto const& argument : arguments) {
        told.push_back(load(peers, argument));
    }
    Contest contest;
    std::string last;
    for (std::string line; std::getline(std::cin, line);) {
        auto const request = parse(line);
        if (request.work == "peers") {
            for (auto const& peer : told) {
                fmt::print("{}\n", peer);
            }
        } else if (request.work == "kernel") {
            fmt::print("{}\n", kernel_name());
        } else if (request.work == "schedule") {
            print_schedule(layout_of(request));
        } else if (auto const found = works().find(request.work); found == works().end()) {
            fmt::print("! no work '{}'\n", request.work);
        } else if (auto const possible = is_possible(request); !possible) {
            fmt::print("! {}\n", possible.error().message);
        } else {
            if (line != last) {
                contest = {};  // Its memory goes before the next one's comes.
                contest = found->second(request, peers);
                last = line;
            }
            print_round(contest);
        }
        fmt::print("\n");
        std::fflush(stdout);
    }
    return 0;
}

}  // namespace
}  // namespace disgrafs::erasure::bench

int main(int count, char** words) {
    return disgrafs::erasure::bench::serve({words + 1, words + count});
}
