// A rig of two cards that can be built, for tests that change one thing about it.
#pragma once

#include <algorithm>
#include <string>

#include "property/tiny_rig.hpp"
#include "solve/solve.hpp"

namespace rigtopo::test {

/// Two 300 W cards in two slots, one supply of 1000 W, one circuit of 230 V and 10 A. 300 W twice,
/// 200 W of CPU and 50 W of platform are 850 W.
inline RigBuilder base(int cards = 2) {
  RigBuilder b;
  b.rome("rome", 200_W).board("board").slot("S1", "cpu0.A0").slot("S2", "cpu0.A1");
  b.edit_connector("S2", [](BoardConnector& c) { c.position = at(81.28, 0, 0); });
  b.board_inlet("atx", Plug::atx_24pin, InletUse::board);
  b.board_inlet("eps", Plug::eps_8pin, InletUse::cpu);
  b.gpu("card", cards, 300_W);
  b.edit<Device>("card", [](Device& d) { d.power_limits = Range<Watts>{200_W, 350_W}; });
  b.supply(
      "supply", 1000_W, 1,
      {{"atx", Plug::atx_24pin, 1}, {"eps", Plug::eps_8pin, 1}, {"gpu", Plug::twelve_volt_2x6, 2}});
  b.circuit("A", 230_V, 10_A).platform(50_W).frame("frame");
  b.mount("upper", 2, at(0, 0, 150));
  return b;
}

inline SolveResult solved(const Project& project, SolveOptions options = {}) {
  options.judge = [&](const Layout& layout) { return error_codes(project, layout); };
  return solve(project, options);
}

inline SolveResult solved(const RigBuilder& builder) {
  const Project project = builder.project();
  return solved(project);
}

inline bool blames(const SolveResult& result, const std::string& code) {
  return std::any_of(result.conflict.begin(), result.conflict.end(),
                     [&](const Diagnostic& d) { return d.code == code; });
}

}  // namespace rigtopo::test
