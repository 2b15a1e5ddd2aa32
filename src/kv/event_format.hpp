#pragma once

/// \file kv/event_format.hpp  How an event lies in the store (docs/formats/events.md).
///
///     event = version u8 = 1 | count varint | write…      write = key run | kind u8 | value run?
///
/// The revision is not inside: it is the key (or in the frame) under which the event lies.

#include "base/bytes.hpp"
#include "kv/store.hpp"

namespace disgrafs::kv {

Bytes encode_event(Event const& event);

/// Errors: corrupt (short, left-over bytes, unknown version or kind, more writes than a batch has).
Result<Event> decode_event(Revision revision, ByteView bytes);

}  // namespace disgrafs::kv
