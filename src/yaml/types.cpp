// Notations: digits, unit suffixes and sensible ranges of every quantity. A unit is always written;
// conversion to the unit of the C++ type happens here and nowhere else.
#include "yaml/types.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace rigtopo {
namespace {

struct Unit {
  std::string_view suffix;  // empty: no further unit
  double factor = 1;        // to the unit of the C++ type
};

/// What a quantity looks like.
struct Notation {
  std::string_view example;  // "350 W"
  std::string_view unit;     // "W"
  std::array<Unit, 5> units;
  double least;
  double most;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Decimal number at the start of `text`, which is moved behind it. No exponent, no inf or nan, no
/// leading zeros ("010" is somebody's octal). A sign is part of it.
std::optional<double> leading_number(std::string_view& text) {
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  std::size_t end = sign;
  std::size_t digits = 0;
  bool point = false;
  while (end < text.size()) {
    const char c = text[end];
    if (c == '.' && !point && digits > 0) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      ++digits;
    } else {
      break;
    }
    ++end;
  }
  if (digits == 0 || text[end - 1] == '.') return std::nullopt;
  if (text[sign] == '0' && end > sign + 1 && text[sign + 1] != '.') return std::nullopt;
  double value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + end, value);
  if (error != std::errc{} || stop != text.data() + end || !std::isfinite(value)) {
    return std::nullopt;
  }
  text.remove_prefix(end);
  return value + 0.0;  // "-0" is 0
}

std::string range_reason(double least, double most, std::string_view unit) {
  return fmt::format("outside the sensible range of {} to {}{}{}", number(least, 3),
                     number(most, 3), unit.empty() ? "" : " ", unit);
}

std::optional<double> parse_quantity(std::string_view written, const Notation& notation,
                                     std::string& reason) {
  std::string_view text = trimmed(written);
  const std::optional<double> value = leading_number(text);
  if (!value) return std::nullopt;
  const std::string_view suffix = trimmed(text);
  if (suffix.empty()) {
    reason =
        fmt::format("a bare number has no unit; write `{} {}`", trimmed(written), notation.unit);
    return std::nullopt;
  }
  for (const Unit& unit : notation.units) {
    if (unit.suffix.empty() || unit.suffix != suffix) continue;
    const double converted = *value * unit.factor;
    if (converted < notation.least || converted > notation.most) {
      reason = range_reason(notation.least, notation.most, notation.unit);
      return std::nullopt;
    }
    return converted;
  }
  reason =
      fmt::format("`{}` is no unit for this; write for example `{}`", suffix, notation.example);
  return std::nullopt;
}

template <class T>
std::optional<T> parsed_quantity(std::string_view written, const Notation& notation,
                                 std::string& reason) {
  const std::optional<double> converted = parse_quantity(written, notation, reason);
  return converted ? std::optional(T{*converted}) : std::nullopt;
}

/// A unit inside a regular expression inside a JSON text.
std::string as_pattern(std::string_view unit) {
  std::string text;
  for (const char c : unit) {
    if (c == '(' || c == ')') text += "\\\\";
    text += c;
  }
  return text;
}

constexpr std::string_view digits_pattern = R"((0|[1-9][0-9]*)(\\.[0-9]+)?)";

std::string quantity_schema(const Notation& notation) {
  std::string units;
  for (const Unit& u : notation.units) {
    if (u.suffix.empty()) break;
    units += (units.empty() ? "" : "|") + as_pattern(u.suffix);
  }
  return fmt::format(R"({{"type": "string", "pattern": "^[+{}]?{} *({})$", "examples": ["{}"]}})",
                     notation.least < 0 ? "-" : "", digits_pattern, units, notation.example);
}

