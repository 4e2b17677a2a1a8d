// The power view of a rig as the power picture walks it: what comes before and after a port, which
// supplies feed it, in which order things stand so that lines cross little.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "render/scene.hpp"

namespace rigtopo {

class PowerGraph {
 public:
  /// `rig` must outlive it.
  explicit PowerGraph(const Rig& rig);

  const Rig& rig() const { return rig_; }
  /// In the rig's order.
  std::vector<NodeId> nodes_of(NodeKind kind) const;
  /// Ports that feed a port directly, and that it feeds.
  std::vector<PortId> before(PortId port) const;
  std::vector<PortId> after(PortId port) const;
  NodeId owner(PortId port) const { return rig_.graph[port].node; }
  const Node& node_at(PortId port) const { return rig_.nodes[owner(port)]; }
  const std::string& port_name(PortId port) const { return rig_.graph[port].name; }

  /// Supplies in the order of their circuits.
  const std::vector<NodeId>& supplies() const { return supplies_; }
  /// Place of a supply in that order.
  std::size_t rank_of(NodeId supply) const;
  const SupplyMark& mark_of(NodeId supply) const;
  std::optional<NodeId> circuit_of(NodeId supply) const;

  /// Supplies behind a port, in the layout's order; none for no port.
  std::vector<NodeId> sources_of(PortId port) const;
  std::vector<NodeId> sources_of(std::optional<PortId> port) const;
  /// "psu0 + psu1".
  std::string names_of(const std::vector<NodeId>& nodes) const;

  /// Rank of the supply that a card hangs on first of all: the one behind its plugs.
  std::size_t supply_rank(NodeId device) const;
  /// Cards beside the supplies that feed them. Drives and the like hang on the board alone: they
  /// stand beside it, above the cards.
  std::vector<NodeId> ordered_devices() const;

  /// Ports that feed `start` from outside its node; passive risers between count as wire.
  std::vector<PortId> origins(PortId start) const;
  /// The same for the slot of a card.
  std::vector<PortId> slot_origins(NodeId device) const;
  /// Risers with inlets of their own between board and card, from the board on.
  std::vector<NodeId> powered_risers_above(NodeId device) const;

 private:
  const Rig& rig_;
  View power_;
  std::vector<NodeId> supplies_;
};

}  // namespace rigtopo
