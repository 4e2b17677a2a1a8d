// A rig without some of its supplies, compared with the whole one.
#include "physics/outage.hpp"

#include <algorithm>

#include "physics/power_walk.hpp"

namespace rigtopo {
namespace {

Rig without(const Rig& rig, const std::set<std::string>& dead) {
  Layout layout = rig.layout;
  std::erase_if(layout.supplies,
                [&](const SupplyPlace& s) { return dead.contains(s.id.value_or("")); });
  return build_rig(*rig.project, std::move(layout));
}

/// Two walks of the same rig: with all supplies and without the dead ones.
struct Walks {
  PowerWalk whole;
  PowerWalk left;
};

bool loses(const Rig& rig, NodeId node, Walks& walks) {
  const auto port = rig.port(node, "12v");
  return port && !walks.whole.feeding(*port).empty() && walks.left.feeding(*port).empty();
}

std::set<NodeId> nodes_of(const Rig& rig, const std::set<std::string>& supplies) {
  std::set<NodeId> nodes;
  for (const std::string& id : supplies) {
    if (const auto node = rig.node(NodeKind::supply, id)) nodes.insert(*node);
  }
  return nodes;
}

}  // namespace

Blackout blackout(const Rig& rig, const std::set<std::string>& dead) {
  Blackout out;
  Walks walks{PowerWalk(rig), PowerWalk(rig, nodes_of(rig, dead))};
  for (NodeId node = 0; node < rig.nodes.size(); ++node) {
    const NodeKind kind = rig.nodes[node].kind;
    if (kind != NodeKind::board && kind != NodeKind::cpu) continue;
    out.host = out.host || loses(rig, node, walks);
  }
  for (const DevicePlace& place : rig.layout.devices) {
    const std::string id = place.id.value_or("");
    const DeviceSources before = device_sources(rig, id, walks.whole);
    const DeviceSources after = device_sources(rig, id, walks.left);
    const bool lost_slot = !before.slot.empty() && after.slot.empty();
    const bool lost_plugs = !before.aux.empty() && after.aux.size() < before.aux.size();
    if (!lost_slot && !lost_plugs) continue;
    const bool anything = !after.slot.empty() || !after.aux.empty();
    (anything ? out.half : out.dark).push_back(id);
  }
  return out;
}

std::set<std::string> supplies_on(const Rig& rig, std::string_view circuit_id) {
  std::set<std::string> ids;
  const CircuitRow* wanted = rig.project->circuit(circuit_id);
  for (const SupplyPlace& s : rig.layout.supplies) {
    if (!s.id.known() || !s.circuit.known() || wanted == nullptr) continue;
    if (rig.project->circuit(*s.circuit) == wanted) ids.insert(*s.id);
  }
  return ids;
}

Outage outage(const Rig& rig, const std::set<std::string>& dead) {
  Outage out;
  static_cast<Blackout&>(out) = blackout(rig, dead);
  const Rig left = without(rig, dead);
  for (const JoinedNet& net : joined_nets(rig)) {
    const bool live = std::any_of(net.supplies.begin(), net.supplies.end(),
                                  [&](const std::string& s) { return !dead.contains(s); });
    for (const std::string& s : net.supplies) {
      if (live && dead.contains(s)) out.back_fed.push_back(s);
    }
  }
  const auto before = supply_loads(rig);
  for (const SupplyLoad& s : supply_loads(left)) {
    if (!s.rating.known() || !exceeds(s.expected, *s.rating)) continue;
    const bool anyway = std::any_of(before.begin(), before.end(), [&](const SupplyLoad& b) {
      return b.id == s.id && exceeds(b.expected, *s.rating);
    });
    if (!anyway) out.overloaded.push_back(s.id);
  }
  return out;
}

}  // namespace rigtopo
