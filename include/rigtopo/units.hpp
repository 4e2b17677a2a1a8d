// Physical quantities. One type per dimension; arithmetic only where physics allows it.
// Text to quantity and back is decided in yaml/ and base/text; this file knows no notation.
#pragma once

#include <compare>
#include <cstdint>

namespace rigtopo {

/// A number with a dimension. Constructed explicitly, added and compared to its own kind only,
/// scaled by plain numbers; the ratio of two quantities of one kind is a plain number.
template <class Tag, class Rep = double>
struct Quantity {
  using Number = Rep;
  Rep value{};

  constexpr Quantity() = default;
  constexpr explicit Quantity(Rep v) : value(v) {}

  constexpr auto operator<=>(const Quantity&) const = default;

  constexpr Quantity& operator+=(Quantity o) {
    value = static_cast<Rep>(value + o.value);
    return *this;
  }
  constexpr Quantity& operator-=(Quantity o) {
    value = static_cast<Rep>(value - o.value);
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return a += b; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return a -= b; }
  friend constexpr Quantity operator*(Quantity a, Rep k) {
    return Quantity{static_cast<Rep>(a.value * k)};
  }
  friend constexpr Quantity operator*(Rep k, Quantity a) { return a * k; }
  friend constexpr Quantity operator/(Quantity a, Rep k) {
    return Quantity{static_cast<Rep>(a.value / k)};
  }
  friend constexpr double operator/(Quantity a, Quantity b) {
    return static_cast<double>(a.value) / static_cast<double>(b.value);
  }
};

using Watts = Quantity<struct WattsTag>;
using Volts = Quantity<struct VoltsTag>;
using Amps = Quantity<struct AmpsTag>;
using Millimetres = Quantity<struct MillimetresTag>;
using Metres = Quantity<struct MetresTag>;      // altitude only; lengths in a rig are Millimetres
using Decibels = Quantity<struct DecibelsTag>;  // insertion loss at the Nyquist frequency of a gen
using Cfm = Quantity<struct CfmTag>;
using Pascals = Quantity<struct PascalsTag>;
using DecibelsA = Quantity<struct DecibelsATag>;  // sound; never mixes with insertion loss
using Kelvins = Quantity<struct KelvinsTag>;      // a difference
using Milliseconds = Quantity<struct MillisecondsTag>;
using Gigabytes = Quantity<struct GigabytesTag>;
using GigabytesPerSecond = Quantity<struct GigabytesPerSecondTag>;  // 1e9 bytes, one direction
using Percent = Quantity<struct PercentTag>;
using Lanes = Quantity<struct LanesTag, int>;
using Count = Quantity<struct CountTag, int>;  // of things: outlets, devices, bays
using KelvinsPerWatt = Quantity<struct KelvinsPerWattTag>;

/// Absolute temperature: a point, not a difference. Celsius + Celsius does not compile.
struct Celsius {
  double value{};
  constexpr auto operator<=>(const Celsius&) const = default;
  friend constexpr Kelvins operator-(Celsius a, Celsius b) { return Kelvins{a.value - b.value}; }
  friend constexpr Celsius operator+(Celsius t, Kelvins d) { return Celsius{t.value + d.value}; }
};

/// An amount of one currency. Amounts of different currencies do not add; the spec names one.
struct Money {
  double amount{};
  char currency[4]{};  // ISO 4217 code, zero-terminated: "USD", "EUR"
  constexpr bool operator==(const Money&) const = default;
};

constexpr Watts operator*(Volts v, Amps a) { return Watts{v.value * a.value}; }
constexpr Watts operator*(Amps a, Volts v) { return v * a; }
constexpr Amps operator/(Watts w, Volts v) { return Amps{w.value / v.value}; }

constexpr Kelvins operator*(KelvinsPerWatt r, Watts w) { return Kelvins{r.value * w.value}; }

/// PCI Express generation. The number is the generation.
enum class PcieGen : std::uint8_t { gen1 = 1, gen2, gen3, gen4, gen5, gen6 };

/// Transfer rate per lane in GT/s: 2.5, 5, 8, 16, 32, 64 (PCI Express Base Specification).
constexpr double gt_per_s(PcieGen g) {
  constexpr double rate[] = {2.5, 5, 8, 16, 32, 64};
  return rate[static_cast<int>(g) - 1];
}

/// `value` is over `limit` by more than rounding. Every rule compares through this one function.
/// What is no number (NaN) on either side counts as over: it must not pass.
template <class Q>
constexpr bool exceeds(Q value, Q limit) {
  const double v = static_cast<double>(value.value);
  const double l = static_cast<double>(limit.value);
  const double guard = 1e-9 * (l < 0 ? -l : l);
  return !(v <= l + guard);
}

inline namespace literals {
constexpr Watts operator""_W(unsigned long long v) { return Watts{static_cast<double>(v)}; }
constexpr Watts operator""_W(long double v) { return Watts{static_cast<double>(v)}; }
constexpr Volts operator""_V(unsigned long long v) { return Volts{static_cast<double>(v)}; }
constexpr Volts operator""_V(long double v) { return Volts{static_cast<double>(v)}; }
constexpr Amps operator""_A(unsigned long long v) { return Amps{static_cast<double>(v)}; }
constexpr Amps operator""_A(long double v) { return Amps{static_cast<double>(v)}; }
constexpr Millimetres operator""_mm(unsigned long long v) {
  return Millimetres{static_cast<double>(v)};
}
constexpr Millimetres operator""_mm(long double v) { return Millimetres{static_cast<double>(v)}; }
constexpr Decibels operator""_dB(unsigned long long v) { return Decibels{static_cast<double>(v)}; }
constexpr Decibels operator""_dB(long double v) { return Decibels{static_cast<double>(v)}; }
constexpr Lanes operator""_lanes(unsigned long long v) { return Lanes{static_cast<int>(v)}; }
}  // namespace literals

}  // namespace rigtopo
