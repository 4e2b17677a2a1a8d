// Links and chains of the PCIe picture in words: lengths, losses, what a card trains to and why.
#include "render/pcie_links.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "physics/expander_place.hpp"
#include "render/views.hpp"

namespace rigtopo {
namespace {

constexpr double sentence_room = 175;

/// Riser nodes between a device and its port, by walking up the graph.
std::vector<NodeId> chain_above(const Rig& rig, NodeId device) {
  std::vector<NodeId> chain;
  const View pcie = rig.view(Domain::pcie);
  std::optional<PortId> at = rig.port(device, "up");
  while (at) {
    const auto [first, last] = in_edges(*at, pcie);
    if (first == last) break;
    const NodeId node = rig.graph[source(*first, pcie)].node;
    if (rig.nodes[node].kind != NodeKind::riser) break;
    chain.push_back(node);
    at = rig.port(node, "up");
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

std::optional<Millimetres> needed_route(const Rig& rig, const LinkedDevice& d) {
  const Frame* frame = rig.project->frame;
  if (frame == nullptr || !d.path || !d.place->mount.known()) return std::nullopt;
  const auto& ports = rig.ports;
  const auto port = std::find_if(ports.begin(), ports.end(),
                                 [&](const PortChoice& p) { return p.id == d.path->port; });
  const std::vector<Mount> mounts = all_mounts(*frame);
  const auto mount = std::find_if(mounts.begin(), mounts.end(),
                                  [&](const Mount& m) { return m.id.value == *d.place->mount; });
  if (port == ports.end() || mount == mounts.end()) return std::nullopt;
  return route_from(rig, *port, *mount).value;
}

bool has_length(const Riser& riser) {
  const RiserType type = riser.type.value_or(RiserType::cable);
  return type == RiserType::ribbon || type == RiserType::cable ||
         (riser.length.known() && riser.length->value > 0);
}

/// "200 mm · loses 4.2 dB".
std::string own_words(const Riser& riser, const LinkedDevice& d) {
  std::string words;
  if (has_length(riser)) {
    words = riser.length.known() ? to_text(*riser.length) : "length not known";
  }
  if (d.link) {
    const RiserLoss loss = riser_loss(riser, d.link->generation);
    if (loss.loss.known()) {
      words += (words.empty() ? "loses " : " \xc2\xb7 loses ") + to_text(*loss.loss);
      if (loss.assumed) words += " (assumed)";
    }
  }
  return words.empty() ? std::string(word(riser.type.value_or(RiserType::cable))) : words;
}

/// "route needs 145 of 200 mm"; empty while that is not known.
std::string route_words(const LinkedDevice& d) {
  if (!d.route_needed) return "";
  const std::string needed = number(d.route_needed->value, 0);
  const auto whole = chain_length(d.path->chain);
  if (!whole.known()) return "route needs " + needed + " mm";
  return "route needs " + needed + " of " + number((*whole).value, 0) + " mm";
}

/// Without the backticks that messages put around ids.
std::string plain_words(std::string text) {
  std::erase(text, '`');
  return text;
}

bool signal_known(const LinkedDevice& d) {
  return d.link && d.link->loss.total.known() && d.link->loss.margin.known();
}

/// Band of the whole channel in words on its colour.
void add_signal(Box& box, const LinkedDevice& d) {
  if (!signal_known(d)) {
    box.lines.push_back(small_line("signal not known", Color::alarm));
    return;
  }
  const SignalLoss& loss = d.link->loss;
  const double margin = (*loss.margin).value;
  const bool green = loss.band == Band::green;
  std::string words = "signal " + std::string(to_string(loss.band)) + " \xc2\xb7 " +
                      to_text(Decibels{std::abs(margin)}) + (margin < 0 ? " short" : " to spare");
  if (loss.assumed) words += ", assumed";
  Line line = small_line(words, green ? Color::ink : Color::alarm, loss.band == Band::red);
  line.fill = band_tint(loss.band);
  box.lines.push_back(std::move(line));
  if (!loss.field_trap) return;
  for (const std::string& part : wrapped(plain_words(loss.field_reason), sentence_room, 9, false)) {
    box.lines.push_back(small_line(part, Color::alarm));
  }
}

std::string ability(const Device& device) {
  const std::string width = device.width.known() ? to_text(*device.width) : "x?";
  return width + " " + (device.generation.known() ? to_text(*device.generation) : "gen?");
}

void add_degraded(Box& box, const LinkedDevice& d) {
  Line line = small_line("DEGRADED", Color::alarm, true);
  line.runs.push_back({link_words(*d.link), 9, Color::alarm, false});
  box.lines.push_back(std::move(line));
  const std::string why =
      "card can " + ability(*d.use->part) + ", limited by " + d.link->limited_by;
  for (const std::string& part : wrapped(why, sentence_room, 9, false)) {
    box.lines.push_back(small_line(part, Color::alarm));
  }
}

void add_link(Box& box, const LinkedDevice& d) {
  if (!d.path) {
    const bool decided = d.place->port.known();
    box.lines.push_back(small_line(
        decided ? "port " + *d.place->port + " is not there" : "no port decided", Color::alarm));
    return;
  }
  if (!d.path->chain_decided) {
    box.lines.push_back(small_line("riser chain undecided", Color::alarm));
  }
  if (!d.link) {
    box.lines.push_back(
        small_line("NO LINK: " + d.path->port + " has no lanes here", Color::alarm, true));
  } else if (d.degraded() && d.path->chain_decided) {
    add_degraded(box, d);
  } else {
    const std::string_view bound = d.path->chain_decided ? "" : "at most ";
    box.lines.push_back(small_line(std::string(bound) + link_words(*d.link), Color::ink));
  }
  for (const std::string& what : d.link ? d.link->missing : std::vector<std::string>()) {
    for (const std::string& part : wrapped(plain_words(what), sentence_room, 9, false)) {
      box.lines.push_back(small_line(part, Color::alarm));
    }
  }
  if (d.chain.empty() && band_shown(d)) add_signal(box, d);
}

std::string place_words(const LinkedDevice& d) {
  if (!d.place->mount.known()) return "place undecided";
  return *d.place->mount == "direct" ? "plugged straight in" : "mount " + *d.place->mount;
}

}  // namespace

std::vector<LinkedDevice> linked_devices(const Rig& rig) {
  std::vector<LinkedDevice> devices;
  for (const DevicePlace& place : rig.layout.devices) {
    const auto node = place.id.known() ? rig.node(NodeKind::device, *place.id) : std::nullopt;
    const DeviceUse* use = node ? rig.project->device(*place.id) : nullptr;
    if (use == nullptr) continue;
    LinkedDevice d;
    d.place = &place;
    d.use = use;
    d.path = rig.link_path(place);
    if (d.path) d.link = trained_link(*d.path);
    d.route_needed = needed_route(rig, d);
    d.chain = chain_above(rig, *node);
    devices.push_back(std::move(d));
  }
  return devices;
}

std::string link_words(const TrainedLink& link) {
  return to_text(Lanes{link.width}) + " " + to_text(link.generation) + " \xc2\xb7 " +
         to_text(link.bandwidth);
}

Color band_tint(Band band) {
  if (band == Band::green) return Color::green_tint;
  return band == Band::amber ? Color::orange_tint : Color::vermillion_tint;
}

// A card in the board's own slot says nothing while its signal is green.
std::optional<Band> band_shown(const LinkedDevice& d) {
  if (!signal_known(d) || !d.path->chain_decided) return std::nullopt;
  const SignalLoss& loss = d.link->loss;
  const bool quiet = d.chain.empty() && loss.band == Band::green && !loss.field_trap;
  return quiet ? std::nullopt : std::optional(loss.band);
}

Box riser_box(const Rig& rig, const LinkedDevice& d, std::size_t index) {
  const Node& node = rig.nodes[d.chain[index]];
  const auto& riser = std::get<Riser>(*node.part);
  Box box;
  box.id = node.id;
  box.subjects = {node.id};
  box.border = Color::slate;
  box.devices = {d.use->id};
  std::string name = shortened(part_name(node.part), name_room, 9);
  if (node.count > 1) name = std::to_string(node.count) + " \xc3\x97 " + name;
  box.lines.push_back(name_line(node.id, name));
  box.lines.push_back(small_line(own_words(riser, d)));
  if (index + 1 < d.chain.size()) return box;
  if (const std::string route = route_words(d); !route.empty()) {
    box.lines.push_back(small_line(route));
  }
  if (d.link) add_signal(box, d);
  return box;
}

Box card_box(const LinkedDevice& d) {
  Box box;
  box.id = d.use->id;
  box.subjects = {d.use->id};
  if (d.place->mount.known()) box.subjects.push_back(*d.place->mount);
  const bool degraded = d.degraded() && d.path->chain_decided;
  box.fill = degraded ? Color::vermillion_tint : Color::panel;
  box.border = degraded ? Color::vermillion : Color::ink;
  box.frame = 1.2;
  box.devices = {d.use->id};
  box.lines.push_back(
      name_line(d.use->id, shortened(part_name(d.use->holder.get()), name_room, 9), 12));
  add_link(box, d);
  box.lines.push_back(small_line(place_words(d)));
  return box;
}

PcieGen generation_of(const PortChoice& port) {
  PcieGen g = port.core != nullptr ? port.core->generation.value_or(PcieGen::gen6) : PcieGen::gen6;
  bool known = port.core != nullptr && port.core->generation.known();
  for (const BoardConnector* c : port.connectors) {
    if (!c->generation.known()) continue;
    g = std::min(g, *c->generation);
    known = true;
  }
  return known ? g : PcieGen::gen1;
}

}  // namespace rigtopo