constexpr Notation watts{"350 W", "W", {{{"W", 1}, {"kW", 1000}, {"mW", 0.001}}}, 0, 100'000};
constexpr Notation volts{"120 V", "V", {{{"V", 1}, {"mV", 0.001}}}, 0, 1000};
constexpr Notation amps{"16 A", "A", {{{"A", 1}, {"mA", 0.001}}}, 0, 10'000};
constexpr Notation millimetres{
    "75 mm", "mm", {{{"mm", 1}, {"cm", 10}, {"m", 1000}, {"in", 25.4}}}, -10'000, 10'000};
constexpr Notation metres{"100 m", "m", {{{"m", 1}, {"km", 1000}, {"ft", 0.3048}}}, -500, 9000};
constexpr Notation decibels{"3.5 dB", "dB", {{{"dB", 1}}}, -100, 100};
// 1 CFM is one cubic foot in a minute: 0.3048^3 m3 / 60 s, exactly 1.699010796 m3/h.
constexpr double cubic_metres_per_hour_in_cfm = 0.3048 * 0.3048 * 0.3048 * 60;
constexpr Notation cfm{"120 CFM",
                       "CFM",
                       {{{"CFM", 1},
                         {"m3/h", 1 / cubic_metres_per_hour_in_cfm},
                         {"m³/h", 1 / cubic_metres_per_hour_in_cfm},
                         {"L/s", 3.6 / cubic_metres_per_hour_in_cfm}}},
                       0,
                       100'000};
// 1 mmH2O = 9.80665 Pa by convention; an inch is 25.4 of them.
constexpr Notation pascals{
    "180 Pa", "Pa", {{{"Pa", 1}, {"mmH2O", 9.80665}, {"inH2O", 9.80665 * 25.4}}}, 0, 100'000};
constexpr Notation decibels_a{"43.5 dBA", "dBA", {{{"dBA", 1}, {"dB(A)", 1}}}, 0, 200};
constexpr Notation celsius{"25 °C", "°C", {{{"°C", 1}, {"C", 1}}}, -60, 150};
constexpr Notation milliseconds{
    "10 ms", "ms", {{{"ms", 1}, {"us", 0.001}, {"µs", 0.001}, {"s", 1000}}}, 0, 1e7};
constexpr Notation gigabytes{"24 GB", "GB", {{{"GB", 1}, {"TB", 1000}}}, 0, 1e6};
constexpr Notation gigabytes_per_second{
    "936 GB/s", "GB/s", {{{"GB/s", 1}, {"TB/s", 1000}}}, 0, 1e6};
constexpr Notation kelvins_per_watt{"0.15 K/W", "K/W", {{{"K/W", 1}, {"°C/W", 1}}}, 0, 1000};
constexpr Notation percent{"80 %", "%", {{{"%", 1}}}, 0, 1000};

}  // namespace

#define RIGTOPO_QUANTITY(T, notation, article)                                   \
  std::string_view YamlType<T>::expected() { return article; }                   \
  std::string_view YamlType<T>::schema() {                                       \
    static const std::string text = quantity_schema(notation);                   \
    return text;                                                                 \
  }                                                                              \
  std::optional<T> YamlType<T>::parse(const Value& value, std::string& reason) { \
    if (!value.is_scalar()) return std::nullopt;                                 \
    return parsed_quantity<T>(value.text, notation, reason);                     \
  }

RIGTOPO_QUANTITY(Watts, watts, "a power such as `350 W`")
RIGTOPO_QUANTITY(Volts, volts, "a voltage such as `120 V`")
RIGTOPO_QUANTITY(Amps, amps, "a current such as `16 A`")
RIGTOPO_QUANTITY(Millimetres, millimetres, "a length such as `75 mm`")
RIGTOPO_QUANTITY(Metres, metres, "a height such as `100 m`")
RIGTOPO_QUANTITY(Decibels, decibels, "a loss such as `3.5 dB`")
RIGTOPO_QUANTITY(Cfm, cfm, "an air flow such as `120 CFM`")
RIGTOPO_QUANTITY(Pascals, pascals, "a pressure such as `180 Pa`")
RIGTOPO_QUANTITY(DecibelsA, decibels_a, "a sound level such as `43.5 dBA`")
RIGTOPO_QUANTITY(Celsius, celsius, "a temperature such as `25 °C`")
RIGTOPO_QUANTITY(Milliseconds, milliseconds, "a time such as `10 ms`")
RIGTOPO_QUANTITY(Gigabytes, gigabytes, "a memory size such as `24 GB`")
RIGTOPO_QUANTITY(GigabytesPerSecond, gigabytes_per_second, "a bandwidth such as `936 GB/s`")
RIGTOPO_QUANTITY(Percent, percent, "a share such as `80 %`")
RIGTOPO_QUANTITY(KelvinsPerWatt, kelvins_per_watt, "a thermal resistance such as `0.15 K/W`")
#undef RIGTOPO_QUANTITY

std::string_view YamlType<Exponent>::expected() { return "a number from 1 to 2 such as `1.85`"; }
std::string_view YamlType<Exponent>::schema() {
  return R"({"type": "number", "minimum": 1, "maximum": 2})";
}
std::optional<Exponent> YamlType<Exponent>::parse(const Value& value, std::string& reason) {
  if (!value.is_scalar()) return std::nullopt;
  std::string_view text = trimmed(value.text);
  const std::optional<double> number_read = leading_number(text);
  if (!number_read || !text.empty()) return std::nullopt;
  if (*number_read < 1 || *number_read > 2) {
    reason = range_reason(1, 2, "");
    return std::nullopt;
  }
  return Exponent{*number_read};
}

std::string_view YamlType<PlainNumber>::expected() { return "a number above 0"; }
std::string_view YamlType<PlainNumber>::schema() {
  return R"({"type": "number", "exclusiveMinimum": 0})";
}
std::optional<PlainNumber> YamlType<PlainNumber>::parse(const Value& value, std::string& reason) {
  if (!value.is_scalar()) return std::nullopt;
  std::string_view text = trimmed(value.text);
  const std::optional<double> number_read = leading_number(text);
  if (!number_read || !text.empty()) return std::nullopt;
  if (*number_read <= 0) {
    reason = "it is not above 0";
    return std::nullopt;
  }
  return PlainNumber{*number_read};
}

// ---- words, switches, counts
// ---------------------------------------------------------------------

std::string_view YamlType<std::string>::expected() { return "a text"; }
std::string_view YamlType<std::string>::schema() {
  return R"({"type": ["string", "number", "boolean"]})";
}
std::optional<std::string> YamlType<std::string>::parse(const Value& value, std::string& reason) {
  if (!value.is_scalar()) return std::nullopt;
  for (const char c : value.text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') {
      reason = "it holds a control character";
      return std::nullopt;
    }
  }
  return value.text;
}

std::string_view YamlType<bool>::expected() { return "`true` or `false`"; }
std::string_view YamlType<bool>::schema() { return R"({"type": "boolean"})"; }
std::optional<bool> YamlType<bool>::parse(const Value& value, std::string&) {
  if (!value.is_scalar() || value.quoted) return std::nullopt;
  if (value.text == "true") return true;
  if (value.text == "false") return false;
  return std::nullopt;
}

std::string_view YamlType<int>::expected() { return "a whole number such as `4`"; }
std::string_view YamlType<int>::schema() {
  return R"({"type": "integer", "minimum": 0, "maximum": 1000000})";
}
std::optional<int> YamlType<int>::parse(const Value& value, std::string& reason) {
  if (!value.is_scalar()) return std::nullopt;
  const std::string_view text = trimmed(value.text);
  const bool whole = text.find_first_of("+.") == std::string_view::npos;
  std::string_view rest = text;
  const std::optional<double> count = leading_number(rest);
  if (!whole || !count || !rest.empty()) return std::nullopt;
  constexpr double most = 1'000'000;
  if (text.starts_with('-') || *count > most) {
    reason = range_reason(0, most, "");
    return std::nullopt;
  }
  return static_cast<int>(*count);
}

// ---- PCIe
// ----------------------------------------------------------------------------------------

namespace {

/// Digits only, no leading zero, at most 4 of them.
std::optional<int> small_count(std::string_view text) {
  if (text.empty() || text.size() > 4 || text.front() == '0') return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

bool is_link_width(int n) { return n == 1 || n == 2 || n == 4 || n == 8 || n == 16; }

std::optional<Lanes> parse_width(std::string_view text) {
  if (!text.starts_with('x')) return std::nullopt;
  const std::optional<int> n = small_count(text.substr(1));
  return n && is_link_width(*n) ? std::optional(Lanes{*n}) : std::nullopt;
}

std::optional<PcieGen> parse_generation(std::string_view text) {
  if (!text.starts_with("gen")) return std::nullopt;
  const std::optional<int> n = small_count(text.substr(3));
  if (!n || *n < 1 || *n > 6) return std::nullopt;
  return static_cast<PcieGen>(*n);
}

}  // namespace

std::string_view YamlType<Lanes>::expected() {
  return "a link width: `x1`, `x2`, `x4`, `x8` or `x16`";
}
std::string_view YamlType<Lanes>::schema() {
  return R"({"enum": ["x1", "x2", "x4", "x8", "x16"]})";
}
std::optional<Lanes> YamlType<Lanes>::parse(const Value& value, std::string& reason) {
  if (!value.is_scalar()) return std::nullopt;
  const std::string_view text = trimmed(value.text);
  if (small_count(text)) reason = fmt::format("write `x{}`", text);
  return parse_width(text);
}

std::string_view YamlType<PcieGen>::expected() { return "a PCIe generation such as `gen4`"; }
std::string_view YamlType<PcieGen>::schema() {
  return R"({"enum": ["gen1", "gen2", "gen3", "gen4", "gen5", "gen6"]})";
}
std::optional<PcieGen> YamlType<PcieGen>::parse(const Value& value, std::string& reason) {
  if (!value.is_scalar()) return std::nullopt;
  const std::string_view text = trimmed(value.text);
  if (small_count(text)) reason = fmt::format("write `gen{}`", text);
  return parse_generation(text);
}

std::string_view YamlType<MinLink>::expected() {
  return "a least width and generation such as `x8 gen4`";
}
std::string_view YamlType<MinLink>::schema() {
  return R"({"type": "string", "pattern": "^x(1|2|4|8|16)( +gen[1-6])?$", "examples": ["x8 gen4"]})";
}
std::optional<MinLink> YamlType<MinLink>::parse(const Value& value, std::string& reason) {
  if (!value.is_scalar()) return std::nullopt;
  const std::string_view text = trimmed(value.text);
  if (small_count(text)) reason = fmt::format("write `x{}`", text);
  const std::size_t blank = text.find(' ');
  const std::optional<Lanes> width = parse_width(text.substr(0, blank));
  if (!width) return std::nullopt;
  if (blank == std::string_view::npos) return MinLink{*width, PcieGen::gen1};
  const std::optional<PcieGen> generation = parse_generation(trimmed(text.substr(blank)));
  return generation ? std::optional(MinLink{*width, *generation}) : std::nullopt;
}

std::string_view YamlType<Split>::expected() { return "a split such as `x16`, `x8x8` or `x8x4x4`"; }
std::string_view YamlType<Split>::schema() {
  return R"({"type": "string", "pattern": "^(x(1|2|4|8|16))+$", "examples": ["x16", "x8x8"]})";
}
std::optional<Split> YamlType<Split>::parse(const Value& value, std::string& reason) {
  if (!value.is_scalar()) return std::nullopt;
  std::string_view text = trimmed(value.text);
  Split split{std::string(text), {}};
  int sum = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('x', 1), text.size());
    const std::optional<Lanes> piece = parse_width(text.substr(0, end));
    if (!piece) return std::nullopt;
    split.pieces.push_back(piece->value);
    sum += piece->value;
    text.remove_prefix(end);
  }
  if (sum > 32) reason = "the pieces are more than 32 lanes together";
  return split.pieces.empty() || sum > 32 ? std::nullopt : std::optional(std::move(split));
}

// ---- money, places, ranges
// -----------------------------------------------------------------------

std::string_view YamlType<Money>::expected() { return "a price such as `45 USD`"; }
std::string_view YamlType<Money>::schema() {
  return R"({"type": "string", "pattern": "^(0|[1-9][0-9]*)(\\.[0-9]+)? *[A-Z]{3}$", "examples": ["45 USD"]})";
}
std::optional<Money> YamlType<Money>::parse(const Value& value, std::string& reason) {
  if (!value.is_scalar()) return std::nullopt;
  std::string_view text = trimmed(value.text);
  const std::optional<double> amount = leading_number(text);
  if (!amount) return std::nullopt;
  const std::string_view currency = trimmed(text);
  if (currency.empty()) {
    reason = fmt::format("a bare number has no currency; write `{} USD`", trimmed(value.text));
    return std::nullopt;
  }
  const bool letters =
      currency.size() == 3 &&
      currency.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
  if (!letters) {
    reason = "a currency is written as three capital letters, such as `USD`";
    return std::nullopt;
  }
  constexpr double most = 10'000'000;
  if (*amount < 0 || *amount > most) {
    reason = range_reason(0, most, currency);
    return std::nullopt;
  }
  Money money{*amount, {}};
  std::copy(currency.begin(), currency.end(), money.currency);
  return money;
}

std::string_view YamlType<Position>::expected() {
  return "a position such as `[20 mm, 0 mm, 250 mm]`";
}
std::string_view YamlType<Position>::schema() {
  static const std::string text = R"({"type": "array", "minItems": 3, "maxItems": 3, "items": )" +
                                  quantity_schema(millimetres) + "}";
  return text;
}
std::optional<Position> YamlType<Position>::parse(const Value& value, std::string& reason) {
  if (!value.is_sequence() || value.items.size() != 3) return std::nullopt;
  Position position;
  Millimetres* parts[] = {&position.x, &position.y, &position.z};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto length = YamlType<Millimetres>::parse(value.items[i], reason);
    if (!length) return std::nullopt;
    *parts[i] = *length;
  }
  return position;
}

