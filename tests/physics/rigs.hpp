// Rigs that several physics tests start from.
#pragma once

#include "support/rig_builder.hpp"

namespace rigtopo::test {

/// Seven x16 slots and an M.2 on Rome, shaped like an ASRock Rack ROMED8-2T: slots 7 and 1, 6 and
/// 3, 5 and 2 share a root complex each (C-Payne PCIe stress test tool, board map ROMED8-2T).
inline RigBuilder seven_slots() {
  RigBuilder b;
  b.rome().board("board");
  b.slot("PCIE1", "cpu0.C1").slot("PCIE2", "cpu0.A1").slot("PCIE3", "cpu0.D0");
  b.slot("PCIE4", "cpu0.B1").slot("PCIE5", "cpu0.A0").slot("PCIE6", "cpu0.D1");
  b.slot("PCIE7", "cpu0.C0");
  b.connector("M2_1", Socket::m2, "cpu0.B0", 4);
  b.board_inlet("atx", Plug::atx_24pin, InletUse::board);
  b.board_inlet("eps", Plug::eps_8pin, InletUse::cpu, 2);
  b.frame("frame").mount("upper", 7);
  return b;
}

inline constexpr const char* slot_names[] = {"PCIE1", "PCIE2", "PCIE3", "PCIE4",
                                             "PCIE5", "PCIE6", "PCIE7"};

/// One card in one slot through the given chain, core x16.
inline RigBuilder one_card(const std::vector<std::string>& chain = {}) {
  RigBuilder b = seven_slots();
  b.gpu("card", 1, 350_W).mode("cpu0.C1", "x16");
  for (const char* length : {"100", "200", "300", "400", "600", "900"}) {
    b.ribbon(std::string("ribbon-") + length, Millimetres{std::stod(length)});
  }
  b.place("gpu0", "PCIE1", chain, chain.empty() ? "direct" : "upper-1");
  return b;
}

}  // namespace rigtopo::test
