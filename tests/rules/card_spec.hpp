// A spec of the small catalogue for tests that vary one thing of it.
#pragma once

#include <string>

#include "support/replaced.hpp"

namespace rigtopo::test {

/// One card in PCIE1, everything decided; lines of further keys may be appended.
inline std::string spec(const std::string& device = "{part: card-200}",
                        const std::string& supply = "{part: atx-1000, owned: 1}",
                        const std::string& pin = "port: PCIE1, mount: direct, supply: psu0",
                        const std::string& more = {}) {
  return "rigtopo: 1\n"
         "board: test-board\n"
         "cpu: test-cpu\n"
         "frame: test-frame\n"
         "devices: [" +
         device +
         "]\n"
         "stock: [" +
         supply +
         "]\n"
         "mains: {code: iec, circuits: [{id: A, volts: 230 V, breaker: 16 A}]}\n"
         "platform: {total: 50 W}\n"
         "pins:\n"
         "  cpu0.A0: {mode: x16}\n"
         "  gpu0: {" +
         pin +
         "}\n"
         "  board: {supply: psu0}\n"
         "  psu0: {circuit: A}\n" +
         more;
}

}  // namespace rigtopo::test
