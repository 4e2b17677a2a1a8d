// Amounts as the model counts them, and who draws what whatever is placed where. Shared by the
// files that encode power.
#pragma once

#include <cmath>
#include <vector>

#include "solve/encoding.hpp"

namespace rigtopo {

inline long load_units(double watts) { return static_cast<long>(std::ceil(watts * 100 - 1e-4)); }
inline long limit_units(double watts) { return static_cast<long>(std::floor(watts * 100 + 1e-4)); }

inline std::vector<Lit> fresh_lits(Formula& f, std::size_t n) {
  std::vector<Lit> lits(n);
  for (Lit& l : lits) l = f.fresh();
  return lits;
}

/// Share of each inlet in the power of its side: by the rating of its plug.
inline std::vector<double> shares(const std::vector<Plug>& plugs) {
  double sum = 0;
  for (const Plug p : plugs) sum += plug_rating(p).value;
  std::vector<double> parts;
  for (const Plug p : plugs) parts.push_back(plug_rating(p).value / sum);
  return parts;
}

inline std::vector<Plug> plugs_of(const std::vector<Inlet>& inlets) {
  std::vector<Plug> plugs;
  for (const Inlet& i : inlets) plugs.push_back(i.plug.value_or(Plug::pcie_6pin));
  return plugs;
}

/// Watts of things that hang on the board's supply whatever is placed where.
inline double platform_watts(const Choices& c) {
  double watts = platform_power(c.project).value.value_or(Watts{0}).value +
                 cpu_power(c.project).value.value_or(Watts{0}).value;
  for (const DeviceClass& k : c.classes) {
    if (k.part->edge.value_or(Socket::slot) == Socket::slot) continue;
    watts += static_cast<double>(k.members.size()) * k.part->power.value_or(Watts{0}).value;
  }
  return watts;
}

inline bool in_slot(const DeviceClass& c) {
  return c.part->edge.value_or(Socket::slot) == Socket::slot;
}

}  // namespace rigtopo
