// Everything computed about one rig, each thing once and when it is first asked for: for whoever
// asks often, as the rules do. The functions themselves are in the other files of this folder.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "physics/air_state.hpp"
#include "physics/power.hpp"

namespace rigtopo {

/// Not safe to be asked by two threads at once. `rig` must outlive it.
class Physics {
 public:
  explicit Physics(const Rig& rig) : rig_(rig) {}

  const std::vector<SupplyLoad>& supply_loads(Caps caps = Caps::as_set) const {
    return once(supplies_, caps, rigtopo::supply_loads);
  }
  const std::vector<OutputLoad>& output_loads(Caps caps = Caps::as_set) const {
    return once(outputs_, caps, rigtopo::output_loads);
  }
  const std::vector<InletLoad>& inlet_loads(Caps caps = Caps::as_set) const {
    return once(inlets_, caps, rigtopo::inlet_loads);
  }
  const std::vector<CircuitLoad>& circuit_loads(Caps caps = Caps::as_set) const {
    return once(circuits_, caps, rigtopo::circuit_loads);
  }
  const AirState& air_state() const {
    if (!air_) air_ = rigtopo::air_state(rig_);
    return *air_;
  }

 private:
  template <class T>
  using ByCaps = std::array<std::optional<T>, 2>;

  template <class T>
  const T& once(ByCaps<T>& known, Caps caps, T (*compute)(const Rig&, Caps)) const {
    std::optional<T>& value = known[static_cast<std::size_t>(caps)];
    if (!value) value = compute(rig_, caps);
    return *value;
  }

  const Rig& rig_;
  mutable ByCaps<std::vector<SupplyLoad>> supplies_;
  mutable ByCaps<std::vector<OutputLoad>> outputs_;
  mutable ByCaps<std::vector<InletLoad>> inlets_;
  mutable ByCaps<std::vector<CircuitLoad>> circuits_;
  mutable std::optional<AirState> air_;
};

}  // namespace rigtopo
