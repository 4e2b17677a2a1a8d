// Walking the power view. Numbers are physics/power; this is about who stands where.
#include "render/power_graph.hpp"

#include <algorithm>

#include "physics/power_walk.hpp"
#include "render/views.hpp"

namespace rigtopo {
namespace {

bool is_powered(const Node& node) {
  return node.kind == NodeKind::riser && node.part != nullptr &&
         !std::get<Riser>(*node.part).inlets.empty();
}

}  // namespace

// Lines from circuits to supplies do not cross then.
PowerGraph::PowerGraph(const Rig& rig) : rig_(rig), power_(rig.view(Domain::power)) {
  supplies_ = nodes_of(NodeKind::supply);
  const std::vector<NodeId> circuits = nodes_of(NodeKind::circuit);
  const auto rank = [&](NodeId supply) {
    const auto circuit = circuit_of(supply);
    return circuit ? std::find(circuits.begin(), circuits.end(), *circuit) - circuits.begin()
                   : static_cast<std::ptrdiff_t>(circuits.size());
  };
  std::stable_sort(supplies_.begin(), supplies_.end(),
                   [&](NodeId a, NodeId b) { return rank(a) < rank(b); });
}

std::vector<NodeId> PowerGraph::nodes_of(NodeKind kind) const {
  std::vector<NodeId> found;
  for (std::size_t i = 0; i < rig_.nodes.size(); ++i) {
    if (rig_.nodes[i].kind == kind) found.push_back(i);
  }
  return found;
}
std::vector<PortId> PowerGraph::before(PortId port) const {
  std::vector<PortId> found;
  const auto [first, last] = in_edges(port, power_);
  for (auto it = first; it != last; ++it) found.push_back(source(*it, power_));
  return found;
}
std::vector<PortId> PowerGraph::after(PortId port) const {
  std::vector<PortId> found;
  const auto [first, last] = out_edges(port, power_);
  for (auto it = first; it != last; ++it) found.push_back(target(*it, power_));
  return found;
}

std::optional<NodeId> PowerGraph::circuit_of(NodeId supply) const {
  std::optional<PortId> at = rig_.port(supply, "mains");
  while (at && node_at(*at).kind != NodeKind::circuit) {
    const std::vector<PortId> up = before(*at);
    at = up.empty() ? std::nullopt : std::optional(up.front());
  }
  return at ? std::optional(owner(*at)) : std::nullopt;
}

std::vector<NodeId> PowerGraph::sources_of(PortId port) const {
  const Shares shares = feeding_supplies(rig_, port);
  std::vector<NodeId> found;
  found.reserve(shares.size());
  for (const auto& [supply, share] : shares) found.push_back(supply);
  return found;
}
std::vector<NodeId> PowerGraph::sources_of(std::optional<PortId> port) const {
  return port ? sources_of(*port) : std::vector<NodeId>();
}
std::string PowerGraph::names_of(const std::vector<NodeId>& nodes) const {
  std::vector<std::string> names;
  for (const NodeId n : nodes) names.push_back(rig_.nodes[n].id);
  return joined(names, " + ");
}
std::size_t PowerGraph::rank_of(NodeId supply) const {
  return static_cast<std::size_t>(std::find(supplies_.begin(), supplies_.end(), supply) -
                                  supplies_.begin());
}
const SupplyMark& PowerGraph::mark_of(NodeId supply) const {
  return supply_mark(std::max(0, rig_.nodes[supply].index));
}

std::size_t PowerGraph::supply_rank(NodeId device) const {
  const DeviceSources from = device_sources(rig_, rig_.nodes[device].id);
  const auto& ids = from.aux.empty() ? from.slot : from.aux;
  const auto supply = ids.empty() ? std::nullopt : rig_.node(NodeKind::supply, ids.front());
  return supply ? rank_of(*supply) : supplies_.size();
}
std::vector<NodeId> PowerGraph::ordered_devices() const {
  std::vector<NodeId> devices = nodes_of(NodeKind::device);
  const auto rank = [&](NodeId n) {
    const DeviceUse* use = rig_.project->device(rig_.nodes[n].id);
    return std::pair{supply_rank(n), use != nullptr && !use->part->inlets.empty()};
  };
  std::stable_sort(devices.begin(), devices.end(),
                   [&](NodeId a, NodeId b) { return rank(a) < rank(b); });
  return devices;
}

std::vector<PortId> PowerGraph::origins(PortId start) const {
  std::vector<PortId> found;
  std::vector<PortId> open{start};
  const NodeId own = owner(start);
  while (!open.empty()) {
    const PortId at = open.back();
    open.pop_back();
    for (const PortId up : before(at)) {
      const Node& node = node_at(up);
      const bool passive = node.kind == NodeKind::riser && !is_powered(node);
      if (owner(up) == own || passive) {
        open.push_back(up);
      } else if (std::find(found.begin(), found.end(), up) == found.end()) {
        found.push_back(up);
      }
    }
  }
  return found;
}
std::vector<PortId> PowerGraph::slot_origins(NodeId device) const {
  const auto port = rig_.port(device, "12v-slot");
  return port ? origins(*port) : std::vector<PortId>();
}

std::vector<NodeId> PowerGraph::powered_risers_above(NodeId device) const {
  std::vector<NodeId> found;
  std::vector<NodeId> open{device};
  while (!open.empty()) {
    const NodeId n = open.back();
    open.pop_back();
    const auto port = rig_.port(n, n == device ? "12v-slot" : "12v-up");
    for (const PortId up : port ? before(*port) : std::vector<PortId>()) {
      if (node_at(up).kind != NodeKind::riser) continue;
      open.push_back(owner(up));
      if (is_powered(node_at(up))) found.insert(found.begin(), owner(up));
    }
  }
  return found;
}

}  // namespace rigtopo
