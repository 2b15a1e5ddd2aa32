#pragma once

/// \file base/assert.hpp  A broken invariant stops the module; the page sees a RuntimeError.
///
/// Stands in for src/base/assert.hpp.

#define DISGRAFS_ASSERT(condition, ...)  \
    do {                                 \
        if (!(condition)) [[unlikely]] { \
            __builtin_trap();            \
        }                                \
    } while (false)
