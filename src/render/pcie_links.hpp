// Devices with their links as the PCIe picture shows them, and the boxes of risers and cards.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "physics/link.hpp"
#include "render/scene.hpp"

namespace rigtopo {

/// A device of the layout with its way to the board.
struct LinkedDevice {
  const DevicePlace* place = nullptr;
  const DeviceUse* use = nullptr;
  std::optional<LinkPath> path;
  std::optional<TrainedLink> link;
  std::optional<Millimetres> route_needed;  // from port to mount, where both are known
  std::vector<NodeId> chain;                // riser nodes from the port to the card
  bool degraded() const { return link && !link->limited_by.empty(); }
};
/// In the layout's order.
std::vector<LinkedDevice> linked_devices(const Rig& rig);

/// "x16 gen4 · 31.5 GB/s".
std::string link_words(const TrainedLink& link);

/// One part of a device's chain; the last one tells how much signal is left. Column not set.
Box riser_box(const Rig& rig, const LinkedDevice& device, std::size_t index);
/// The card with what its link trains to. Column not set.
Box card_box(const LinkedDevice& device);

/// The band that one of these boxes shows; nullopt when none does.
std::optional<Band> band_shown(const LinkedDevice& device);
Color band_tint(Band band);

/// Room for names in boxes, in points.
inline constexpr double name_room = 150;

/// Best generation of a port: the least of its core and connectors; gen1 while nobody says.
PcieGen generation_of(const PortChoice& port);

}  // namespace rigtopo
