// Devices and the ports of the board they hang on: what the rules about lanes and links share.
#pragma once

#include <string>
#include <vector>

#include "physics/link.hpp"
#include "rig/rig.hpp"

namespace rigtopo {

/// A device whose port is decided, with what the board knows of that port.
struct Hung {
  const DevicePlace* place = nullptr;
  std::string id;
  Source at;                         // where the port is named
  const PortChoice* port = nullptr;  // null: the board has no such port
};

/// Devices, then expanders of the layout that name a port, in its order. `choices` must outlive the
/// result.
std::vector<Hung> hung_devices(const Rig& rig, const std::vector<PortChoice>& choices);

/// The core of a pair is split so that no one piece covers both connectors; shared groups aside.
bool pair_is_divided(LinkPath path);

}  // namespace rigtopo
