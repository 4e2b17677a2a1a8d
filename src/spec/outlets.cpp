// The table of outlets: see outlets.hpp.
#include "spec/outlets.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace rigtopo {
namespace {

struct Mains {
  Volts least;
  Volts most;
};
constexpr Mains low{100_V, 130_V};
constexpr Mains high{200_V, 250_V};

constexpr std::array outlets{
    OutletKind{"NEMA 5-15R", 15_A, 12_A, low.least, low.most, {"NEMA 5-15P", "", ""}},
    OutletKind{"NEMA 5-20R", 20_A, 16_A, low.least, low.most, {"NEMA 5-20P", "NEMA 5-15P", ""}},
    OutletKind{"NEMA 6-15R", 15_A, 12_A, high.least, high.most, {"NEMA 6-15P", "", ""}},
    OutletKind{"NEMA 6-20R", 20_A, 16_A, high.least, high.most, {"NEMA 6-20P", "NEMA 6-15P", ""}},
    OutletKind{"NEMA L5-30R", 30_A, 24_A, low.least, low.most, {"NEMA L5-30P", "", ""}},
    OutletKind{"NEMA L6-20R", 20_A, 16_A, high.least, high.most, {"NEMA L6-20P", "", ""}},
    OutletKind{"NEMA L6-30R", 30_A, 24_A, high.least, high.most, {"NEMA L6-30P", "", ""}},
    OutletKind{"NEMA 14-50R", 50_A, 40_A, high.least, high.most, {"NEMA 14-50P", "", ""}},
    OutletKind{"CEE 7/3", 16_A, 10_A, high.least, high.most, {"CEE 7/4", "CEE 7/7", ""}},
    OutletKind{"CEE 7/5", 16_A, 10_A, high.least, high.most, {"CEE 7/6", "CEE 7/7", ""}},
    OutletKind{"CEE 16 blue", 16_A, 16_A, high.least, high.most, {"CEE 16 blue", "", ""}},
    OutletKind{"CEE 32 blue", 32_A, 32_A, high.least, high.most, {"CEE 32 blue", "", ""}},
    OutletKind{"BS 1363", 13_A, 10_A, high.least, high.most, {"BS 1363", "", ""}},
    OutletKind{"AS/NZS 3112", 10_A, 10_A, high.least, high.most, {"AS/NZS 3112", "", ""}},
    OutletKind{"C13", 10_A, 10_A, Volts{0}, Volts{0}, {"C14", "", ""}},
    OutletKind{"C19", 16_A, 16_A, Volts{0}, Volts{0}, {"C20", "", ""}}};

/// Letters and digits only, small.
std::string letters_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

}  // namespace

const OutletKind* outlet_kind(std::string_view id) {
  const auto it = std::find_if(outlets.begin(), outlets.end(), [&](const OutletKind& row) {
    return letters_of(row.id) == letters_of(id);
  });
  return it == outlets.end() ? nullptr : &*it;
}

bool takes_plug(const OutletKind& outlet, std::string_view plug) {
  return std::any_of(outlet.plugs.begin(), outlet.plugs.end(), [&](std::string_view fits) {
    return !fits.empty() && letters_of(fits) == letters_of(plug);
  });
}

}  // namespace rigtopo
