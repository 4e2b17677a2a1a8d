// How each C++ type is written in YAML: notation, unit suffixes, sensible range, JSON Schema. One
// YamlType per type, never one per field. A bare number where a unit belongs is an error.
#pragma once

#include <array>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "rigtopo/diagnostic.hpp"
#include "rigtopo/units.hpp"
#include "yaml/value.hpp"

namespace rigtopo {

/// Specialised for each type:
///   static std::string_view expected();   "a power such as `350 W`"
///   static std::string_view schema();     JSON Schema text of a plain value
///   static std::optional<T> parse(const Value&, std::string& reason);
/// `reason` may be filled with what exactly is wrong ("a bare number has no unit; write `350 W`",
/// "over the largest sensible value 100000 W"); empty means "not of that form".
template <class T>
struct YamlType;

#define RIGTOPO_YAML_TYPE(T)                                                \
  template <>                                                               \
  struct YamlType<T> {                                                      \
    static std::string_view expected();                                     \
    static std::string_view schema();                                       \
    static std::optional<T> parse(const Value& value, std::string& reason); \
  }

/// Text that is part of this rig's vocabulary: any scalar.
RIGTOPO_YAML_TYPE(std::string);
RIGTOPO_YAML_TYPE(bool);   // true, false; nothing else
RIGTOPO_YAML_TYPE(int);    // a count: decimal digits, 0 to 1,000,000; no sign, no leading zero
RIGTOPO_YAML_TYPE(Watts);  // `350 W`, `1.6 kW`
RIGTOPO_YAML_TYPE(Volts);  // `120 V`
RIGTOPO_YAML_TYPE(Amps);   // `16 A`
RIGTOPO_YAML_TYPE(Millimetres);         // `75 mm`, `30 cm`, `12 in`; may be negative (a coordinate)
RIGTOPO_YAML_TYPE(Metres);              // `100 m`; may be negative
RIGTOPO_YAML_TYPE(Decibels);            // `3.5 dB`; may be negative (gain)
RIGTOPO_YAML_TYPE(Cfm);                 // `120 CFM`, `60 m3/h`
RIGTOPO_YAML_TYPE(Pascals);             // `180 Pa`, `2.2 mmH2O`
RIGTOPO_YAML_TYPE(DecibelsA);           // `43.5 dBA`
RIGTOPO_YAML_TYPE(Celsius);             // `25 °C`, `25 C`; may be negative
RIGTOPO_YAML_TYPE(Milliseconds);        // `10 ms`, `100 us`
RIGTOPO_YAML_TYPE(Gigabytes);           // `24 GB`
RIGTOPO_YAML_TYPE(GigabytesPerSecond);  // `936 GB/s`
RIGTOPO_YAML_TYPE(Percent);             // `80 %`
RIGTOPO_YAML_TYPE(Lanes);               // `x16`: x1 x2 x4 x8 x16
RIGTOPO_YAML_TYPE(PcieGen);             // `gen4`
RIGTOPO_YAML_TYPE(Money);               // `45 USD`

/// Least link a device accepts: `x8 gen4`.
struct MinLink {
  Lanes width{1};
  PcieGen generation = PcieGen::gen1;
  bool operator==(const MinLink&) const = default;
};
RIGTOPO_YAML_TYPE(MinLink);

/// How one core is split: `x16`, `x8x8`, `x8x4x4`, `x4x4x4x4`; piece widths in lane order.
struct Split {
  std::string text;         // canonical: "x8x4x4"
  std::vector<int> pieces;  // 8, 4, 4; each 1, 2, 4, 8 or 16, at most 32 lanes in sum
  int lanes() const { return std::accumulate(pieces.begin(), pieces.end(), 0); }
  bool operator==(const Split&) const = default;
};
RIGTOPO_YAML_TYPE(Split);

/// A point in the frame or on a board: `[20 mm, 0 mm, 250 mm]` as x (along the slots), y (from the
/// rear edge forward), z (up from the board).
struct Position {
  Millimetres x, y, z;
  bool operator==(const Position&) const = default;
};
RIGTOPO_YAML_TYPE(Position);

/// One value or `[least, most]`. A single value means both ends are equal.
template <class T>
struct Range {
  T least{};
  T most{};
  bool operator==(const Range&) const = default;
};
RIGTOPO_YAML_TYPE(Range<Watts>);
RIGTOPO_YAML_TYPE(Range<Volts>);

RIGTOPO_YAML_TYPE(KelvinsPerWatt);  // `0.15 K/W`

/// How the pressure of a passage grows with its flow: 1 (laminar fins) to 2 (orifice, grille).
struct Exponent {
  double value = 2;
  bool operator==(const Exponent&) const = default;
};
RIGTOPO_YAML_TYPE(Exponent);  // `1.85`

/// A measured number above 0 whose unit stands elsewhere.
struct PlainNumber {
  double value = 0;
  bool operator==(const PlainNumber&) const = default;
};
RIGTOPO_YAML_TYPE(PlainNumber);  // `72.1`

#undef RIGTOPO_YAML_TYPE

/// Words of an enumeration. Specialise EnumWords<E> with
///   static constexpr std::string_view what = "a connector kind";
///   static constexpr std::array words{std::pair{"pcie-8pin"sv, Plug::pcie_8pin}, ...};
template <class E>
struct EnumWords;

template <class E>
concept Worded = requires {
  EnumWords<E>::words;
};

namespace detail {
std::string enum_expected(std::string_view what, const std::string_view* words, std::size_t n);
std::string enum_schema(const std::string_view* words, std::size_t n);
std::string enum_reason(std::string_view text, const std::string_view* words, std::size_t n);

template <class E>
constexpr auto enum_words() {
  std::array<std::string_view, EnumWords<E>::words.size()> list{};
  for (std::size_t i = 0; i < list.size(); ++i) list[i] = EnumWords<E>::words[i].first;
  return list;
}
}  // namespace detail

template <Worded E>
struct YamlType<E> {
  static std::string_view expected() {
    static constexpr auto words = detail::enum_words<E>();
    static const std::string text =
        detail::enum_expected(EnumWords<E>::what, words.data(), words.size());
    return text;
  }
  static std::string_view schema() {
    static constexpr auto words = detail::enum_words<E>();
    static const std::string text = detail::enum_schema(words.data(), words.size());
    return text;
  }
  static std::optional<E> parse(const Value& value, std::string& reason) {
    static constexpr auto words = detail::enum_words<E>();
    if (!value.is_scalar()) return std::nullopt;
    for (const auto& [word, e] : EnumWords<E>::words) {
      if (word == value.text) return e;
    }
    reason = detail::enum_reason(value.text, words.data(), words.size());
    return std::nullopt;
  }
};

/// The word of an enumerator.
template <Worded E>
constexpr std::string_view word(E e) {
  for (const auto& [w, v] : EnumWords<E>::words) {
    if (v == e) return w;
  }
  return "?";
}

}  // namespace rigtopo
