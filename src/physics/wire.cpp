// Wire tables and the sums over a cable.
#include "physics/wire.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace rigtopo {
namespace {

constexpr double copper_ohm_metres = 1.724e-8;  // annealed copper at 20 °C (IACS)
constexpr double copper_per_kelvin = 0.00393;
constexpr Celsius wire_in_use{40};

bool is_pcie(const Output& o) {
  return o.plug.known() && (*o.plug == Plug::pcie_6pin || *o.plug == Plug::pcie_8pin);
}

/// What one cable with several PCIe plugs may carry in all.
Estimate<Watts> one_cable_limit(const Fact<int>& gauge) {
  Estimate<Watts> limit;
  limit.confidence = Confidence::unverified;
  limit.value = gauge.known() && *gauge <= 16 ? Watts{300} : Watts{150};
  if (!gauge.known()) limit.missing.emplace_back("wire size is not known");
  return limit;
}

/// The first plug of a chain and the one wire behind it carry everything.
Estimate<Watts> chain_limit(const Output& chain) {
  Estimate<Watts> limit = output_rating(chain);
  limit.confidence = weakest(limit.confidence, Confidence::secondary);  // claims for a pin differ
  const Estimate<Amps> wire =
      chain.gauge.known() ? chassis_ampacity(*chain.gauge) : Estimate<Amps>{};
  if (wire.known()) limit.value = std::min(*limit, Volts{12} * *wire);
  return limit;
}

}  // namespace

double ohms_per_metre(int gauge, Celsius wire) {
  const double diameter = 0.127e-3 * std::pow(92.0, (36.0 - gauge) / 39.0);
  const double area = std::numbers::pi / 4 * diameter * diameter;
  return copper_ohm_metres / area * (1 + copper_per_kelvin * (wire.value - 20));
}

Estimate<Amps> chassis_ampacity(int gauge) {
  constexpr std::array<std::pair<int, double>, 8> table{
      {{10, 55}, {12, 41}, {14, 32}, {16, 22}, {18, 16}, {20, 11}, {22, 7}, {24, 3.5}}};
  Estimate<Amps> amps;
  for (const auto& [size, carries] : table) {
    if (gauge > size) continue;
    amps.value = Amps{carries};
    amps.confidence = Confidence::secondary;
    return amps;
  }
  amps.missing.push_back("nobody says what a wire of AWG " + std::to_string(gauge) + " carries");
  return amps;
}

double bundle_share() { return 0.5; }

int hot_wires(Plug plug) {
  switch (plug) {
    case Plug::pcie_6pin:
    case Plug::atx_24pin:
      return 2;
    case Plug::pcie_8pin:
      return 3;
    case Plug::twelve_volt_2x6:
      return 6;
    case Plug::eps_8pin:
      return 4;
    case Plug::molex:
    case Plug::sata:  // three pins, one wire
      return 1;
  }
  return 1;
}

double contact_ohms() { return 0.010; }

std::vector<Stretch> stretches(const FeedParts& feed) {
  std::vector<Stretch> list;
  if (feed.outputs.empty()) return list;
  const Output& first = *feed.outputs.front();
  const auto parallel = static_cast<int>(feed.outputs.size());
  if (!first.needs_cable.value_or(false)) {
    list.push_back({nullptr, &first, parallel * hot_wires(first.plug.value_or(feed.inlet)),
                    first.gauge, first.reach});
  }
  if (feed.cable != nullptr) {
    const Plug from = feed.cable->from.value_or(feed.inlet);
    list.push_back(
        {feed.cable, &first, parallel * hot_wires(from), feed.cable->gauge, feed.cable->length});
  }
  return list;
}

Estimate<Volts> voltage_drop(const FeedParts& feed, Amps current) {
  Estimate<Volts> drop;
  drop.confidence = Confidence::unverified;  // contacts are a planning figure
  double ohms = contact_ohms() / hot_wires(feed.inlet);
  for (const Stretch& s : stretches(feed)) {
    const std::string id = s.cable != nullptr ? s.cable->id : s.output->id.value_or("?");
    if (!s.gauge.known()) drop.missing.push_back("wire size of `" + id + "` is not known");
    if (!s.length.known()) drop.missing.push_back("length of `" + id + "` is not known");
    if (!s.gauge.known() || !s.length.known()) continue;
    const double metres = s.length->value / 1000;
    ohms += 2 * metres * ohms_per_metre(*s.gauge, wire_in_use) / s.wires;
    if (s.cable != nullptr) ohms += contact_ohms() / s.wires;  // where it is plugged in
  }
  if (drop.missing.empty()) drop.value = Volts{current.value * ohms};
  return drop;
}

Estimate<Watts> ampacity_of(const Stretch& stretch) {
  Estimate<Watts> most;
  if (!stretch.gauge.known()) {
    most.missing.emplace_back("wire size is not known");
    return most;
  }
  const Estimate<Amps> each = chassis_ampacity(*stretch.gauge);
  most.rests_on(each);
  most.rests_on(stretch.gauge);
  if (each.known()) most.value = Volts{12} * *each * static_cast<double>(stretch.wires);
  return most;
}

std::vector<OutputGroup> output_groups(const Supply& supply, const Breakout* breakout) {
  std::vector<OutputGroup> groups;
  for (const SupplyRail& rail : supply.rails) {
    OutputGroup group{OutputGroup::Kind::rail, rail.id.value_or("?"), {}, {}, rail.at};
    if (rail.current.known()) {
      group.limit.value = Volts{12} * *rail.current;
      group.limit.rests_on(rail.current);
    } else {
      group.limit.missing.push_back("limit of rail `" + group.id + "` is not known");
    }
    for (const Output& o : supply.outputs) {
      if (o.rail.known() && o.rail.value == rail.id.value) group.outputs.push_back(&o);
    }
    if (!group.outputs.empty()) groups.push_back(std::move(group));
  }
  const auto cables = [&](const std::vector<Output>& outputs) {
    for (const Output& o : outputs) {
      if (!o.one_cable.value_or(false) || o.count.value_or(1) < 2) continue;
      const std::string id = o.id.value_or("?");
      if (is_pcie(o)) {
        groups.push_back({OutputGroup::Kind::cable, id, {&o}, one_cable_limit(o.gauge), o.at});
      } else if (o.plug.value == Plug::molex) {
        groups.push_back({OutputGroup::Kind::chain, id, {&o}, chain_limit(o), o.at});
      }
    }
  };
  cables(supply.outputs);
  if (breakout != nullptr) cables(breakout->outputs);
  return groups;
}

}  // namespace rigtopo
