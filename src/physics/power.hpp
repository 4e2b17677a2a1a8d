// Power: what a card draws through slot and plugs, what each supply, output, breakout, slot net and
// circuit carries, which 12 V copper is joined. Numbers only; what is too much is decided in
// check/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rig/rig.hpp"

namespace rigtopo {

// ---- constants with their sources (definitions in power.cpp)
// -------------------------------------

/// Continuous rating of one plug: 6-pin 75 W, 8-pin 150 W, 12V-2x6 600 W, EPS 300 W, SATA 54 W,
/// Molex 54 W (12 V), 24-pin 132 W of 12 V for slots.
Watts plug_rating(Plug plug);
/// 12 V allowance of an x16 slot: 5.5 A = 66 W (PCIe CEM).
Watts slot_allowance();
/// IEC 60320 rating of an inlet: C14 10 A, C20 16 A under iec; 15 A and 20 A under nec (UL).
Amps inlet_rating(MainsInlet inlet, MainsCode code);
/// Pessimistic efficiency when a supply has none: 88 %.
Percent default_efficiency();
/// What a UPS or PDU draws from its circuit to pass this on, charging apart: by its efficiency; a
/// UPS without one by a pessimistic 85 %, a PDU without loss.
Watts drawn_through(const MainsUnit& unit, Watts passed);
/// The same as a share.
double unit_efficiency(const MainsUnit& unit);
/// Platform draw besides CPU and devices: 5 W a DIMM, 10 W a drive, 30 W board and BMC, plus
/// `other`.
Estimate<Watts> platform_power(const Project& project);
/// CPU TDP times sockets filled.
Estimate<Watts> cpu_power(const Project& project);

// ---- cards
// -----------------------------------------------------------------------------------------

/// Draw of one card at a power limit. Total counts once; `slot_*` and `aux_*` are each what the
/// supply behind that side must be ready for ("its own worst split").
struct CardDraw {
  Estimate<Watts> total;      // board power at the limit
  Watts slot_expected;        // sourced slot draw, else the slot allowance (pessimistic default)
  Watts slot_worst;           // slot allowance, or the sourced draw when that is more
  Watts aux_expected;         // total - sourced slot draw; total when no slot draw is sourced
  Watts aux_worst;            // total
  bool slot_assumed = false;  // slot draw not sourced, or unverified and below the allowance
  bool takes_aux = false;     // has inlets
  Confidence split = Confidence::verified;  // of how the total is shared out between slot and plugs
};
/// `limit` nullopt: as shipped.
CardDraw card_draw(const Device& device, std::optional<Watts> limit);

/// Shortest-window peak of a card: its measured peak, else the largest excursion, else 2x power
/// (unverified default), scaled with the limit.
Estimate<Watts> card_peak(const Device& device, std::optional<Watts> limit);

// ---- who feeds whom
// ---------------------------------------------------------------------------------

/// Which limits hold for the cards: those of the layout, or the cards' defaults (after a reboot).
enum class Caps { as_set, default_limits };

/// Which side of a card a supply feeds; what has no plugs of its own is always whole.
enum class FedSide { whole, slot, plugs };

/// One consumer on a supply.
struct Load {
  std::string subject;  // "gpu3", "cpu0", "platform"
  FedSide side = FedSide::whole;
  Watts expected;
  Watts worst;
  Source at;
};

struct SupplyLoad {
  std::string id;
  std::vector<Load> loads;
  Watts expected;
  Watts worst;
  Estimate<Watts> rating;  // at the mains voltage in use; unknown without circuit or rating
  Estimate<Watts> peak;    // all cards' peaks at once + the rest
  Estimate<Watts> wall;    // expected / efficiency
  Confidence confidence = Confidence::verified;
  std::vector<std::string> missing;  // not empty: the load is understated
};
/// Every supply of the layout, in its order. A card whose slot and plugs hang on one supply counts
/// its total once.
std::vector<SupplyLoad> supply_loads(const Rig& rig, Caps caps = Caps::as_set);

/// Rating of a supply at a mains voltage; missing when no band covers it.
Estimate<Watts> rating_at(const Supply& supply, Volts mains);

/// One output (cable) or breakout port and what it carries.
struct OutputLoad {
  std::string id;  // psu0.pcie1
  Plug plug{};
  Watts carried;      // expected, share of the inlet's power over its outputs
  Watts rating;       // of the output, no more than the plug's
  std::string feeds;  // "gpu3.16pin"; several when an output is taken twice, joined by ", "
  Confidence confidence = Confidence::verified;
  Source at;
  std::vector<std::string> missing;  // not empty: `carried` is understated
};
/// What one output may carry: the least of its plug's rating, `power`, and `current` and `fuse` at
/// 12 V.
Estimate<Watts> output_rating(const Output& output);
std::vector<OutputLoad> output_loads(const Rig& rig, Caps caps = Caps::as_set);

/// One inlet of a card, riser or board and the cable on it. Fed inlets only. The power of one side
/// is shared by plug rating among the inlets that are fed: a card's plugs, a riser's inlets (slot
/// power of the card), the board's CPU inlets (CPU power), and its other inlets (12 V of the slots;
/// what the platform draws is spread over other voltages and judged at the supply).
struct InletLoad {
  std::string id;  // gpu3.16pin
  Plug plug{};
  Watts carried;
  Watts rating;       // least of plug and cable part
  std::string cable;  // tag
  Source at;
  Confidence confidence = Confidence::verified;
  std::vector<std::string> missing;  // not empty: `carried` is understated
};
std::vector<InletLoad> inlet_loads(const Rig& rig, Caps caps = Caps::as_set);

struct CircuitLoad {
  std::string id;
  Volts volts;
  Amps breaker;
  Watts expected;  // supplies at the wall, through the losses of UPS, + charging + other_load
  Watts other;
  Watts continuous;  // 80 % of breaker * volts
  Watts trip;        // breaker * volts
  int outlets_used = 0;
  std::vector<std::string> supplies;
  Confidence confidence = Confidence::verified;
  std::vector<std::string> missing;
  Source at;
};
std::vector<CircuitLoad> circuit_loads(const Rig& rig, Caps caps = Caps::as_set);

/// 12 V drawn through the board's slots by cards that are not isolated from it.
struct SlotNetLoad {
  Watts expected;
  Watts worst;
  int cards = 0;
  std::vector<std::string> subjects;
  Estimate<Watts> limit;                         // Board::slot_power_limit
  Confidence confidence = Confidence::verified;  // of the load
  std::vector<std::string> missing;              // not empty: the load is understated
};
SlotNetLoad slot_net_load(const Rig& rig, Caps caps = Caps::as_set);

/// What a switch or bifurcation card draws: its own power and the 12 V of the slots below it. Slots
/// with a feed of their own on the way (a powered riser) count all the same: what they draw from
/// either side is not known.
struct ExpanderLoad {
  std::string id;
  Watts expected;
  Watts worst;
  std::vector<std::string> devices;
  Confidence confidence = Confidence::verified;
  std::vector<std::string> missing;  // not empty: the load is understated
};
std::vector<ExpanderLoad> expander_loads(const Rig& rig, Caps caps = Caps::as_set);

/// Supplies (ids) whose 12 V outputs are one piece of copper, by connected components of the power
/// view over copper links; only nets with at least two supplies, each sorted, with the parts that
/// join them.
struct JoinedNet {
  std::vector<std::string> supplies;
  // Node ids on the copper between them, neither supply, breakout nor cable; the cables when there
  // is nothing else (two outputs joined in one adapter).
  std::vector<std::string> through;
};
std::vector<JoinedNet> joined_nets(const Rig& rig);

/// Supplies behind the slot and behind the plugs of one device, by walking the power view; in the
/// layout's order. Slots draw from inlets of use `slots` when such are fed, else from use `board`.
struct DeviceSources {
  std::vector<std::string> slot;
  std::vector<std::string> aux;
};
DeviceSources device_sources(const Rig& rig, std::string_view device_id);

}  // namespace rigtopo
