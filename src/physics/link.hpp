// What a PCIe link trains to and how much signal is left: width, generation, bandwidth, insertion
// loss in bands. Pure functions of parts; limits and text belong to check/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rig/rig.hpp"

namespace rigtopo {

/// Lanes the port offers its link under the split and the group mode of `path`: the piece that
/// starts at the port's first lane, no wider than the port (pairs need one piece over both
/// connectors). 0 when no piece starts there. Undecided split: the widest piece of the BIOS menu;
/// without a menu, the port's own width.
int port_lanes(const LinkPath& path);

/// Lanes that are led to the port at all, however cores are split: its own width, cut by what its
/// shared group and the ports above a bifurcation card leave it.
int wired_lanes(const LinkPath& path);

enum class Band { green, amber, red };
std::string_view to_string(Band b);

/// One stretch of the channel with its loss.
struct LossSegment {
  std::string what;  // "board to PCIE1", "ribbon-gen4-200"
  Estimate<Decibels> loss;
};

/// What a channel may lose from end to end at the Nyquist frequency, and who takes how much of it.
struct LossBudget {
  Decibels total;
  Decibels package;    // CPU package
  Decibels connector;  // one mated pair of connectors
  Decibels card;       // add-in card behind its edge connector
  Decibels board;      // left for the board; by default a board uses half of it
  Decibels reserve;    // 10 % of the total: less than this left is amber
};
/// Gen3 22, Gen4 28, Gen5 36 dB; gen1 and gen2 are judged as gen3. nullopt for gen6: no figures.
std::optional<LossBudget> loss_budget(PcieGen generation);

/// Loss of one riser part at one generation, its own connectors included: its figure, else
/// (`assumed`) the pessimistic default of its type. Unknown length of a ribbon or cable: no value.
struct RiserLoss {
  Estimate<Decibels> loss;
  bool assumed = false;
};
RiserLoss riser_loss(const Riser& riser, PcieGen generation);

/// Loss of a link at one generation. A retimer restarts the budget: `segments` then hold the worst
/// stretch (sources at the definitions in loss.cpp). Look at `total` first: when it is unknown, the
/// band is red for want of anything better.
struct SignalLoss {
  PcieGen generation{};
  std::vector<LossSegment> segments;
  Estimate<Decibels> total;
  Estimate<Decibels> margin;  // budget - total
  Band band = Band::red;      // green: margin > reserve; amber: 0 to reserve; red: below 0
  bool field_trap =
      false;  // long passive ribbon that field experience says floods the link with errors
  std::string field_reason;
  bool assumed = false;  // a riser has no figure and took the pessimistic default: never green
  bool board_assumed = false;  // the board's share is the default one
};

SignalLoss signal_loss(const LinkPath& path, PcieGen generation);

/// What the link trains to by width and generation of every part along the chain.
struct TrainedLink {
  int width = 0;
  PcieGen generation = PcieGen::gen1;
  std::string limited_by;  // part or port that sets width or generation below the card's own; empty
                           // when none does
  SignalLoss loss;         // at `generation`
  GigabytesPerSecond bandwidth;  // after encoding, one direction
  Confidence confidence = Confidence::verified;
  std::vector<std::string> missing;  // "generation of `X` is not known"
};

/// Least along the chain of card, risers, connector and core. The generation is NOT lowered because
/// of loss: hardware trains at the highest both ends offer and then throws errors; a red band is a
/// finding (and what the solver avoids), a lower generation is a choice of parts or BIOS.
/// nullopt when port_lanes is 0.
std::optional<TrainedLink> trained_link(const LinkPath& path);

/// GB/s of a link after line encoding: 8b/10b up to gen2, 128b/130b from gen3, FLITs (242 of 256
/// bytes) for gen6. x16 gen4 = 31.508.
GigabytesPerSecond link_bandwidth(int width, PcieGen generation);

/// The riser chain has a connector that does not mate: message-free predicate and position.
struct ChainFault {
  int position = 0;  // index into the chain; chain.size() is the card itself
  Socket offered{};
  Socket needed{};
  int offered_count = 1;
  int needed_count = 1;
  // Slots only, when kind and count agree: a closed slot shorter than the edge put into it.
  int offered_length = 0;
  int needed_length = 0;
  // Cables only, when kind and count agree: both sides are plugs, or both are receptacles.
  bool two_plugs = false;
  bool two_receptacles = false;
};
/// First place where connectors do not mate between port, chain and card; nullopt when all do.
std::optional<ChainFault> chain_fault(const LinkPath& path);

}  // namespace rigtopo