namespace {

template <class T>
std::optional<Range<T>> parse_range(const Value& value, std::string& reason) {
  if (value.is_scalar()) {
    const auto single = YamlType<T>::parse(value, reason);
    return single ? std::optional(Range<T>{*single, *single}) : std::nullopt;
  }
  if (!value.is_sequence() || value.items.size() != 2) return std::nullopt;
  const auto least = YamlType<T>::parse(value.items[0], reason);
  const auto most = YamlType<T>::parse(value.items[1], reason);
  if (!least || !most) return std::nullopt;
  if (*least > *most) {
    reason = "the first value is the least, the second the most";
    return std::nullopt;
  }
  return Range<T>{*least, *most};
}

std::string range_schema(const Notation& notation) {
  const std::string one = quantity_schema(notation);
  return R"({"anyOf": [)" + one + R"(, {"type": "array", "minItems": 2, "maxItems": 2, "items": )" +
         one + "}]}";
}

}  // namespace

std::string_view YamlType<Range<Watts>>::expected() {
  return "a power or a range such as `[350 W, 450 W]`";
}
std::string_view YamlType<Range<Watts>>::schema() {
  static const std::string text = range_schema(watts);
  return text;
}
std::optional<Range<Watts>> YamlType<Range<Watts>>::parse(const Value& value, std::string& reason) {
  return parse_range<Watts>(value, reason);
}

