// Excursions against Intel's published test table, probabilities and hand sums.
#include "physics/excursions.hpp"

#include "physics/rigs.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;
using Catch::Matchers::WithinAbs;

namespace {

/// RTX 5090 as Igor's Lab measured it: 575 W; 901 W below 1 ms, 824 W to 5 ms, 738 W to 10 ms,
/// 628 W to 20 ms.
Device measured_card() {
  Device d;
  d.id = "rtx5090";
  d.power = 575_W;
  d.power_limits = Range<Watts>{400_W, 600_W};
  for (const auto& [ms, watts] :
       {std::pair{1.0, 901.0}, {5.0, 824.0}, {10.0, 738.0}, {20.0, 628.0}}) {
    Excursion e;
    e.window = Milliseconds{ms};
    e.power = Watts{watts};
    d.excursions.push_back(std::move(e));
  }
  Inlet inlet;
  inlet.id = std::string("16pin");
  inlet.plug = Plug::twelve_volt_2x6;
  d.inlets.push_back(std::move(inlet));
  return d;
}

}  // namespace

TEST_CASE("excursions: base load of Intel's test", "[power][excursions]") {
  // ATX12VO guide 613768, table 3-4, for 1000 W: 918, 897, 882, 924 W, rounded to whole watts.
  const double published[] = {918, 897, 882, 924};
  for (const Window w : windows) {
    const WindowRow& row = row_of(w);
    const Watts base = base_load(1000_W, row.duty, row.percent_16pin / 100);
    CHECK_THAT(base.value, WithinAbs(published[static_cast<int>(w)], 0.5));
    // Worked the other way: the mean of that cycle has 1000 W of RMS.
    const Watts peak{10 * row.percent_16pin};
    const Watts mean = row.duty * peak + (1 - row.duty) * base;
    CHECK_THAT(rms_load(mean, peak, row.duty).value, WithinAbs(1000, 1e-9));
  }
  // Second class, no published check: sqrt((1 - .05 * 2.25) / .95) = sqrt(.8875 / .95) = .96655.
  CHECK_THAT(base_load(1000_W, 0.05, 1.5).value, WithinAbs(966.55, 0.01));
  // Peaks alone are more than the rating: 6 * 6 * .05 = 1.8.
  CHECK(base_load(1000_W, 0.05, 6) == 0_W);
  CHECK(rms_load(500_W, 500_W, 0.08) == 500_W);
}

TEST_CASE("excursions: a card's peak by window", "[power][excursions]") {
  const Device card = measured_card();
  const auto peak = [&](Window w) { return *card_window_peak(card, std::nullopt, w); };
  CHECK(peak(Window::us_100) == 901_W);
  CHECK(peak(Window::ms_1) == 901_W);
  CHECK(peak(Window::ms_10) == 824_W);   // longer than 1 ms
  CHECK(peak(Window::ms_100) == 628_W);  // longer than 10 ms
  // With the limit: 824 * 400 / 575 = 573.2.
  CHECK_THAT((*card_window_peak(card, 400_W, Window::ms_10)).value, WithinAbs(573.2, 0.05));

  Device unmeasured = measured_card();
  unmeasured.excursions.clear();
  const auto guess = card_window_peak(unmeasured, 400_W, Window::ms_10);
  CHECK(*guess == 600_W);  // 1.5 * 400
  CHECK(guess.confidence == Confidence::unverified);
  CHECK(guess.missing.size() == 1);
  CHECK_THAT((*card_window_peak(unmeasured, 400_W, Window::ms_100)).value,
             WithinAbs(460, 1e-9));  // 1.15 * 400
  unmeasured.peak = 620_W;           // never more than its shortest: 1.5 * 575 = 862.5
  CHECK(*card_window_peak(unmeasured, std::nullopt, Window::ms_10) == 620_W);
}

TEST_CASE("excursions: what a supply survives", "[power][excursions]") {
  Supply s;
  s.id = "x";
  CHECK_FALSE(excursion_ability(s, Window::ms_1).known());
  s.excursion_10ms = Percent{160};
  CHECK(*excursion_ability(s, Window::us_100) == Percent{160});  // a shorter peak is no harder
  CHECK_FALSE(excursion_ability(s, Window::ms_100).known());
  s.excursion_100us = Percent{200};
  CHECK(*excursion_ability(s, Window::us_100) == Percent{200});
  CHECK(*excursion_ability(s, Window::ms_1) == Percent{160});
}

