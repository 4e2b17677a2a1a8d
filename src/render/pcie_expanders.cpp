// Walks a layout's expanders for the PCIe picture; boxes of expanders and NVLink bridges.
#include "render/pcie_expanders.hpp"

#include "base/text.hpp"
#include "render/pcie_links.hpp"
#include "render/views.hpp"

namespace rigtopo {
namespace {

/// Expanders above a port, nearest first; one that hangs below itself ends the way.
std::vector<const DevicePlace*> way_up(const Rig& rig, std::string_view port) {
  std::vector<const DevicePlace*> way;
  std::string at(port);
  while (way.size() < rig.layout.expanders.size()) {
    const DevicePlace* place = rig.layout.expander(owner_of(at));
    if (place == nullptr) break;
    way.push_back(place);
    at = place->port.value_or("");
  }
  return way;
}

}  // namespace

const DevicePlace* expander_on(const Rig& rig, std::string_view port) {
  for (const DevicePlace& place : rig.layout.expanders) {
    const bool here = place.id.known() && place.port.known() && *place.port == port;
    if (here && rig.project->expander(*place.id) != nullptr) return &place;
  }
  return nullptr;
}

int expanders_above(const Rig& rig, std::string_view port) {
  return static_cast<int>(way_up(rig, port).size());
}

std::string board_port(const Rig& rig, std::string_view port) {
  const auto way = way_up(rig, port);
  return way.empty() ? std::string(port) : way.back()->port.value_or("");
}

std::vector<std::string> devices_below(const Rig& rig, std::string_view expander) {
  std::vector<std::string> found;
  for (const DevicePlace& device : rig.layout.devices) {
    if (!device.id.known() || !device.port.known()) continue;
    for (const DevicePlace* place : way_up(rig, *device.port)) {
      if (place->id.value == expander) add_once(found, *device.id);
    }
  }
  return found;
}

Box expander_box(const DevicePlace& place, const ExpanderUse& use,
                 const std::optional<TrainedLink>& link) {
  const bool divides = use.part->type.value == ExpanderType::bifurcation;
  Box box;
  box.id = use.id;
  box.subjects = {use.id};
  box.border = Color::ink;
  box.lines.push_back(name_line(use.id, shortened(part_name(use.holder.get()), name_room, 9)));
  box.lines.push_back(small_line(
      divides ? "divides its port " + (use.part->split.known() ? use.part->split->text : "?")
              : "switch, uplink " + (link ? link_words(*link) : std::string("not known"))));
  for (const ChainLink& piece : place.chain) {
    box.lines.push_back(small_line("through " + piece.part.value_or("?")));
  }
  return box;
}

Box bridge_box(const Rig& rig, const BridgePlace& bridge) {
  const Bridge* part = rig.project->part<Bridge>(bridge.part.value_or(""));
  const bool known = part != nullptr && part->slots.known();
  Box box;
  std::string between;
  for (const auto& id : bridge.between) {
    between += (between.empty() ? "" : " \xe2\x80\x93 ") + id.value_or("?");
    box.devices.push_back(id.value_or("?"));
  }
  box.id = "bridge-" + bridge.part.value_or("?");
  box.border = Color::ink;
  box.lines.push_back(
      name_line("NVLink", known ? std::to_string(*part->slots) + " slots" : "bridge", 10));
  box.lines.push_back(small_line(between));
  return box;
}

Wire bridge_wire(BoxId card, BoxId bridge, const Box& box) {
  Wire w;
  w.from = card;
  w.to = bridge;
  w.color = Color::ink;
  w.width = 2;
  w.twin = true;
  w.length = 2;  // room to part from the others
  w.title = "NVLink bridge between " + text_of(box.lines.back());
  w.devices = box.devices;
  return w;
}

}  // namespace rigtopo
