// What a link trains to: width and generation of every part along it, and where connectors do not
// mate. How much signal is left is loss.cpp.
#include "physics/link.hpp"

#include <algorithm>
#include <bit>

namespace rigtopo {
namespace {

/// Width of the piece of `split` that starts at `lane`; 0 when none does.
int piece_at(const Split& split, int lane) {
  int start = 0;
  for (const int piece : split.pieces) {
    if (start == lane) return piece;
    start += piece;
  }
  return 0;
}

/// The widest piece at `lane` that the BIOS menu of every connector offers; 16 without a menu.
int widest_piece(const LinkPath& path, int lane) {
  int widest = 16;
  for (const BoardConnector* connector : path.connectors) {
    static const std::vector<Fact<Split>> none;
    const auto& board_menu = path.board != nullptr ? path.board->bios_splits : none;
    const auto& menu = connector->splits.empty() ? board_menu : connector->splits;
    if (menu.empty()) continue;
    int here = 0;
    for (const Fact<Split>& s : menu) {
      if (s.known()) here = std::max(here, piece_at(*s, lane));
    }
    widest = std::min(widest, here);
  }
  return widest;
}

/// PCIe trains to powers of two only.
int trainable(int lanes) {
  return lanes <= 0 ? 0 : static_cast<int>(std::bit_floor(static_cast<unsigned>(lanes)));
}

/// Finds the least width and generation along the link, and who is to blame.
class Narrowest {
 public:
  void width(const std::optional<int>& lanes, const std::string& who, Confidence confidence) {
    if (!lanes) {
      missing.push_back("width of `" + who + "` is not known");
      return;
    }
    sure = weakest(sure, confidence);
    if (*lanes < least_width) {
      least_width = *lanes;
      narrow = who;
    }
  }
  void generation(const Fact<PcieGen>& g, const std::string& who) {
    if (!g.known()) {
      missing.push_back("generation of `" + who + "` is not known");
      return;
    }
    sure = weakest(sure, g.confidence);
    if (*g < least_generation) {
      least_generation = *g;
      slow = who;
    }
  }

