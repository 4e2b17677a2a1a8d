// Direct current through a small network of supplies, wires and loads: what flows where two
// supplies are joined. Resistances are the caller's; nothing here knows a limit.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "rigtopo/units.hpp"

namespace rigtopo {

/// A network of resistors, sources with an inner resistance and constant currents. Node 0 is the
/// reference; nodes are made by node().
class DcNetwork {
 public:
  using Node = std::size_t;

  Node node() { return ++nodes_; }
  void resistor(Node a, Node b, double ohms);
  /// `plus` is `volts` above `minus` behind `ohms` (more than 0).
  void source(Node plus, Node minus, Volts volts, double ohms);
  /// Draws `amps` out of `from` and returns it at `to`.
  void load(Node from, Node to, Amps amps);

  /// Voltage of every node over node 0; nullopt when a node hangs in the air. Dense elimination
  /// with pivots: for tens of nodes.
  std::optional<std::vector<Volts>> solve() const;

 private:
  struct Conductance {
    Node a, b;
    double siemens;
  };
  struct Injection {
    Node node;
    double amps;
  };
  std::size_t nodes_ = 0;
  std::vector<Conductance> conductances_;
  std::vector<Injection> injections_;
};

/// Two supplies that a riser joins: the board's A through the slot, B at the riser and the plugs.
/// Resistances in ohms are plausible values, not measured ones (unverified).
struct JoinedSupplies {
  Volts a{12.20};
  Volts b{12.00};
  double inner = 0.003;          // of each supply
  double board = 0.010;          // 24-pin and board to the slot
  double slot_pins = 0.008;      // 12 V fingers of the slot and the riser
  double cables = 0.00264;       // riser cable, plug cable, return of B: 16 AWG, 0.6 m, 3 pairs
  double board_ground = 0.006;   // return of A
  double signal_ground = 0.005;  // ground pins of the data connector
  Amps slot_load{5};
  Amps plug_load{24.2};
};
struct Backfeed {
  Amps through_slot;  // from the board into the riser
  Watts across_slot;  // that current at the slot's voltage over the board's ground
  Amps out_of_a;
  Amps out_of_b;
  Amps through_ground;  // board ground to riser ground
};
Backfeed backfeed(const JoinedSupplies& joined);

}  // namespace rigtopo
