// Parts of the power wiring as plain structs: supplies, breakout boards, cables, cords.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/parts_common.hpp"

namespace rigtopo {

// ---- power
// ---------------------------------------------------------------------------------------

enum class SupplyType { atx, sfx, crps, hp_common_slot, server_brick };
template <>
struct EnumWords<SupplyType> {
  static constexpr std::string_view what = "a supply type";
  static constexpr std::array words{std::pair{"atx"sv, SupplyType::atx},
                                    std::pair{"sfx"sv, SupplyType::sfx},
                                    std::pair{"crps"sv, SupplyType::crps},
                                    std::pair{"hp-common-slot"sv, SupplyType::hp_common_slot},
                                    std::pair{"server-brick"sv, SupplyType::server_brick}};
};

/// What a supply may deliver in a band of mains voltage.
struct SupplyRating {
  Source at;
  Fact<Range<Volts>> mains;
  Fact<Watts> power;      // all rails together; unknown: "no rating", never a pass
  Fact<Watts> power_12v;  // 12 V rail; default `power`
};

/// A kind of output: `count` equal cables (or board ports) that end in `plug`.
struct Output {
  Source at;
  Fact<std::string> id;  // pcie -> pcie0, pcie1 ...
  Fact<Plug> plug;
  Fact<int> count;
  Fact<Watts> power;  // continuous per output; default: the plug's rating
  Fact<Millimetres>
      reach;  // cable length; outputs of breakout boards have none (a cable part is needed)
  Fact<bool> needs_cable;  // true: a port without a cable of its own
  Fact<Amps> current;      // continuous, of each; with `fuse` the least of all counts
  Fact<Amps> fuse;         // of each
  Fact<std::string> rail;  // id of the supply's rail it hangs on
  Fact<bool> one_cable;    // all `count` plugs sit on one cable (pigtails, chains)
  Fact<int> gauge;         // AWG of its own cable
};

/// A 12 V rail with an over-current limit of its own.
struct SupplyRail {
  Source at;
  Fact<std::string> id;
  Fact<Amps> current;
};

struct Supply : Part {
  Fact<SupplyType> type;
  std::vector<SupplyRating> ratings;
  std::vector<Output> outputs;  // empty for server supplies, which need a breakout board
  Fact<MainsInlet> mains_inlet;
  Fact<Percent> efficiency;     // at half load; unknown: the pessimistic default
  Fact<Percent> excursion_1ms;  // ability for 1 ms, of the rating; unknown: 100 %
  Fact<Percent> excursion_10ms;
  Fact<bool> shares_current;  // outputs of equal units may be joined
  Fact<bool> feeds_24pin;     // has 5 V, 3.3 V and standby for a board
  Fact<Percent> excursion_100us;
  Fact<Percent> excursion_100ms;
  std::vector<SupplyRail> rails;   // empty: one rail
  Fact<Volts> voltage;             // set point of 12 V
  Fact<Amps> inrush;               // at switching on, cold
  Fact<bool> always_on;            // no switch: gives 12 V whenever it has mains
  Fact<bool> isolates_output;      // keeps current of others out of its output when it is off
  Fact<std::string> cable_family;  // whose modular cables fit
};

struct Breakout : Part {
  std::vector<Fact<SupplyType>> fits;
  std::vector<Output> outputs;
  Fact<Watts> bus_power;  // all ports together
  Fact<bool> always_on;   // jumpered: its supply runs whenever it has mains
};

/// A cable or adapter between outputs and an inlet: 3x 8-pin to 12V-2x6, 6-pin port to 8-pin plug.
struct PowerCable : Part {
  Fact<Plug> from;
  Fact<int> from_count;  // default 1
  Fact<Plug> to;
  Fact<Watts> power;  // continuous through the whole part
  Fact<Millimetres> length;
  Fact<int> gauge;                // AWG
  Fact<std::string> fits_family;  // modular cable: of which supplies; absent: plugs are standard
};

struct Cord : Part {
  Fact<MainsInlet> inlet;  // C14: a C13 cord fits
  Fact<std::string> plug;  // NEMA 5-15P, CEE 7/7
  Fact<Amps> current;
};

}  // namespace rigtopo
