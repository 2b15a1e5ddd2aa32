#include "app/erasure/layout_options.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <fmt/format.h>

#include "base/result.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::app {
namespace {

using erasure::Matrix;

constexpr unsigned shards_max = erasure::shards_max_w16;

Matrix matrix_of(LayoutOptions const& options) {
    if (options.matrix.empty()) {
        return options.k == 1 ? Matrix::replica : Matrix::cauchy;
    }
    for (auto const matrix : {Matrix::replica, Matrix::vandermonde, Matrix::cauchy_xor}) {
        if (options.matrix == erasure::name_of(matrix)) {
            return matrix;
        }
    }
    return Matrix::cauchy;
}

}  // namespace

Result<erasure::Layout> LayoutOptions::layout() const {
    erasure::Layout const layout{
        .k = static_cast<std::uint16_t>(k),
        .m = static_cast<std::uint16_t>(m),
        .w = static_cast<std::uint8_t>(w),
        .matrix = matrix_of(*this)
    };
    TRY_OK(erasure::check(layout));
    return layout;
}

std::vector<CLI::Option*> add_layout(CLI::App& verb, LayoutOptions& options) {
    auto* const k = verb.add_option("--k", options.k, "Data shards: so many give the file back");
    auto* const m = verb.add_option("--m", options.m, "Parity shards: so many may be lost");
    auto* const w =
        verb.add_option("--w", options.w, "Bits of a field element; 16 for k + m > 256");
    auto* const matrix = verb.add_option("--matrix", options.matrix, "How parity is made [cauchy]");
    k->check(CLI::Range(1U, shards_max));
    m->check(CLI::Range(0U, shards_max));
    w->check(CLI::IsMember({8U, 16U}))->capture_default_str();
    matrix->check(CLI::IsMember({"cauchy", "vandermonde", "cauchy_xor", "replica"}));
    return {k, m, w, matrix};
}

std::string name_of(erasure::Layout layout) {
    auto const field = layout.w == 16 ? " over GF(2^16)" : "";
    return fmt::format("{}+{} {}{}", layout.k, layout.m, erasure::name_of(layout.matrix), field);
}

}  // namespace disgrafs::app
