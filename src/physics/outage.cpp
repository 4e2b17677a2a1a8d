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

bool fed(const Rig& rig, NodeKind kind, std::string_view id, std::string_view port_name) {
  const auto node = rig.node(kind, id);
  const auto port = node ? rig.port(*node, port_name) : std::nullopt;
  return port && !feeding_supplies(rig, *port).empty();
}

void compare_devices(const Rig& rig, const Rig& left, Outage& out) {
  for (const DevicePlace& place : rig.layout.devices) {
    const std::string id = place.id.value_or("");
    const DeviceSources before = device_sources(rig, id);
    const DeviceSources after = device_sources(left, id);
    const bool lost_slot = !before.slot.empty() && after.slot.empty();
    const bool lost_plugs = !before.aux.empty() && after.aux.size() < before.aux.size();
    if (!lost_slot && !lost_plugs) continue;
    const bool anything = !after.slot.empty() || !after.aux.empty();
    (anything ? out.half : out.dark).push_back(id);
  }
}

}  // namespace

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
  const Rig left = without(rig, dead);
  out.host =
      fed(rig, NodeKind::board, "board", "12v") && !fed(left, NodeKind::board, "board", "12v");
  for (std::size_t i = 0; i < rig.nodes.size(); ++i) {
    const Node& node = rig.nodes[i];
    if (node.kind != NodeKind::cpu) continue;
    out.host = out.host || (fed(rig, NodeKind::cpu, node.id, "12v") &&
                            !fed(left, NodeKind::cpu, node.id, "12v"));
  }
  compare_devices(rig, left, out);
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
