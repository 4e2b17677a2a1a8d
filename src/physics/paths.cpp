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

/// Number of a core's complex among the complexes of its socket, and how many there are.
std::pair<std::size_t, std::size_t> complex_rank(const Cpu& cpu, const CpuCore& core) {
  std::vector<std::string> seen;
  for (const CpuCore& c : cpu.cores) {
    const bool fresh =
        c.complex.known() && std::find(seen.begin(), seen.end(), *c.complex) == seen.end();
    if (fresh) seen.push_back(*c.complex);
  }
  const auto at = std::find(seen.begin(), seen.end(), core.complex.value_or(""));
  return {static_cast<std::size_t>(at - seen.begin()), seen.size()};
}

/// NPS2 and NPS4: Dell, https://infohub.delltechnologies.com/p/
/// numa-configuration-settings-on-amd-epyc-2nd-generation/ : halves and quadrants of the socket.
bool same_numa(const Cpu& cpu, const CpuCore& a, const CpuCore& b, int nps) {
  if (a.numa.value_or(0) != b.numa.value_or(0)) return false;
  if (nps <= 1) return true;
  const auto [rank_a, count] = complex_rank(cpu, a);
  const auto [rank_b, same] = complex_rank(cpu, b);
  if (rank_a >= count || rank_b >= same) return false;
  const auto nodes = std::min(static_cast<std::size_t>(nps), count);
  return rank_a * nodes / count == rank_b * nodes / count;
}

PathClass class_of(const Cpu& cpu, const Place& a, const Place& b, int nps) {
  if (a.socket != b.socket) return PathClass::sys;
  if (a.core == b.core) return PathClass::phb;
  // Who does not say which complex a core belongs to can't have two cores taken for close.
  if (!a.core->complex.known() || !b.core->complex.known()) return PathClass::sys;
  if (*a.core->complex == *b.core->complex) return PathClass::phb;
  return same_numa(cpu, *a.core, *b.core, nps) ? PathClass::node : PathClass::sys;
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

/// Chips that forward packets: switches, and chipsets, which work like one.
bool forwards(const Node& node) {
  if (node.kind == NodeKind::chipset) return true;
  const Expander* e = node.kind == NodeKind::expander && node.part != nullptr
                          ? std::get_if<Expander>(node.part)
                          : nullptr;
  return e != nullptr && e->is_switch();
}

long forwarders(const Rig& rig, const std::vector<NodeId>& way) {
  return std::count_if(way.begin(), way.end(), [&](NodeId n) { return forwards(rig.nodes[n]); });
}

/// A bifurcation card forwards nothing: cards on it meet at the core.
PathClass class_of(const Rig& rig, const Meeting& m) {
  if (!m.at) return PathClass::sys;
  if (forwards(rig.nodes[*m.at])) {
    const long switches = 1 + forwarders(rig, m.a) + forwarders(rig, m.b);
    return switches == 1 ? PathClass::pix : PathClass::pxb;
  }
  if (rig.nodes[*m.at].kind != NodeKind::cpu) return PathClass::phb;
  const CpuCore* a = core_on(rig, m.a);
  const CpuCore* b = core_on(rig, m.b);
  if (a == nullptr || b == nullptr) return PathClass::sys;
  // Cores of unknown complex hang on the CPU itself.
  if (!a->complex.known() || !b->complex.known()) return PathClass::sys;
  const int nps = rig.project->spec.bios.nps.value_or(1);
  return same_numa(*rig.project->cpu, *a, *b, nps) ? PathClass::node : PathClass::sys;
}

}  // namespace

std::string_view to_string(PathClass c) {
  switch (c) {
    case PathClass::nv:
      return "NV";
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
                     std::string_view core_b, int nps) {
  const Chipset* chip_a = board.chipset(core_a);
  const Chipset* chip_b = board.chipset(core_b);
  if (chip_a != nullptr && chip_a == chip_b) return PathClass::pix;
  const auto a = place_of(cpu, chip_a != nullptr ? chip_a->core.value_or("") : core_a);
  const auto b = place_of(cpu, chip_b != nullptr ? chip_b->core.value_or("") : core_b);
  return a && b ? class_of(cpu, *a, *b, nps) : PathClass::sys;
}

int nvlinks_between(const Rig& rig, std::string_view device_a, std::string_view device_b) {
  int links = 0;
  for (const BridgePlace& bridge : rig.layout.bridges) {
    if (bridge.between.size() != 2) continue;
    const std::string first = bridge.between[0].value_or("");
    const std::string second = bridge.between[1].value_or("");
    const bool joins =
        (first == device_a && second == device_b) || (first == device_b && second == device_a);
    const DeviceUse* a = rig.project->device(first);
    const DeviceUse* b = rig.project->device(second);
    if (!joins || a == nullptr || b == nullptr) continue;
    const Bridge* part = bridge.part.known() ? rig.project->part<Bridge>(*bridge.part) : nullptr;
    const int cards =
        std::max(1, std::min(a->part->nvlinks.value_or(1), b->part->nvlinks.value_or(1)));
    links += part != nullptr ? part->links.value_or(cards) : cards;
  }
  return links;
}

PathClass path_class(const Rig& rig, std::string_view device_a, std::string_view device_b) {
  const auto a = rig.node(NodeKind::device, device_a);
  const auto b = rig.node(NodeKind::device, device_b);
  if (!a || !b) return PathClass::sys;
  if (nvlinks_between(rig, device_a, device_b) > 0) return PathClass::nv;
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
      const std::string& first = rig.nodes[members[i].first].id;
      if (nvlinks_between(rig, first, rig.nodes[members[k].first].id) > 0) continue;
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