TEST_CASE("excursions: all cards of a supply at once", "[power][excursions][P116]") {
  RigBuilder b = seven_slots();
  Device card = measured_card();
  card.edge = Socket::slot;
  card.width = Lanes{16};
  card.generation = PcieGen::gen4;
  b.device("card", 2, card, "gpu").platform(50_W);
  b.supply("atx", 1600_W, 1,
           {{"16pin", Plug::twelve_volt_2x6, 2},
            {"atx", Plug::atx_24pin, 1},
            {"eps", Plug::eps_8pin, 2}});
  b.circuit("A", 230_V, 16_A);
  b.place("gpu0", "PCIE1", {}, "direct").feed("gpu0", "16pin", {"psu0.16pin0"});
  b.place("gpu1", "PCIE2", {}, "direct").feed("gpu1", "16pin", {"psu0.16pin1"});
  b.feed_board("atx", {"psu0.atx"}).feed_board("eps0", {"psu0.eps0"});
  b.feed_board("eps1", {"psu0.eps1"}).stand("psu0", "A");
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  const auto loads = supply_loads(rig);
  REQUIRE(loads.size() == 1);
  // 2 * 575 + 280 (CPU) + 50 = 1480 W; peaks 2 * 824 + 330 = 1978, 2 * 628 + 330 = 1586 W.
  CHECK(loads[0].expected == 1480_W);
  const WindowLoad ten = window_load(rig, loads[0], Window::ms_10);
  CHECK(ten.synchronised == 1978_W);
  CHECK(ten.cards == 2);
  CHECK(ten.sourced);
  CHECK(window_load(rig, loads[0], Window::ms_100).synchronised == 1586_W);
  // 1 ms: peak 2 * 901 + 330 = 2132 W for 8 %; base (1480 - 170.56) / .92 = 1423.30 W;
  // sqrt(.08 * 2132^2 + .92 * 1423.30^2) = sqrt(363634 + 1863736) = 1492.4 W.
  CHECK_THAT(window_load(rig, loads[0], Window::ms_1).rms.value, WithinAbs(1492.4, 0.1));
}

TEST_CASE("excursions: Intel's example of an old and a new supply", "[power][excursions][P104]") {
  // 300 W card, 300 W CPU, 150 W of the rest: 750 W of ATX 3 or 1100 W of ATX 2 (Intel, by way of
  // https://www.tweaktown.com/news/85717). A peak of twice the card's power makes 600 + 450 W: less
  // than 180 % of 750 W, and more than 1000 W, the size below 1100 W.
  RigBuilder b = seven_slots();
  b.edit<Cpu>("rome", [](Cpu& c) { c.tdp = 300_W; });
  b.gpu("card", 1, 300_W).platform(150_W);
  b.supply("atx", 750_W, 1,
           {{"16pin", Plug::twelve_volt_2x6, 1},
            {"atx", Plug::atx_24pin, 1},
            {"eps", Plug::eps_8pin, 2}});
  b.circuit("A", 230_V, 16_A).place("gpu0", "PCIE1", {}, "direct");
  b.feed("gpu0", "16pin", {"psu0.16pin"}).feed_board("atx", {"psu0.atx"});
  b.feed_board("eps0", {"psu0.eps0"}).feed_board("eps1", {"psu0.eps1"}).stand("psu0", "A");
  const Project project = b.project();
  const Rig rig = build_rig(project, b.layout());
  const auto loads = supply_loads(rig);
  REQUIRE(loads.size() == 1);
  CHECK(loads[0].expected == 750_W);
  const Watts peak = window_load(rig, loads[0], Window::ms_1).synchronised;
  CHECK(peak == 1050_W);
  CHECK(peak < 750_W * (row_of(Window::ms_1).percent_16pin / 100));
  CHECK(peak > 1000_W);
}

TEST_CASE("excursions: independent cards seldom peak together", "[power][excursions]") {
  // Binomial, 8 cards at 5 %: 3 or more .0058, 4 or more .00037.
  CHECK_THAT(chance_of_peaks(8, 3, 0.05), WithinAbs(0.0058, 5e-5));
  CHECK_THAT(chance_of_peaks(8, 4, 0.05), WithinAbs(0.00037, 5e-6));
  CHECK_THAT(chance_of_peaks(8, 0, 0.05), WithinAbs(1, 1e-12));
  CHECK_THAT(chance_of_peaks(1, 1, 0.25), WithinAbs(0.25, 1e-12));
}
