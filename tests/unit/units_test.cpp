// What units allow and, as important, what must not compile.
#include "rigtopo/units.hpp"

#include <concepts>
#include <limits>

#include "support/catch.hpp"

using namespace rigtopo;

namespace {
template <class A, class B>
concept Addable = requires(A a, B b) {
  a + b;
};
template <class A, class B>
concept Subtractable = requires(A a, B b) {
  a - b;
};
template <class A, class B>
concept Multipliable = requires(A a, B b) {
  a* b;
};
template <class A, class B>
concept Divisible = requires(A a, B b) {
  a / b;
};
template <class A, class B>
concept Comparable = requires(A a, B b) {
  a < b;
};
template <class A, class B>
concept Exceedable = requires(A a, B b) {
  exceeds(a, b);
};

static_assert(12_V * 75_A == 900_W);
static_assert(75_A * 12_V == 900_W);
static_assert((1200_W / 12_V).value == 100.0);
static_assert(1200_W / 600_W == 2.0);
static_assert(2 * 350_W == 700_W && 700_W / 2 == 350_W && 2.5_W + 0.5_W - 1_W == 2_W);
static_assert(16_lanes + 4_lanes == 20_lanes);
static_assert(sizeof(Watts) == sizeof(double) && sizeof(Lanes) == sizeof(int));
static_assert((Celsius{30} - Celsius{20}).value == 10);
static_assert((Celsius{30} + Kelvins{5}).value == 35);
static_assert(75_mm < 80_mm && 3.5_dB > 3_dB);
// Published transfer rates, GT/s per lane.
static_assert(gt_per_s(PcieGen::gen1) == 2.5 && gt_per_s(PcieGen::gen4) == 16 &&
              gt_per_s(PcieGen::gen6) == 64);

// Must not compile: other dimensions, products without a meaning, sums of temperatures.
static_assert(!Addable<Watts, Amps> && !Subtractable<Watts, Volts> && !Comparable<Watts, Volts>);
static_assert(!Multipliable<Watts, Watts> && !Multipliable<Volts, Watts>);
static_assert(!Divisible<Volts, Amps> && !Divisible<Amps, Volts>);
static_assert(!Addable<Celsius, Celsius> && !Addable<Celsius, double>);
static_assert(!Addable<Decibels, DecibelsA> && !Addable<Millimetres, Metres>);
static_assert(!Comparable<Gigabytes, GigabytesPerSecond>);
static_assert(!Exceedable<Watts, Amps> && !Exceedable<Watts, double>);
static_assert(!Addable<Money, Money> && !Comparable<Money, Money>);
static_assert(!Addable<PcieGen, int>);
// Nor is a bare number taken for a quantity, or a quantity for a number.
static_assert(!std::convertible_to<double, Watts> && !std::convertible_to<int, Lanes>);
static_assert(!std::convertible_to<Watts, double> && !Addable<Watts, double>);
static_assert(!std::convertible_to<Watts, Volts> && !std::constructible_from<Watts, Volts>);
}  // namespace

TEST_CASE("units: a limit is exceeded by more than rounding only", "[units]") {
  CHECK_FALSE(exceeds(1000_W, 1000_W));
  // 0.1 + 0.2 is 5.5e-17 over 0.3 in binary; a builder would call them equal.
  CHECK_FALSE(exceeds(Watts{0.1} + Watts{0.2}, Watts{0.3}));
  CHECK(exceeds(Watts{1000.001}, 1000_W));
  CHECK(exceeds(1_W, 0_W));
  CHECK_FALSE(exceeds(Decibels{-2}, Decibels{-1}));
  CHECK(exceeds(Decibels{-1}, Decibels{-2}));
  CHECK(exceeds(17_lanes, 16_lanes));
}

TEST_CASE("units: what is no number does not pass a limit", "[units]") {
  const Watts none{std::numeric_limits<double>::quiet_NaN()};
  CHECK(exceeds(none, 1000_W));
  CHECK(exceeds(1_W, none));
}
