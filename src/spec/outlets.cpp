// The table of outlets: see outlets.hpp.
#include "spec/outlets.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace rigtopo {
namespace {

constexpr MainsBand low{100_V, 130_V};
constexpr MainsBand high{200_V, 250_V};
constexpr MainsBand any{Volts{0}, Volts{0}};

// Breakers: NEC table 210.21(B)(3) for NEMA
// (https://forums.mikeholt.com/threads/nec-table-210-21-b-3.62287 quotes it); NF C 15-100 for
// French outlets (20 A with 2.5 mm2,
// https://demarrezlestravaux.fr/combien-de-prise-de-courant-par-disjoncteur/); BS 7671 for the ring
// of 30 or 32 A, whose plugs hold a fuse (http://pat-testing.info/bs1363plug.htm); Japan, 15 A on
// 20 A (https://dra.jp/, 第二種電気工事士); Australia, 10 A on 20 A
// (https://sparkyrooelectrical.com.au/blog/how-many-power-points-per-circuit-australia); China, 10
// A on 20 A (https://nj97.com/news/show-137.html). Everywhere else the outlet's own current.
constexpr std::array outlets{
    // id, standard, for hours, breaker, voltage, plugs: its own first
    OutletKind{"NEMA 5-15R", 15_A, 12_A, 20_A, low, {"NEMA 5-15P", "", ""}},
    OutletKind{"NEMA 5-20R", 20_A, 16_A, 20_A, low, {"NEMA 5-20P", "NEMA 5-15P", ""}},
    OutletKind{"NEMA 6-15R", 15_A, 12_A, 20_A, high, {"NEMA 6-15P", "", ""}},
    OutletKind{"NEMA 6-20R", 20_A, 16_A, 20_A, high, {"NEMA 6-20P", "NEMA 6-15P", ""}},
    OutletKind{"NEMA L5-30R", 30_A, 24_A, 30_A, low, {"NEMA L5-30P", "", ""}},
    OutletKind{"NEMA L6-20R", 20_A, 16_A, 20_A, high, {"NEMA L6-20P", "", ""}},
    OutletKind{"NEMA L6-30R", 30_A, 24_A, 30_A, high, {"NEMA L6-30P", "", ""}},
    OutletKind{"NEMA 14-50R", 50_A, 40_A, 50_A, high, {"NEMA 14-50P", "", ""}},
    OutletKind{"CEE 7/3", 16_A, 10_A, 16_A, high, {"CEE 7/4", "CEE 7/7", ""}},
    OutletKind{"CEE 7/5", 16_A, 10_A, 20_A, high, {"CEE 7/6", "CEE 7/7", ""}},
    OutletKind{"CEE 16 blue", 16_A, 16_A, 16_A, high, {"CEE 16 blue", "IEC 60309 16 A 2P+E", ""}},
    OutletKind{"CEE 32 blue", 32_A, 32_A, 32_A, high, {"CEE 32 blue", "IEC 60309 32 A 2P+E", ""}},
    OutletKind{"BS 1363", 13_A, 10_A, 32_A, high, {"BS 1363", "", ""}},
    OutletKind{"AS/NZS 3112", 10_A, 10_A, 20_A, high, {"AS/NZS 3112", "AS/NZS 3112 10 A", ""}},
    OutletKind{"AS/NZS 3112 15 A",
               15_A,
               15_A,
               20_A,
               high,
               {"AS/NZS 3112 15 A", "AS/NZS 3112 10 A", "AS/NZS 3112"}},
    OutletKind{"JIS C 8303 15 A", 15_A, 12_A, 20_A, low, {"JIS C 8303 15 A", "", ""}},
    OutletKind{"CNS 690 15 A", 15_A, 12_A, 15_A, low, {"CNS 690 15 A", "", ""}},
    OutletKind{"SEV 1011 T13", 10_A, 10_A, 10_A, high, {"SEV 1011 T12", "", ""}},
    OutletKind{"SEV 1011 T23", 16_A, 16_A, 16_A, high, {"SEV 1011 T23", "SEV 1011 T12", ""}},
    OutletKind{"GB 2099 10 A", 10_A, 10_A, 20_A, high, {"GB 2099 10 A", "", ""}},
    OutletKind{"GB 2099 16 A", 16_A, 16_A, 20_A, high, {"GB 2099 16 A", "", ""}},
    OutletKind{"IS 1293 6 A", 6_A, 6_A, 6_A, high, {"IS 1293 6 A", "", ""}},
    OutletKind{"IS 1293 16 A", 16_A, 16_A, 16_A, high, {"IS 1293 16 A", "IS 1293 6 A", ""}},
    OutletKind{"CEI 23-50 P11", 10_A, 10_A, 10_A, high, {"CEI 23-50 S11", "", ""}},
    OutletKind{"DS 60884-2-D1", 13_A, 10_A, 13_A, high, {"DS 60884-2-D1", "", ""}},
    OutletKind{"C13", 10_A, 10_A, 20_A, any, {"C14", "", ""}},
    OutletKind{"C19", 16_A, 16_A, 20_A, any, {"C20", "", ""}}};

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

const OutletKind* outlet_of_plug(std::string_view plug) {
  const OutletKind* own = nullptr;
  for (const OutletKind& row : outlets) {
    if (letters_of(row.plugs.front()) == letters_of(plug)) return &row;
    if (own == nullptr && takes_plug(row, plug)) own = &row;
  }
  return own;
}

Amps strongest_breaker(std::string_view plug) {
  Amps most;
  for (const OutletKind& row : outlets) {
    if (takes_plug(row, plug)) most = std::max(most, row.breaker);
  }
  return most;
}

std::optional<Contact> weakest_contact(const Fact<std::string>& outlet, const Cord* cord) {
  const OutletKind* wall = outlet.known() ? outlet_kind(*outlet) : nullptr;
  const OutletKind* own =
      cord != nullptr && cord->plug.known() ? outlet_of_plug(*cord->plug) : nullptr;
  if (wall == nullptr && own == nullptr) return std::nullopt;
  if (wall == nullptr || (own != nullptr && own->amps < wall->amps)) return Contact{own, true};
  return Contact{wall, false};
}

bool takes_plug(const OutletKind& outlet, std::string_view plug) {
  return std::any_of(outlet.plugs.begin(), outlet.plugs.end(), [&](std::string_view fits) {
    return !fits.empty() && letters_of(fits) == letters_of(plug);
  });
}

}  // namespace rigtopo