std::string_view YamlType<Range<Volts>>::expected() {
  return "a voltage or a range such as `[200 V, 240 V]`";
}
std::string_view YamlType<Range<Volts>>::schema() {
  static const std::string text = range_schema(volts);
  return text;
}
std::optional<Range<Volts>> YamlType<Range<Volts>>::parse(const Value& value, std::string& reason) {
  return parse_range<Volts>(value, reason);
}

// ---- enumerations
// --------------------------------------------------------------------------------

namespace detail {

std::string enum_expected(std::string_view what, const std::string_view* words, std::size_t n) {
  const std::vector<std::string> list(words, words + n);
  return std::string(what) + ": " + listed(list);
}

std::string enum_schema(const std::string_view* words, std::size_t n) {
  std::string text = "{\"enum\": [";
  for (std::size_t i = 0; i < n; ++i) {
    text += (i == 0 ? "\"" : ", \"") + std::string(words[i]) + "\"";
  }
  return text + "]}";
}

std::string enum_reason(std::string_view text, const std::string_view* words, std::size_t n) {
  const std::vector<std::string> list(words, words + n);
  const auto near = did_you_mean(text, list);
  return near ? fmt::format("did you mean `{}`?", *near) : std::string();
}

}  // namespace detail

}  // namespace rigtopo
