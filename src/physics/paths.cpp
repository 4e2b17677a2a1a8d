// How two devices reach each other, by what they have in common above them. The classes and their
// rule are those of NVML (nvmlDeviceGetTopologyCommonAncestor): one switch, several switches, host
// bridge, NUMA node, system. Held against published matrices in the tests.
#include "physics/paths.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace rigtopo {
namespace {

/// A core by its id on the board: socket and description.
struct Place {
  std::string socket;
  const CpuCore* core = nullptr;
};

std::optional<Place> place_of(const Cpu& cpu, std::string_view core_id) {
  const std::size_t dot = core_id.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const CpuCore* core = cpu.core(core_id.substr(dot + 1));
  if (core == nullptr) return std::nullopt;
  return Place{std::string(core_id.substr(0, dot)), core};
}

bool same_numa(const CpuCore& a, const CpuCore& b) {
  return a.numa.value_or(0) == b.numa.value_or(0);
}

PathClass class_of(const Place& a, const Place& b) {
  if (a.socket != b.socket) return PathClass::sys;
  if (a.core == b.core) return PathClass::phb;
  // Who does not say which complex a core belongs to can't have two cores taken for close.
  if (!a.core->complex.known() || !b.core->complex.known()) return PathClass::sys;
  if (*a.core->complex == *b.core->complex) return PathClass::phb;
  return same_numa(*a.core, *b.core) ? PathClass::node : PathClass::sys;
}

/// Nodes from a device up to the root of its tree, the device first. A device has one parent.
std::vector<NodeId> way_up(const Rig& rig, NodeId device) {
  const View pcie = rig.view(Domain::pcie);
  std::vector<NodeId> way{device};
  std::optional<PortId> port = rig.port(device, "up");
  while (port) {
    const auto [first, last] = in_edges(*port, pcie);
    if (first == last) break;
    port = source(*first, pcie);
    if (way.back() != rig.graph[*port].node) way.push_back(rig.graph[*port].node);
  }
  return way;
}

struct Meeting {
  std::vector<NodeId> a;  // from a up to below the common node
  std::vector<NodeId> b;
  std::optional<NodeId> at;
};

/// The lowest common ancestor in a forest: cut off what both ways share from the top.
Meeting meeting(const Rig& rig, NodeId device_a, NodeId device_b) {
  Meeting m{way_up(rig, device_a), way_up(rig, device_b), std::nullopt};
  while (!m.a.empty() && !m.b.empty() && m.a.back() == m.b.back()) {
    m.at = m.a.back();
    m.a.pop_back();
    m.b.pop_back();
  }
  return m;
}

/// The core a way passes through.
const CpuCore* core_on(const Rig& rig, const std::vector<NodeId>& way) {
  for (const NodeId n : way) {
    const Node& node = rig.nodes[n];
    if (node.kind != NodeKind::core) continue;
    return &rig.project->cpu->cores.at(static_cast<std::size_t>(node.index));
  }
  return nullptr;
}

PathClass class_of(const Rig& rig, const Meeting& m) {
  if (!m.at) return PathClass::sys;
  if (rig.nodes[*m.at].kind != NodeKind::cpu) return PathClass::phb;
  const CpuCore* a = core_on(rig, m.a);
  const CpuCore* b = core_on(rig, m.b);
  if (a == nullptr || b == nullptr) return PathClass::sys;
  // Cores of unknown complex hang on the CPU itself.
  if (!a->complex.known() || !b->complex.known()) return PathClass::sys;
  return same_numa(*a, *b) ? PathClass::node : PathClass::sys;
}

}  // namespace

std::string_view to_string(PathClass c) {
  switch (c) {
    case PathClass::pix:
      return "PIX";
    case PathClass::pxb:
      return "PXB";
    case PathClass::phb:
      return "PHB";
    case PathClass::node:
      return "NODE";
    case PathClass::sys:
      return "SYS";
  }
  return "?";
}

PathClass path_class(const Board& board, const Cpu& cpu, std::string_view core_a,
                     std::string_view core_b) {
  static_cast<void>(board);  // which connector hangs on which core was settled before
  const auto a = place_of(cpu, core_a);
  const auto b = place_of(cpu, core_b);
  return a && b ? class_of(*a, *b) : PathClass::sys;
}

PathClass path_class(const Rig& rig, std::string_view device_a, std::string_view device_b) {
  const auto a = rig.node(NodeKind::device, device_a);
  const auto b = rig.node(NodeKind::device, device_b);
  if (!a || !b) return PathClass::sys;
  return class_of(rig, meeting(rig, *a, *b));
}

PairCounts pair_counts(const Rig& rig) {
  PairCounts counts;
  std::vector<std::pair<NodeId, std::string>> members;
  for (const DevicePlace& place : rig.layout.devices) {
    const DeviceUse* use = place.id.known() ? rig.project->device(*place.id) : nullptr;
    if (use == nullptr || use->kind != "gpu" || use->row == nullptr) continue;
    const auto node = rig.node(NodeKind::device, use->id);
    if (!node || !place.port.known() || !use->row->group.known()) continue;
    members.emplace_back(*node, *use->row->group);
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (std::size_t k = i + 1; k < members.size(); ++k) {
      if (members[i].second != members[k].second) continue;
      const Meeting m = meeting(rig, members[i].first, members[k].first);
      const PathClass c = class_of(rig, m);
      counts.cross_socket += m.at ? 0 : 1;
      counts.cross_numa += c == PathClass::sys ? 1 : 0;
      counts.leave_complex += c > PathClass::phb ? 1 : 0;
    }
  }
  return counts;
}

}  // namespace rigtopo
