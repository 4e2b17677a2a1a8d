// The boxes on the right of the power picture: board, powered risers, cards. Columns are not set.
#pragma once

#include <string>

#include "render/power_graph.hpp"
#include "render/scene.hpp"

namespace rigtopo {

/// What the board draws, its inlets, and a line for every slot that passes power on.
Box board_box(const PowerGraph& graph, NodeId board);
/// A riser with inlets of its own, on the way to `device`.
Box powered_riser_box(const PowerGraph& graph, NodeId n, const std::string& device);
/// A switch or bifurcation card with inlets of its own.
Box powered_expander_box(const PowerGraph& graph, NodeId n);
/// A card with its power limit and what feeds each inlet and the slot.
Box fed_card_box(const PowerGraph& graph, NodeId n, const DeviceUse& use);

/// The limit set for a card is below what it draws as shipped.
bool is_capped(const Rig& rig, const DeviceUse& use);

/// Room for names in boxes, in points.
inline constexpr double power_name_room = 150;

}  // namespace rigtopo
