// Switches, bifurcation cards and NVLink bridges in the PCIe picture: what hangs where, and their
// boxes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "physics/link.hpp"
#include "render/scene.hpp"

namespace rigtopo {

/// The expander of the layout that hangs on a port; nullptr when there is none.
const DevicePlace* expander_on(const Rig& rig, std::string_view port);

/// How many expanders lie between the board and a port: 0 for the board's own.
int expanders_above(const Rig& rig, std::string_view port);

/// The port of the board that a port comes to through expanders; itself when it is one. Empty when
/// they hang nowhere.
std::string board_port(const Rig& rig, std::string_view port);

/// Devices that hang on an expander, through others too, in the layout's order.
std::vector<std::string> devices_below(const Rig& rig, std::string_view expander);

/// Its box with what its uplink trains to. Column and devices not set.
Box expander_box(const DevicePlace& place, const ExpanderUse& use,
                 const std::optional<TrainedLink>& link);

/// An NVLink bridge and its wire from a card. Column not set.
Box bridge_box(const Rig& rig, const BridgePlace& bridge);
Wire bridge_wire(BoxId card, BoxId bridge, const Box& box);

}  // namespace rigtopo
