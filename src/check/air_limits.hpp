// Inside check/: the limits that several rules about air hold against, with their sources.
#pragma once

#include <optional>
#include <string>

#include "check/rule.hpp"
#include "physics/air_state.hpp"

namespace rigtopo {

/// Warmest air a card may breathe: its own figure, for passive cards the one of the NVIDIA GRID K2
/// (45 °C). nullopt: nobody says.
std::optional<Celsius> max_inlet(const CardAir& card);
/// 45 °C and the 19.7 K that 225 W put on 20 CFM (NVIDIA GRID K2 board specification), rounded up.
inline constexpr Celsius hottest_exhaust{65};

/// "38.4 °C"; air that does not move at all has no temperature: "no limit".
std::string temperature_text(Celsius t);
std::string flow_text(LitresPerSecond flow);

/// Fills numbers, unit, confidence of a finding about a temperature of the model.
void fill(Diagnostic& d, const AirState& air, double actual, double limit, std::string unit);

}  // namespace rigtopo
