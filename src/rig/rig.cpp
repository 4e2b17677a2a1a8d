// Looking things up in a rig. How it is put together is build.cpp, what it promises validate.cpp.
#include "rig/rig.hpp"

#include <algorithm>
#include <utility>

namespace rigtopo {
namespace {

std::optional<Split> split_of(const std::string& text) {
  Value written;
  written.kind = Value::Kind::scalar;
  written.text = text;
  std::string reason;
  return YamlType<Split>::parse(written, reason);
}

/// Lanes that a mode of a shared group leaves to one of its members.
std::optional<int> lanes_in_mode(const SharedGroup& group, std::string_view mode,
                                 std::string_view connector) {
  for (const GroupMode& m : group.modes) {
    if (m.id.value != mode) continue;
    for (const auto& member : m.lanes) {
      if (member.key.value != connector) continue;
      if (!member.value.known()) return std::nullopt;
      return member.value->value;
    }
    return 0;  // members that are not named get none
  }
  return std::nullopt;
}

std::optional<int> group_lanes(const Board& board, const PortChoice& port, const Layout& layout) {
  std::optional<int> sum;
  for (const BoardConnector* connector : port.connectors) {
    const std::string id = connector->id.value_or("");
    int lanes = connector->width.value_or(Lanes{0}).value;
    if (const SharedGroup* group = board.group_of(id)) {
      const Fact<std::string>* mode = layout.mode(group->id.value_or(""));
      if (mode == nullptr || !mode->known()) return std::nullopt;
      const std::optional<int> left = lanes_in_mode(*group, **mode, id);
      if (!left) return std::nullopt;
      lanes = std::min(lanes, *left);
    }
    sum = sum.value_or(0) + lanes;
  }
  return sum;
}

}  // namespace

std::optional<NodeId> Rig::node(std::string_view id) const {
  const auto it = by_id.find(id);
  if (it == by_id.end()) return std::nullopt;
  return it->second;
}

std::optional<NodeId> Rig::node(NodeKind kind, std::string_view id) const {
  const auto it = by_kind.find({kind, std::string(id)});
  if (it == by_kind.end()) return std::nullopt;
  return it->second;
}

std::optional<PortId> Rig::port(NodeId node, std::string_view name) const {
  const auto it = by_port.find({node, std::string(name)});
  if (it == by_port.end()) return std::nullopt;
  return it->second;
}

std::optional<PortId> Rig::port(std::string_view node_id, std::string_view name) const {
  const std::optional<NodeId> found = node(node_id);
  return found ? port(*found, name) : std::nullopt;
}

LinkPath link_start(const Board& board, const PortChoice& port) {
  LinkPath path;
  path.board = &board;
  path.port = port.id;
  path.connectors = port.connectors;
  path.sockets = port.sockets;
  path.core = port.core;
  path.core_id = port.core_id;
  path.chipset = port.chipset;
  path.behind = port.expander;
  return path;
}

namespace {

/// How the link comes to its port, with split and mode as the layout sets them.
LinkPath start_of(const Rig& rig, const PortChoice& port) {
  LinkPath path = link_start(*rig.board, port);
  if (const Fact<std::string>* mode = rig.layout.mode(port.core_id);
      mode != nullptr && mode->known()) {
    path.split = split_of(**mode);
  }
  if (port.group != nullptr && port.expander == nullptr) {
    path.group_lanes = group_lanes(*rig.board, port, rig.layout);
  }
  return path;
}

void add_chain(const Rig& rig, const DevicePlace& place, LinkPath& path) {
  path.chain_decided = place.chain_decided || place.mount.value == "direct";
  for (const ChainLink& link : place.chain) {
    const Riser* riser = link.part.known() ? rig.project->part<Riser>(*link.part) : nullptr;
    if (riser == nullptr) {  // a chain with a hole in it says nothing about the link
      path.chain.clear();
      path.chain_decided = false;
      return;
    }
    path.chain.emplace_back(riser, link.count.value_or(1));
  }
}

/// `depth` ends a ring of expanders that hang on one another.
std::optional<LinkPath> path_to(const Rig& rig, const DevicePlace& place, int depth) {
  if (rig.board == nullptr || !place.port.known() || !place.id.known() || depth < 0) {
    return std::nullopt;
  }
  const DeviceUse* device = rig.project->device(*place.id);
  const ExpanderUse* expander = rig.project->expander(*place.id);
  if (device == nullptr && expander == nullptr) return std::nullopt;
  const std::vector<PortChoice>& ports = rig.ports;
  const auto port = std::find_if(ports.begin(), ports.end(),
                                 [&](const PortChoice& p) { return p.id == *place.port; });
  if (port == ports.end()) return std::nullopt;
  LinkPath path = start_of(rig, *port);
  if (const DevicePlace* above = rig.layout.expander(port->expander_id)) {
    if (auto uplink = path_to(rig, *above, depth - 1)) {
      path.uplink = std::make_shared<LinkPath>(*std::move(uplink));
    }
  }
  if (device != nullptr) {
    path.device = device->part;
  } else {
    path.expander = expander->part;
    path.end_id = expander->id;
  }
  add_chain(rig, place, path);
  return path;
}

}  // namespace

std::optional<LinkPath> Rig::link_path(const DevicePlace& place) const {
  return path_to(*this, place, static_cast<int>(layout.expanders.size()));
}

}  // namespace rigtopo
