// Which ports a board offers and how their core may be split. Decides nothing about devices: what a
// port gives its link under a split is physics/link.cpp.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "rig/rig.hpp"

namespace rigtopo {
namespace {

/// "cpu0.A1" as socket and core.
std::pair<std::string_view, std::string_view> parts_of_core(std::string_view id) {
  const std::size_t dot = id.find('.');
  if (dot == std::string_view::npos) return {id, {}};
  return {id.substr(0, dot), id.substr(dot + 1)};
}

/// Is the socket of a core filled? Sockets the board does not list count as filled: that is the
/// catalogue's mistake to report.
bool socket_filled(const Board& board, std::string_view core_id, int cpu_count) {
  const std::string_view socket = parts_of_core(core_id).first;
  for (std::size_t i = 0; i < board.sockets.size(); ++i) {
    if (board.sockets[i].id.value == socket) return static_cast<int>(i) < cpu_count;
  }
  return true;
}

PortChoice single_port(const Board& board, const Cpu& cpu, const BoardConnector& connector) {
  PortChoice port;
  port.id = connector.id.value_or("");
  port.connectors.push_back(&connector);
  port.core_id = connector.core.value_or("");
  port.core = cpu.core(parts_of_core(port.core_id).second);
  port.chipset = board.chipset(port.core_id);
  if (port.chipset != nullptr) port.core = &port.chipset->as_core;
  port.socket = connector.socket.value_or(Socket::slot);
  port.lanes = connector.width.value_or(Lanes{0}).value;
  port.first_lane = connector.first_lane.value_or(0);
  port.group = board.group_of(port.id);
  return port;
}

/// Connectors of different cores can't be one link: then the core stays unknown.
std::optional<PortChoice> pair_port(const Board& board, const Cpu& cpu, const ConnectorPair& pair) {
  std::optional<PortChoice> port;
  for (const Fact<std::string>& id : pair.connectors) {
    const BoardConnector* connector = id.known() ? board.connector(*id) : nullptr;
    if (connector == nullptr) return std::nullopt;
    PortChoice one = single_port(board, cpu, *connector);
    if (!port) {
      port = std::move(one);
      continue;
    }
    port->connectors.push_back(connector);
    port->lanes += one.lanes;
    port->first_lane = std::min(port->first_lane, one.first_lane);
    if (port->group == nullptr) port->group = one.group;
    if (port->core_id != one.core_id) {
      port->core_id.clear();
      port->core = nullptr;
    }
  }
  if (!port || port->connectors.size() < 2) return std::nullopt;
  port->id = pair.id.value_or("");
  port->pair = &pair;
  return port;
}

/// Splits every connector of the port may be set to in the BIOS.
std::vector<std::vector<Split>> menus_of(const Board& board, const PortChoice& port) {
  std::vector<std::vector<Split>> menus;
  for (const BoardConnector* connector : port.connectors) {
    const auto& facts = connector->splits.empty() ? board.bios_splits : connector->splits;
    std::vector<Split> menu;
    for (const Fact<Split>& s : facts) {
      if (s.known()) menu.push_back(*s);
    }
    menus.push_back(std::move(menu));
  }
  return menus;
}

/// A chipset, or a core with fewer than 16 lanes, is not set in the BIOS: its pieces are as its
/// connectors are wired, and what lies between them is filled with the largest aligned pieces.
Split wired_split(const Board& board, const PortChoice& port, int lanes) {
  Split s;
  std::vector<std::pair<int, int>> wired;  // first lane, width
  for (const BoardConnector& c : board.connectors) {
    if (c.core.value != port.core_id || !c.width.known()) continue;
    wired.emplace_back(c.first_lane.value_or(0), c.width->value);
  }
  std::sort(wired.begin(), wired.end());
  int lane = 0;
  const auto fill_to = [&](int end) {
    while (lane < end) {
      int piece = 16;
      while (piece > 1 && (lane % piece != 0 || lane + piece > end)) piece /= 2;
      s.pieces.push_back(piece);
      lane += piece;
    }
  };
  for (const auto& [first, width] : wired) {
    if (first < lane || first + width > lanes) continue;  // shared with one before it
    fill_to(first);
    s.pieces.push_back(width);
    lane += width;
  }
  fill_to(lanes);
  for (const int piece : s.pieces) s.text += "x" + std::to_string(piece);
  return s;
}

}  // namespace

std::vector<PortChoice> ports_of(const Board& board, const Cpu& cpu, int cpu_count) {
  std::vector<PortChoice> ports;
  const auto add = [&](PortChoice port) {
    const std::string core =
        port.chipset != nullptr ? port.chipset->core.value_or("") : port.core_id;
    if (socket_filled(board, core, cpu_count)) ports.push_back(std::move(port));
  };
  for (const BoardConnector& c : board.connectors) add(single_port(board, cpu, c));
  for (const ConnectorPair& p : board.pairs) {
    if (auto port = pair_port(board, cpu, p)) add(*std::move(port));
  }
  return ports;
}

std::vector<Split> legal_splits(const Board& board, const Cpu& cpu, const PortChoice& port,
                                bool* menu_known) {
  const int lanes = port.core != nullptr ? port.core->lanes.value_or(16) : 16;
  if (menu_known != nullptr) *menu_known = true;
  if (lanes < 16 || port.chipset != nullptr) return {wired_split(board, port, lanes)};

  std::vector<Split> splits;
  for (const Fact<Split>& s : cpu.splits) {
    if (s.known() && s->lanes() <= lanes) splits.push_back(*s);
  }
  bool known = !splits.empty();
  for (const std::vector<Split>& menu : menus_of(board, port)) {
    if (menu.empty()) {
      known = false;
      continue;
    }
    if (splits.empty() && cpu.splits.empty()) {
      splits = menu;
      continue;
    }
    std::erase_if(splits, [&](const Split& s) {
      return std::find(menu.begin(), menu.end(), s) == menu.end();
    });
  }
  if (menu_known != nullptr) *menu_known = known;
  return splits;
}

SlotFeed slot_feed_of(const Riser& riser) {
  if (!riser.slot_feed.known()) {
    return riser.inlets.empty() ? SlotFeed::host : SlotFeed::unknown_cut;
  }
  return *riser.slot_feed;
}

std::vector<std::string> numbered(std::string_view id, int count) {
  if (count == 1) return {std::string(id)};
  std::vector<std::string> ids;
  ids.reserve(static_cast<std::size_t>(std::max(count, 0)));
  for (int i = 0; i < count; ++i) ids.push_back(std::string(id) + std::to_string(i));
  return ids;
}

const Mount* mount_row(const Frame& frame, std::string_view id) {
  for (const Mount& m : frame.mounts) {
    if (!m.id.known()) continue;
    const int count = m.count.value_or(1);
    if (count == 1 && *m.id == id) return &m;
    if (count == 1) continue;
    for (int i = 1; i <= count; ++i) {
      if (*m.id + "-" + std::to_string(i) == id) return &m;
    }
  }
  return nullptr;
}

CardBreath breath_of(const Frame& frame, const Device& device, const DevicePlace& place) {
  const auto text = [](const Fact<std::string>& fact) { return fact.value; };
  CardBreath breath;
  const Mount* mount = place.mount.known() ? mount_row(frame, *place.mount) : nullptr;
  if (mount != nullptr) breath = {text(mount->zone), text(mount->exhaust), mount->at};
  if (!frame.air.given()) {
    // Zones without passages between them say nothing about who warms whom.
    if (!breath.from) breath.from = "room";
    if (!breath.to) breath.to = breath.from;
    return breath;
  }
  if (place.mount.value == "direct") {
    breath = {text(frame.air.cards), text(frame.air.cards_exhaust), frame.air.at};
  }
  if (breath.to || !device.cooler.known()) return breath;
  if (*device.cooler == Cooler::blower) breath.to = "room";
  if (*device.cooler == Cooler::open || *device.cooler == Cooler::flow_through) {
    breath.to = breath.from;
  }
  return breath;
}

std::string inlet_port_name(std::string_view id) {
  static constexpr std::string_view ours[] = {
      "up",       "down",      "in",      "out",    "mains",    "12v",   "air",
      "12v-slot", "slots-12v", "cpu-12v", "12v-up", "12v-down", "holds", "held"};
  const bool clashes = std::find(std::begin(ours), std::end(ours), id) != std::end(ours) ||
                       id.starts_with("slot.") || id.starts_with("out.") ||
                       id.starts_with("inlet.");
  return clashes ? "inlet." + std::string(id) : std::string(id);
}

}  // namespace rigtopo
