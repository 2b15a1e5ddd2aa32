#include "app/client/progress.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "base/text.hpp"

namespace disgrafs::app {

namespace {

constexpr Duration redraw_every = std::chrono::milliseconds(100);
constexpr std::size_t width = 28;

std::string bar(double part) {
    auto const full = static_cast<std::size_t>(part * static_cast<double>(width));
    std::string out;
    for (std::size_t index = 0; index < width; ++index) out += index < full ? "█" : "░";
    return out;
}

}  // namespace

Progress::Progress(Clock& clock, std::string name, std::uint64_t total)
    : clock_(clock),
      name_(std::move(name)),
      total_(total),
      begin_(clock.steady()),
      is_terminal_(::isatty(2) == 1) {}

Progress::~Progress() {
    if (!is_terminal_ || !has_drawn_) return;
    draw();
    std::fputc('\n', stderr);
}

void Progress::add(std::uint64_t size_bytes) {
    done_ += size_bytes;
    auto const now = clock_.steady();
    if (!is_terminal_ || now - begin_ < redraw_every * 3 || now - drawn_ < redraw_every) return;
    drawn_ = now;
    draw();
}

void Progress::draw() {
    has_drawn_ = true;
    auto const seconds = std::chrono::duration<double>(clock_.steady() - begin_).count();
    auto const rate = static_cast<double>(done_) / std::max(seconds, 1e-3);
    auto const speed = human_bytes(static_cast<std::uint64_t>(rate)) + "/s";
    if (total_ == 0) {
        fmt::print(stderr, "\r\x1b[K{}  {}  {}", name_, human_bytes(done_), speed);
    } else {
        auto const part = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
        fmt::print(stderr, "\r\x1b[K{}  {} {:3.0f} %  {}", name_, bar(part), part * 100, speed);
    }
    std::fflush(stderr);
}

}  // namespace disgrafs::app
