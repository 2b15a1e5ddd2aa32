#pragma once

/// \file base/metrics.hpp  The process's table of metrics, and how it is written out.
///
/// Each module has one struct of references, looked up once and kept:
///
///     struct StorageMetrics {
///         Counter& puts = counter("disgrafs_storage_ops_total", "Shard operations.",
///                                 {{"op", "write_shard"}, {"result", "ok"}});
///     };
///
/// Label values come from closed sets, never a file, user, path or address. A series exists at 0
/// from the start. At most 1,500 series a process: beyond that a series is refused, counted, and a
/// spare object is handed out. A histogram is 19 series (17 buckets, sum, count), as Prometheus
/// counts. Names: ../shared/notes/monitoring.md §3, docs/metrics.md.
///
/// A name or label that the format forbids, and one name with two kinds or two helps, is a bug.
/// Any thread may call these functions and use what they return; it lives until the
/// process ends, or forget_gauge() takes it away.

#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

namespace disgrafs {

using Counter = prometheus::Counter;
using Gauge = prometheus::Gauge;
using Histogram = prometheus::Histogram;
using Labels = std::map<std::string, std::string>;

/// The same name and labels give the same object. `help` must be the same for one name.
Counter& counter(std::string const& name, std::string const& help, Labels labels = {});
Gauge& gauge(std::string const& name, std::string const& help, Labels labels = {});
/// Seconds, buckets 1-2-5 per decade from 100 µs to 10 s.
Histogram& histogram(std::string const& name, std::string const& help, Labels labels = {});

/// Takes the series of a gauge out of the table: what it spoke of is no more. Its reference is dead
/// then, so this is for gauges that are looked up each time. One that is not there is no error.
void forget_gauge(std::string const& name, Labels const& labels = {});

/// Another cap than 1,500 (the index server also speaks of its members, some 20 series each).
void limit_series(std::size_t most);

/// Called just before each write-out, on its thread, to set gauges that are cheaper to compute than
/// to keep. Lives until the process ends.
void on_collect(std::function<void()> refresh);

/// Text exposition format 0.0.4 of every series.
std::string write_metrics();

}  // namespace disgrafs