  int least_width = 32;
  PcieGen least_generation = PcieGen::gen6;
  std::string narrow;
  std::string slow;
  std::vector<std::string> missing;
  Confidence sure = Confidence::verified;
};

/// First lane of the port within its core, through bifurcation cards.
int first_lane(const LinkPath& path) {
  int first = path.connectors.empty() ? 0 : path.connectors.front()->first_lane.value_or(0);
  for (const BoardConnector* c : path.connectors) {
    first = std::min(first, c->first_lane.value_or(0));
  }
  return path.uplink != nullptr && !path.from_switch() ? first + first_lane(*path.uplink) : first;
}

/// The port of the board below which a port of a bifurcation card lies.
const LinkPath& root_of(const LinkPath& path) {
  return path.uplink != nullptr && !path.from_switch() ? root_of(*path.uplink) : path;
}

/// Lanes of the edge that goes into the board's slot: the first riser's, else the card's.
int edge_length(const LinkPath& path) {
  if (!path.chain_decided) return 0;
  if (!path.chain.empty()) return path.chain.front().first->width.value_or(Lanes{0}).value;
  const auto end = link_end(path);
  return end ? end->mechanical : 0;
}

/// Generations along what a bifurcation card hangs on, and lanes that its risers leave it.
void narrow_by_uplink(const LinkPath& uplink, int first, Narrowest& n) {
  if (uplink.from_switch()) {
    n.generation(uplink.behind->generation, uplink.port);
  } else if (uplink.uplink != nullptr) {
    narrow_by_uplink(*uplink.uplink, first, n);
  } else if (uplink.core != nullptr) {
    n.generation(uplink.core->generation, uplink.core_id);
  } else {
    n.missing.push_back("core of `" + uplink.port + "` is not known");
  }
  for (const BoardConnector* c : uplink.connectors) {
    n.generation(c->generation, c->id.value_or(uplink.port));
  }
  for (const auto& [riser, count] : uplink.chain) {
    std::optional<int> lanes;
    if (riser->width.known()) lanes = riser->width->value * count - first;
    n.width(lanes, riser->id, riser->width.confidence);
    n.generation(riser->generation, riser->id);
  }
  if (!uplink.chain_decided) {
    n.missing.push_back("riser of `" + uplink.end_id + "` is not decided");
  }
}

void narrow_by_port(const LinkPath& path, int lanes, Narrowest& n) {
  Confidence sure = Confidence::verified;
  for (const BoardConnector* c : path.connectors) {
    if (c->width.known()) sure = weakest(sure, c->width.confidence);
  }
  n.width(lanes, path.port, sure);
  if (path.behind != nullptr) {
    if (!path.from_switch() && path.uplink != nullptr) {
      narrow_by_uplink(*path.uplink, path.connectors.front()->first_lane.value_or(0), n);
    }
  } else if (path.core != nullptr) {
    n.generation(path.core->generation, path.core_id);
  } else {
    n.missing.push_back("core of `" + path.port + "` is not known");
  }
  for (const BoardConnector* c : path.connectors) {
    n.generation(c->generation, c->id.value_or(path.port));
  }
  const int edge = edge_length(path);
  const BoardConnector& slot = *path.connectors.front();
  if (slot.socket.value == Socket::slot && !slot.mechanical.known() &&
      !slot.open_ended.value_or(false) && edge > slot.width.value_or(Lanes{0}).value) {
    n.missing.push_back("mechanical length of `" + path.port + "` is not known");
  }
}

void narrow_by_chain(const LinkPath& path, Narrowest& n) {
  for (const auto& [riser, count] : path.chain) {
    std::optional<int> lanes;
    if (riser->width.known()) lanes = riser->width->value * count;
    n.width(lanes, riser->id, riser->width.confidence);
    n.generation(riser->generation, riser->id);
  }
}

}  // namespace

int wired_lanes(const LinkPath& path) {
  int width = 0;
  for (const BoardConnector* c : path.connectors) width += c->width.value_or(Lanes{0}).value;
  if (path.group_lanes) width = std::min(width, *path.group_lanes);
  const bool divided = path.uplink != nullptr && path.behind != nullptr && !path.from_switch();
  if (!divided || path.connectors.empty()) return width;
  const int first = path.connectors.front()->first_lane.value_or(0);
  return std::max(0, std::min(width, wired_lanes(*path.uplink) - first));
}

int port_lanes(const LinkPath& path) {
  int width = 0;
  for (const BoardConnector* c : path.connectors) width += c->width.value_or(Lanes{0}).value;
  if (path.behind != nullptr) {  // hangs nowhere, or on a port without lanes
    if (path.uplink == nullptr || port_lanes(*path.uplink) <= 0) return 0;
  }
  if (path.fixed_lanes()) return width;
  const int first = first_lane(path);
  const int core_lanes = path.core != nullptr ? path.core->lanes.value_or(16) : 16;
  int piece = path.split ? piece_at(*path.split, first) : widest_piece(root_of(path), first);
  // A core of few lanes has no BIOS menu: see legal_splits().
  if (!path.split && core_lanes < 16) piece = std::max(0, core_lanes - first);
  int lanes = std::min(piece, width);
  lanes = std::min(lanes, wired_lanes(path));
  if (path.connectors.size() > 1 && lanes < width) return 0;
  return std::max(lanes, 0);
}

std::optional<TrainedLink> trained_link(const LinkPath& path) {
  const int offered = port_lanes(path);
  const auto end = link_end(path);
  if (offered <= 0 || !end) return std::nullopt;
  Narrowest n;
  narrow_by_port(path, offered, n);
  narrow_by_chain(path, n);
  // The card last, so that a part that is as slow as the card is not blamed for it.
  std::optional<int> card_width;
  if (end->width->known()) card_width = (*end->width)->value;
  const bool narrowed = card_width && n.least_width < *card_width;
  const bool slowed = end->generation->known() && n.least_generation < **end->generation;
  n.width(card_width, end->part, end->width->confidence);
  n.generation(*end->generation, end->part);

  TrainedLink link;
  link.width = trainable(n.least_width);
  link.generation = n.least_generation;
  if (narrowed) link.limited_by = n.narrow;
  if (!narrowed && slowed) link.limited_by = n.slow;
  link.loss = signal_loss(path, link.generation);
  link.bandwidth = link_bandwidth(link.width, link.generation);
  link.confidence = n.sure;
  link.missing = std::move(n.missing);
  if (!path.chain_decided) link.missing.push_back("riser of `" + path.port + "` is not decided");
  return link;
}

GigabytesPerSecond link_bandwidth(int width, PcieGen generation) {
  // PCI Express Base Specification: 8b/10b line code up to gen2, 128b/130b from gen3; gen6 sends
  // FLITs of 256 bytes, 14 of which are check and correction bytes.
  double efficiency = 128.0 / 130.0;
  if (generation <= PcieGen::gen2) efficiency = 0.8;
  if (generation == PcieGen::gen6) efficiency = 242.0 / 256.0;
  return GigabytesPerSecond{gt_per_s(generation) * width * efficiency / 8.0};
}

namespace {

struct Offer {
  Socket socket{};
  int count = 1;
  std::optional<int> length;  // lanes an edge may be long; nullopt: any, or not known
  bool plug = false;          // the end of a cable; boards, adapters and cards have receptacles
};

Offer offer_of(const LinkPath& path) {
  const BoardConnector& c = *path.connectors.front();
  const int count = path.sockets > 0 ? path.sockets : static_cast<int>(path.connectors.size());
  Offer offer{c.socket.value_or(Socket::slot), count, {}};
  if (offer.socket == Socket::slot && c.mechanical.known() && !c.open_ended.value_or(false)) {
    offer.length = c.mechanical->value;
  }
  return offer;
}

/// Does an edge of `length` lanes (0: not known) fit?
std::optional<ChainFault> mate(const Offer& offer, Socket socket, int count, int length,
                               std::size_t position) {
  const bool kind = offer.socket == socket && offer.count == count;
  const bool fits = !offer.length || length <= *offer.length;
  if (kind && fits) return std::nullopt;
  ChainFault fault{static_cast<int>(position), offer.socket, socket, offer.count, count, 0, 0};
  if (kind) {
    fault.offered_length = *offer.length;
    fault.needed_length = length;
  }
  return fault;
}

}  // namespace

std::optional<ChainFault> chain_fault(const LinkPath& path) {
  const auto end = link_end(path);
  if (path.connectors.empty() || !end || !path.chain_decided) return std::nullopt;
  Offer offer = offer_of(path);
  for (std::size_t i = 0; i < path.chain.size(); ++i) {
    const auto& [riser, parallel] = path.chain[i];
    const Socket from = riser->from.socket.value_or(offer.socket);
    const int count = riser->from.count.value_or(1) * parallel;
    const int edge = from == Socket::slot ? riser->width.value_or(Lanes{0}).value : 0;
    if (auto fault = mate(offer, from, count, edge, i)) return fault;
    const bool cable = riser->is(RiserType::cable);
    if (is_cabled(from) && offer.plug == cable) {
      ChainFault fault{static_cast<int>(i), from, from, count, count, 0, 0};
      (cable ? fault.two_plugs : fault.two_receptacles) = true;
      return fault;
    }
    offer = {riser->to.socket.value_or(from), riser->to.count.value_or(1) * parallel, {}, cable};
  }
  auto fault = mate(offer, end->socket, end->count,
                    end->socket == Socket::slot ? end->mechanical : 0, path.chain.size());
  if (!fault && is_cabled(end->socket) && !offer.plug) {
    fault = ChainFault{static_cast<int>(path.chain.size()),
                       end->socket,
                       end->socket,
                       end->count,
                       end->count,
                       0,
                       0};
    fault->two_receptacles = true;
  }
  return fault;
}

}  // namespace rigtopo
