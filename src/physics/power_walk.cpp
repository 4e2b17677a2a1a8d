// Who feeds whom, read off the graph.
#include "physics/power_walk.hpp"

#include <algorithm>

namespace rigtopo {
namespace {

void add(Shares& sum, const Shares& more, double weight) {
  for (const auto& [supply, share] : more) sum[supply] += share * weight;
}

}  // namespace

/// Average of the fed ones among `ports`.
Shares PowerWalk::average(const std::vector<PortId>& ports) {
  std::vector<const Shares*> fed;
  for (const PortId p : ports) {
    const Shares& shares = feeding(p);
    if (!shares.empty()) fed.push_back(&shares);
  }
  Shares sum;
  for (const Shares* s : fed) add(sum, *s, 1.0 / static_cast<double>(fed.size()));
  return sum;
}

const Shares& PowerWalk::feeding(PortId port) {
  const auto known = known_.find(port);
  if (known != known_.end()) return known->second;
  Shares shares = found(port);
  return known_.emplace(port, std::move(shares)).first->second;
}

Shares PowerWalk::found(PortId port) {
  const Node& node = rig_.node_of(port);
  if (node.kind == NodeKind::supply) {
    const NodeId supply = rig_.graph[port].node;
    return dead_.contains(supply) ? Shares{} : Shares{{supply, 1.0}};
  }
  std::vector<PortId> own;
  std::vector<PortId> passed_on;
  const bool slots = node.kind == NodeKind::board && rig_.graph[port].name == "slots-12v";
  const auto [first, last] = in_edges(port, power_);
  for (auto it = first; it != last; ++it) {
    const PortId from = source(*it, power_);
    const bool hub = slots && rig_.graph[from].name == "12v";
    (hub ? passed_on : own).push_back(from);
  }
  Shares shares = average(own);
  return shares.empty() ? average(passed_on) : shares;
}

Shares feeding_supplies(const Rig& rig, PortId port) { return PowerWalk(rig).feeding(port); }

std::vector<FedInlet> fed_inlets(const Rig& rig, NodeId node, const std::vector<Inlet>& inlets) {
  const View power = rig.view(Domain::power);
  std::vector<FedInlet> fed;
  for (const Inlet& inlet : inlets) {
    if (!inlet.id.known() || !inlet.plug.known()) continue;
    const auto port = rig.port(node, inlet_port_name(*inlet.id));
    if (port && in_degree(*port, power) > 0) fed.push_back({*port, *inlet.plug});
  }
  return fed;
}

std::vector<FedInlet> fed_board_inlets(const Rig& rig, bool of_cpu) {
  std::vector<FedInlet> fed;
  const auto board = rig.node(NodeKind::board, "board");
  if (rig.board == nullptr || !board) return fed;
  const View power = rig.view(Domain::power);
  for (const BoardInlet& inlet : rig.board->inlets) {
    const bool cpu = inlet.use.value_or(InletUse::board) == InletUse::cpu;
    if (!inlet.id.known() || !inlet.plug.known() || cpu != of_cpu) continue;
    for (const std::string& id : numbered(*inlet.id, inlet.count.value_or(1))) {
      const auto port = rig.port(*board, inlet_port_name(id));
      if (port && in_degree(*port, power) > 0) fed.push_back({*port, *inlet.plug});
    }
  }
  return fed;
}

std::vector<double> split_by_rating(const std::vector<FedInlet>& inlets) {
  double sum = 0;
  for (const FedInlet& i : inlets) sum += plug_rating(i.plug).value;
  std::vector<double> parts;
  parts.reserve(inlets.size());
  for (const FedInlet& i : inlets) parts.push_back(plug_rating(i.plug).value / sum);
  return parts;
}

std::optional<Watts> limit_of(const Rig& rig, std::string_view device_id, Caps caps) {
  if (caps == Caps::default_limits) return std::nullopt;
  const Fact<Watts>* limit = rig.layout.power_limit(device_id);
  return limit != nullptr ? limit->value : std::nullopt;
}

std::vector<PlacedDevice> placed_devices(const Rig& rig, Caps caps) {
  std::vector<PlacedDevice> devices;
  for (std::size_t i = 0; i < rig.nodes.size(); ++i) {
    const Node& node = rig.nodes[i];
    if (node.kind != NodeKind::device) continue;
    const DeviceUse* use = rig.project->device(node.id);
    if (use == nullptr) continue;
    devices.push_back({i, use, node.at, card_draw(*use->part, limit_of(rig, node.id, caps))});
  }
  return devices;
}

bool on_slot_net(const Rig& rig, NodeId device) {
  const View power = rig.view(Domain::power);
  const auto start = rig.port(device, "12v-slot");
  if (!start) return false;
  std::vector<PortId> open{*start};
  while (!open.empty()) {
    const PortId port = open.back();
    open.pop_back();
    if (rig.node_of(port).kind == NodeKind::board) return true;
    const auto [first, last] = in_edges(port, power);
    for (auto it = first; it != last; ++it) {
      if (rig.graph[*it].copper) open.push_back(source(*it, power));
    }
  }
  return false;
}

}  // namespace rigtopo
