// What every part has, and the words for connectors that several kinds of parts share.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rigtopo/diagnostic.hpp"
#include "rigtopo/units.hpp"
#include "yaml/fields.hpp"

namespace rigtopo {

using namespace std::string_view_literals;

/// What every part has.
struct Part {
  Source at;  // first line of the part: its file, or the inline map of the spec
  Fact<int> version;
  std::string id;  // filled by the loader from `id:` (catalogue: must equal the file name)
  Fact<std::string> written_id;
  Fact<std::string> kind;
  Fact<std::string> name;
  Fact<Money> price;
  std::vector<Fact<std::string>> notes;  // remarks for the builder, printed with the part
  std::string sha256;  // of the part's own text (and of what it extends), by the loader
};

// ---- vocabulary
// ----------------------------------------------------------------------------------

/// Data connectors: of boards, cards and riser parts. Two mate only when they are the same kind.
enum class Socket {
  slot,
  slimsas_8i,
  slimsas_4i,
  mcio_8i,
  mcio_4i,
  oculink_4i,
  oculink_8i,
  m2,
  u2,
  ocp
};
template <>
struct EnumWords<Socket> {
  static constexpr std::string_view what = "a data connector";
  static constexpr std::array words{std::pair{"slot"sv, Socket::slot},
                                    std::pair{"slimsas-8i"sv, Socket::slimsas_8i},
                                    std::pair{"slimsas-4i"sv, Socket::slimsas_4i},
                                    std::pair{"mcio-8i"sv, Socket::mcio_8i},
                                    std::pair{"mcio-4i"sv, Socket::mcio_4i},
                                    std::pair{"oculink-4i"sv, Socket::oculink_4i},
                                    std::pair{"oculink-8i"sv, Socket::oculink_8i},
                                    std::pair{"m2"sv, Socket::m2},
                                    std::pair{"u2"sv, Socket::u2},
                                    std::pair{"ocp"sv, Socket::ocp}};
};

/// SlimSAS, MCIO and OCuLink: cables have plugs at both ends, everything else has receptacles.
constexpr bool is_cabled(Socket socket) {
  switch (socket) {
    case Socket::slimsas_8i:
    case Socket::slimsas_4i:
    case Socket::mcio_8i:
    case Socket::mcio_4i:
    case Socket::oculink_4i:
    case Socket::oculink_8i:
      return true;
    case Socket::slot:
    case Socket::m2:
    case Socket::u2:
    case Socket::ocp:
      return false;
  }
  return false;
}

/// Power connectors.
enum class Plug { pcie_6pin, pcie_8pin, twelve_volt_2x6, eps_8pin, atx_24pin, molex, sata };
template <>
struct EnumWords<Plug> {
  static constexpr std::string_view what = "a power connector";
  static constexpr std::array words{std::pair{"pcie-6pin"sv, Plug::pcie_6pin},
                                    std::pair{"pcie-8pin"sv, Plug::pcie_8pin},
                                    std::pair{"12v-2x6"sv, Plug::twelve_volt_2x6},
                                    std::pair{"eps-8pin"sv, Plug::eps_8pin},
                                    std::pair{"atx-24pin"sv, Plug::atx_24pin},
                                    std::pair{"molex"sv, Plug::molex},
                                    std::pair{"sata"sv, Plug::sata}};
};

/// Mains inlets of supplies (IEC 60320).
enum class MainsInlet { c14, c20 };
template <>
struct EnumWords<MainsInlet> {
  static constexpr std::string_view what = "a mains inlet";
  static constexpr std::array words{std::pair{"C14"sv, MainsInlet::c14},
                                    std::pair{"C20"sv, MainsInlet::c20}};
};

}  // namespace rigtopo
