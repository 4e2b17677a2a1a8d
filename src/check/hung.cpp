// Looks up the ports that devices hang on; judges nothing.
#include "check/hung.hpp"

#include "check/rule.hpp"

namespace rigtopo {

std::vector<Hung> hung_devices(const Rig& rig, const std::vector<PortChoice>& choices) {
  std::vector<Hung> list;
  const auto add = [&](const DevicePlace& place) {
    if (!place.port.known()) return;
    Hung hung{&place, place.id.value_or("?"), either(place.port.at, place_of(rig, place)), nullptr};
    for (const PortChoice& choice : choices) {
      if (choice.id == *place.port) hung.port = &choice;
    }
    list.push_back(std::move(hung));
  };
  for (const DevicePlace& place : rig.layout.devices) add(place);
  for (const DevicePlace& place : rig.layout.expanders) add(place);
  return list;
}

bool pair_is_divided(LinkPath path) {
  if (path.connectors.size() < 2 || !path.split) return false;
  path.group_lanes.reset();
  int width = 0;
  for (const BoardConnector* c : path.connectors) width += c->width.value_or(Lanes{0}).value;
  return port_lanes(path) < width;
}

}  // namespace rigtopo
