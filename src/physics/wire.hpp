// Copper of power cables: resistance and drop by wire size and length, current of each wire, and
// which outputs share a rail or a cable. Numbers only; limits are held against them in check/.
#pragma once

#include <string>
#include <vector>

#include "physics/power.hpp"

namespace rigtopo {

/// Resistance of one metre of copper wire in ohms: d = 0.127 mm * 92^((36 - AWG) / 39), 1.724e-8
/// ohm m at 20 °C, +0.393 %/K.
double ohms_per_metre(int gauge, Celsius wire = Celsius{20});

/// What one wire in free air carries inside a case; missing above AWG 24. Chassis wiring of the
/// Handbook of Electronic Tables and Formulas, as at
/// https://w2.electrodragon.com/cable-dat/cable-power-dat/cable-AWG-dat/cable-AWG-dat.md
/// (secondary). Odd sizes count as the next thinner even one.
Estimate<Amps> chassis_ampacity(int gauge);

/// Of the ampacity in free air, what a wire in a bundle carries: 0.5, the lower end of the usual
/// 0.5 to 0.7 (unverified).
double bundle_share();

/// Wires of 12 V in a plug; as many returns.
int hot_wires(Plug plug);

/// Resistance of one contact pair, plug and return together: 10 milliohms, the upper end of the
/// usual 5 to 10 (unverified).
double contact_ohms();

/// From outputs through an optional cable part into an inlet.
struct FeedParts {
  Plug inlet{};
  std::vector<const Output*> outputs;  // in parallel
  const PowerCable* cable = nullptr;
};

/// One stretch of a feed: the outputs' own cables, or the cable part.
struct Stretch {
  const PowerCable* cable = nullptr;  // null: the outputs' own cables
  const Output* output = nullptr;     // the first of them
  int wires = 0;                      // 12 V wires in parallel
  Fact<int> gauge;
  Fact<Millimetres> length;
};
std::vector<Stretch> stretches(const FeedParts& feed);

/// Voltage that is lost between outputs and inlet, out and back, wire at 40 °C, contacts included.
/// Missing when a stretch has no length or wire size.
Estimate<Volts> voltage_drop(const FeedParts& feed, Amps current);

/// 12 V current of the most that all wires of a stretch may carry in free air, as watts; missing
/// without a wire size.
Estimate<Watts> ampacity_of(const Stretch& stretch);

/// Outputs that share a limit: those on one rail, the plugs of one cable, or a chain of Molex
/// plugs.
struct OutputGroup {
  enum class Kind { rail, cable, chain };
  Kind kind{};
  std::string id;  // of the rail, or of the output row
  std::vector<const Output*> outputs;
  Estimate<Watts> limit;
  Source at;
};
/// Rails of a supply with outputs on them, and rows of PCIe plugs on one cable: 150 W at AWG 18,
/// 300 W at AWG 16 (common planning figures, unverified); without a wire size the lower one. A
/// chain of Molex plugs carries in all what its first plug and its one wire may.
std::vector<OutputGroup> output_groups(const Supply& supply, const Breakout* breakout);

}  // namespace rigtopo
