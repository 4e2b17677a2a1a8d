// How much data flows at once over the PCIe tree: shared links, the CPU's quadrants and the fabric
// between sockets. Models and their measured accuracy: pairs, uplinks and host flows within 10 %
// of published figures once one number per kind of link is right; dense all-to-all within a chip
// or over the CPU's fabric comes out far too high (measured 0.4 to 0.7 of the model), and posted
// writes of several cards through one switch uplink to several roots can collapse to a tenth
// (rule L124): for these the numbers must not be shown without that remark.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rig/rig.hpp"

namespace rigtopo {

/// Delivered share of a link after line encoding: write packets of 256 bytes. Measured 0.893 at
/// gen5 x16 behind PM50100 (https://github.com/voipmonitor/rtx6kpro, root topology comparison).
inline constexpr double link_efficiency = 0.89;

/// An edge of one direction that flows share.
struct SharedEdge {
  std::string what;  // "gpu0.up", "sw0.down", "cpu0.A.memory.up", "cpu0-cpu1"
  GigabytesPerSecond capacity;
};
/// Indices into the edges that a flow crosses.
using FlowRoute = std::vector<std::size_t>;

/// Progressive filling: all rates rise together; a flow stops at the first full edge on its way.
/// GB/s by flow. A flow that crosses no edge has no limit and gets infinity.
std::vector<double> max_min_rates(const std::vector<SharedEdge>& edges,
                                  const std::vector<FlowRoute>& flows);
/// One rate for all: the least of capacity / number of flows. GB/s of each flow; infinity when no
/// flow crosses an edge, 0 without flows.
double uniform_rate(const std::vector<SharedEdge>& edges, const std::vector<FlowRoute>& flows);

struct BandwidthLimits {
  double efficiency = link_efficiency;
  /// Between a root complex and memory, each direction; nullopt: no limit is known.
  std::optional<GigabytesPerSecond> complex_memory;
  /// Between two sockets, each direction; nullopt: no limit is known.
  std::optional<GigabytesPerSecond> socket_fabric;
};

/// The edges of a rig and who crosses them.
class TrafficMap {
 public:
  explicit TrafficMap(const Rig& rig, const BandwidthLimits& limits = {});

  const std::vector<SharedEdge>& edges() const { return edges_; }
  /// Route between two devices; nullopt while one hangs nowhere or has no link. Only what both
  /// do not share: two cards of one switch do not cross its uplink. Bridges (NVLink) do not count.
  std::optional<FlowRoute> route(std::string_view from, std::string_view to) const;
  /// Route from memory to a device, or back.
  std::optional<FlowRoute> from_memory(std::string_view device) const;
  std::optional<FlowRoute> to_memory(std::string_view device) const;
  /// What is not known and so sets no limit, in words, sorted.
  const std::vector<std::string>& missing() const { return missing_; }

  /// Most that memory can send to all of `devices` at once: maximum flow over the edges, GB/s.
  double memory_bound(const std::vector<std::string>& devices) const;

 private:
  struct Hop {
    std::size_t up = 0;
    std::size_t down = 0;
    std::string id;
  };
  void add(const Rig& rig, const std::string& id);
  std::size_t edge(std::string what, GigabytesPerSecond capacity);

  std::vector<SharedEdge> edges_;
  std::map<std::string, Hop> hops_;                            // by id of device or expander
  std::map<std::string, std::vector<Hop>, std::less<>> ways_;  // from a device up to its core
  std::map<std::string, std::string, std::less<>> complexes_;  // device -> "cpu0.A"
  std::map<std::string, Hop> memories_;                        // by complex
  std::map<std::pair<std::string, std::string>, std::size_t> fabric_;
  std::vector<std::string> missing_;
  BandwidthLimits limits_;
};

}  // namespace rigtopo
