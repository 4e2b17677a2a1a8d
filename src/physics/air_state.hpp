// The air of a rig: what every card breathes, how much, how warm; where every fan runs; sound. A
// frame with `air:` is solved as a network, an `open: true` frame is estimated card by card, every
// other frame has no air model. Numbers only; what is too warm is decided in check/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "physics/airflow.hpp"
#include "rig/rig.hpp"

namespace rigtopo {

// ---- constants with their sources (definitions in air_state.cpp)
// ---------------------------------

/// Flow a passive card needs for its power when its maker says nothing: 20 CFM for 225 W with air
/// of 45 °C and a chip of 92 °C, fully ducted (NVIDIA GRID K2 board specification). The air warms
/// by 19.7 K then. With cooler air more rise is left for the chip, and the need falls with it: 47 K
/// over 92 °C less the inlet (30 % less at 25 °C). Infinite from 92 °C up.
LitresPerSecond usual_need(Watts power, Celsius inlet = Celsius{45});
/// Warmest air that the same specification allows.
Celsius usual_max_inlet();
/// Room temperature when the spec gives none.
Celsius usual_room();
/// How far a temperature at a card's inlet may be off: 5 K in a network, 10 K in an open frame
/// (engineering estimate, unverified).
Kelvins air_band(bool open_frame);
/// Share of a neighbour's exhaust in what a card breathes without walls: 0.4 back to back, falling
/// to 0.1 at a gap of 60 mm (engineering estimate, unverified).
double entrained_share(Millimetres gap);

// ---- one card, fan, zone
// ---------------------------------------------------------------------------

struct CardAir {
  std::string id;
  const Device* device = nullptr;
  Source at;
  bool own_fans = false;
  Watts heat;
  LitresPerSecond flow;    // below 0: against the way the frame wants it
  LitresPerSecond needed;  // at this power; the maker's figure, else usual_need()
  bool need_assumed = true;
  Celsius inlet;
  Celsius outlet;
  std::optional<Celsius> core;  // when a thermal resistance is known
};

struct FanAir {
  std::string id;
  const Fan* part = nullptr;
  Source at;
  LitresPerSecond flow;       // below 0: pressed backwards
  Pascals pressure;           // rise from its inlet to its outlet
  LitresPerSecond free_flow;  // at its speed
  LitresPerSecond stall;      // runs in stall below this
  bool stall_assumed = true;
  Watts power;  // 0 when not known
};

struct ZoneAir {
  std::string id;
  Pascals pressure;  // over the room
  Celsius temperature;
};

struct PassageAir {
  std::string id;
  std::string from;
  std::string to;
  LitresPerSecond flow;
};

enum class AirModel {
  none,     // the frame has no air model, or the spec gives it no fans
  network,  // solved
  open      // estimated card by card
};

struct AirState {
  AirModel model = AirModel::none;
  bool solved = false;  // the lists below hold numbers
  std::vector<CardAir> cards;
  std::vector<FanAir> fans;
  std::vector<ZoneAir> zones;
  std::vector<PassageAir> passages;
  Celsius room{};
  double density = rated_density;
  Watts heat;                 // into the air of the frame
  LitresPerSecond through;    // from the frame into the room
  Estimate<DecibelsA> sound;  // of the fans in the frame, not of cards and supplies
  Watts fan_power;
  Kelvins band{5};
  Confidence confidence = Confidence::verified;
  std::vector<std::string> missing;      // not empty: not solved
  std::vector<std::string> undecided;    // not empty: not solved
  std::vector<std::string> assumptions;  // in words

  const CardAir* card(std::string_view id) const;
  /// Mean warming of the air that passes the frame.
  Kelvins mean_rise() const;
};

/// The air of a rig with every card at its power; `stopped`: a fan that stands still.
AirState air_state(const Rig& rig, std::string_view stopped = {});

// ---- rows
// ----------------------------------------------------------------------------------------

/// The card on the fan side of another: fans of a card face the higher slot numbers.
struct FanSide {
  std::string card;
  std::string next;
  Estimate<Millimetres> gap;
};
/// Cards that have another one on their fan side, in mounts of one row or plugged side by side.
std::vector<FanSide> fan_sides(const Rig& rig);

/// Inside physics/: fills `state` for an open frame, whose room, density and cards with heat are
/// there.
void estimate_open_frame(const Rig& rig, AirState& state);

/// Sum of sound levels: 10 log10 of the sum of 10^(L/10).
DecibelsA sound_sum(const std::vector<DecibelsA>& levels);

}  // namespace rigtopo
