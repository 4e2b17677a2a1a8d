// Walking the power view against the flow: which supply feeds a port. Shared by the files of power.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "physics/power.hpp"
#include "rig/rig.hpp"

namespace rigtopo {

/// Supplies by node and the part of a port's power each carries; parts add up to 1. Empty: not fed.
/// Nodes of supplies are numbered in the layout's order.
using Shares = std::map<NodeId, double>;

/// Who feeds a port: walks in-links to the supplies. Where several links come in, fed ones share
/// equally; slots draw from inlets of their own when these are fed. What was found on the way is
/// kept, so that one walk serves all ports of a rig.
class PowerWalk {
 public:
  /// `rig` must outlive the walk. Supplies in `dead` feed nothing.
  explicit PowerWalk(const Rig& rig, std::set<NodeId> dead = {})
      : rig_(rig), power_(rig.view(Domain::power)), dead_(std::move(dead)) {}
  /// Valid as long as the walk.
  const Shares& feeding(PortId port);

 private:
  Shares found(PortId port);
  Shares average(const std::vector<PortId>& ports);

  const Rig& rig_;
  View power_;
  std::set<NodeId> dead_;
  std::map<PortId, Shares> known_;
};

/// The same for a single port.
Shares feeding_supplies(const Rig& rig, PortId port);

/// device_sources() on a walk that is there already.
DeviceSources device_sources(const Rig& rig, std::string_view device_id, PowerWalk& walk);

/// Ports of a node's inlets with their plugs; only those with a cable on them.
struct FedInlet {
  PortId port = 0;
  Plug plug{};
};
std::vector<FedInlet> fed_inlets(const Rig& rig, NodeId node, const std::vector<Inlet>& inlets);
std::vector<FedInlet> fed_board_inlets(const Rig& rig, bool of_cpu);

/// Rating of each inlet as part of their sum.
std::vector<double> split_by_rating(const std::vector<FedInlet>& inlets);

/// Power limit that holds for a device; nullopt: as shipped.
std::optional<Watts> limit_of(const Rig& rig, std::string_view device_id, Caps caps);

/// A placed device with its node and draw.
struct PlacedDevice {
  NodeId node = 0;
  const DeviceUse* use = nullptr;
  Source at;
  CardDraw draw;
};
/// Devices of the layout, in its order.
std::vector<PlacedDevice> placed_devices(const Rig& rig, Caps caps);

/// Does the card's slot hang on the board's 12 V copper?
bool on_slot_net(const Rig& rig, NodeId device);

}  // namespace rigtopo
