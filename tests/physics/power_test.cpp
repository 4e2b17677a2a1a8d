// Physics of power against numbers worked out by hand or taken from sources named beside them.
#include "physics/power.hpp"

#include "physics/rigs.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;
using Catch::Matchers::WithinAbs;

namespace {

struct Powered {
  RigBuilder b;
  Project project;
  Rig rig;
  explicit Powered(RigBuilder builder)
      : b(std::move(builder)), project(b.project()), rig(build_rig(project, b.layout())) {
    REQUIRE(validate(rig).empty());
  }
};

const SupplyLoad& load_of(const std::vector<SupplyLoad>& loads, std::string_view id) {
  for (const SupplyLoad& l : loads) {
    if (l.id == id) return l;
  }
  FAIL("no supply " << id);
  return loads.front();
}

/// WOPR (https://www.mov-axbx.com/wopr/wopr_power.html): seven 450 W cards, supplies 1 to 3 with
/// two cards each, supply 4 with one card, board and CPU.
RigBuilder wopr() {
  RigBuilder b = seven_slots();
  b.gpu("rtx4090", 7, 450_W).ribbon("ribbon", 200_mm).platform(50_W);
  b.supply("rm1000x", 1000_W, 4,
           {{"16pin", Plug::twelve_volt_2x6, 2},
            {"atx", Plug::atx_24pin, 1},
            {"eps", Plug::eps_8pin, 2}});
  b.circuit("A", 120_V, 20_A).circuit("B", 120_V, 20_A);
  for (int i = 0; i < 7; ++i) {
    const std::string id = "gpu" + std::to_string(i);
    b.place(id, slot_names[i], {"ribbon"}, "upper-" + std::to_string(i + 1));
    b.feed(id, "16pin", {"psu" + std::to_string(i / 2) + ".16pin" + std::to_string(i % 2)});
  }
  b.feed_board("atx", {"psu3.atx"});
  b.feed_board("eps0", {"psu3.eps0"}).feed_board("eps1", {"psu3.eps1"});
  b.stand("psu0", "A").stand("psu1", "A").stand("psu2", "B").stand("psu3", "B");
  return b;
}

}  // namespace

TEST_CASE("power: ratings of plugs, slot and inlets", "[power][P106][P112]") {
  // Intel 336521 table 3-5: 75, 150, 600 W; CEM: 5.5 A * 12 V = 66 W; SATA 3 * 1.5 A * 12 V = 54 W.
  CHECK(plug_rating(Plug::pcie_6pin) == 75_W);
  CHECK(plug_rating(Plug::pcie_8pin) == 150_W);
  CHECK(plug_rating(Plug::twelve_volt_2x6) == 600_W);
  CHECK(plug_rating(Plug::eps_8pin) == 300_W);
  CHECK(plug_rating(Plug::sata) == 54_W);
  CHECK(plug_rating(Plug::molex) == 54_W);
  CHECK(plug_rating(Plug::atx_24pin) == 132_W);
  CHECK(slot_allowance() == 66_W);
  CHECK(inlet_rating(MainsInlet::c14, MainsCode::iec) == 10_A);
  CHECK(inlet_rating(MainsInlet::c20, MainsCode::iec) == 16_A);
  CHECK(inlet_rating(MainsInlet::c14, MainsCode::nec) == 15_A);
  CHECK(inlet_rating(MainsInlet::c20, MainsCode::nec) == 20_A);
}

TEST_CASE("power: supply 4 of WOPR carries 1176 W, the others 900 W", "[power][P101]") {
  const Powered built(wopr());
  const auto loads = supply_loads(built.rig);
  // One whole card 450, CPU 280, platform 50, and 66 W of slot power of six cards:
  // 450 + 280 + 50 + 6 * 66 = 1176.
  const SupplyLoad& board = load_of(loads, "psu3");
  CHECK_THAT(board.expected.value, WithinAbs(1176, 1e-9));
  CHECK_THAT(board.worst.value, WithinAbs(1176, 1e-9));
  CHECK(board.missing.empty());
  CHECK(board.loads.size() == 9);  // six slots, one card, CPU, platform
  // Whose slot draw nobody states may draw all through the plugs: 2 * 450.
  CHECK_THAT(load_of(loads, "psu0").expected.value, WithinAbs(900, 1e-9));
  CHECK(load_of(loads, "psu0").rating.value == 1000_W);
}

TEST_CASE("power: a sourced slot draw is taken off the plugs, not off the worst case",
          "[power][P101][P102]") {
  RigBuilder b = wopr();
  b.edit<Device>("rtx4090", [](Device& d) { d.slot_power = 20_W; });
  const Powered built(std::move(b));
  const auto loads = supply_loads(built.rig);
  // 450 + 280 + 50 + 6 * 20 = 900; worst still 66 W a slot: 1176.
  CHECK_THAT(load_of(loads, "psu3").expected.value, WithinAbs(900, 1e-9));
  CHECK_THAT(load_of(loads, "psu3").worst.value, WithinAbs(1176, 1e-9));
  // 2 * (450 - 20) = 860; worst 2 * 450.
  CHECK_THAT(load_of(loads, "psu0").expected.value, WithinAbs(860, 1e-9));
  CHECK_THAT(load_of(loads, "psu0").worst.value, WithinAbs(900, 1e-9));
}

TEST_CASE("power: tinybox at 150 W a card fits a 15 A circuit", "[power][P110]") {
  // tinygrad docs/tinybox.md: six cards at 150 W fit one 120 V, 15 A outlet. With 300 W for the
  // rest and 92 %: (6 * 150 + 300) / 0.92 = 1304.3 W, under 0.8 * 15 * 120 = 1440 W.
  RigBuilder b = seven_slots();
  b.edit<Cpu>("rome", [](Cpu& c) { c.tdp = 200_W; });
  b.gpu("rtx4090", 6, 450_W).platform(100_W);
  b.supply("1600", 1600_W, 1,
           {{"16pin", Plug::twelve_volt_2x6, 6},
            {"atx", Plug::atx_24pin, 1},
            {"eps", Plug::eps_8pin, 2}});
  b.circuit("A", 120_V, 15_A).stand("psu0", "A");
  for (int i = 0; i < 6; ++i) {
    const std::string id = "gpu" + std::to_string(i);
    b.place(id, slot_names[i]).feed(id, "16pin", {"psu0.16pin" + std::to_string(i)});
    b.limit(id, 150_W);
  }
  b.feed_board("atx", {"psu0.atx"}).feed_board("eps0", {"psu0.eps0"});
  const Powered built(std::move(b));
  const auto circuits = circuit_loads(built.rig);
  REQUIRE(circuits.size() == 1);
  CHECK_THAT(circuits[0].expected.value, WithinAbs(1304.348, 0.001));
  CHECK_THAT(circuits[0].continuous.value, WithinAbs(1440, 1e-9));
  CHECK(circuits[0].outlets_used == 1);
  CHECK(circuits[0].missing.empty());
  // After a reboot the cards are back at 450 W: (2700 + 300) / 0.92 = 3260.9 W.
  CHECK_THAT(circuit_loads(built.rig, Caps::default_limits)[0].expected.value,
             WithinAbs(3260.870, 0.001));
}

TEST_CASE("power: continuous load of a breaker is 80 % of its rating", "[power][P110]") {
  // NEC 210.20: 15 A 120 V 1440 W, 20 A 120 V 1920 W, 30 A 240 V 5760 W.
  RigBuilder b = seven_slots();
  b.circuit("A", 120_V, 15_A).circuit("B", 120_V, 20_A, 200_W).circuit("C", 240_V, 30_A);
  const Powered built(std::move(b));
  const auto circuits = circuit_loads(built.rig);
  CHECK_THAT(circuits[0].continuous.value, WithinAbs(1440, 1e-9));
  CHECK_THAT(circuits[1].continuous.value, WithinAbs(1920, 1e-9));
  CHECK_THAT(circuits[2].continuous.value, WithinAbs(5760, 1e-9));
  CHECK(circuits[1].expected == 200_W);  // other things on it
}

TEST_CASE("power: an unknown efficiency is 88 %, and said so", "[power][P110]") {
  RigBuilder b = wopr();
  b.edit<Supply>("rm1000x", [](Supply& s) { s.efficiency = Fact<Percent>(); });
  const Powered built(std::move(b));
  const SupplyLoad load = supply_loads(built.rig)[0];
  CHECK_THAT((*load.wall).value, WithinAbs(900 / 0.88, 1e-6));
  CHECK(load.wall.confidence == Confidence::unverified);
  CHECK_FALSE(load.wall.missing.empty());
}

TEST_CASE("power: a card of unknown power leaves no wall load behind", "[power][P101][P110]") {
  RigBuilder b = wopr();
  b.edit<Device>("rtx4090", [](Device& d) { d.power = Fact<Watts>(); });
  const Powered built(std::move(b));
  const SupplyLoad load = supply_loads(built.rig)[0];
  CHECK_FALSE(load.missing.empty());
  CHECK_FALSE(load.wall.known());
  CHECK_FALSE(load.peak.known());
  CHECK_FALSE(circuit_loads(built.rig)[0].missing.empty());
}

TEST_CASE("power: draw of a card is counted once", "[power][P101]") {
  Device d;
  d.id = "card";
  d.power = 350_W;
  Inlet plug;
  plug.id = std::string("8pin");
  plug.plug = Plug::pcie_8pin;
  d.inlets.push_back(plug);

  CardDraw draw = card_draw(d, std::nullopt);
  CHECK(draw.slot_assumed);
  CHECK(draw.slot_expected == 66_W);
  CHECK(draw.aux_expected == 350_W);

  d.slot_power = 70_W;  // measured over the allowance
  draw = card_draw(d, 300_W);
  CHECK(*draw.total == 300_W);
  CHECK(draw.slot_expected == 70_W);
  CHECK(draw.slot_worst == 70_W);
  CHECK(draw.aux_expected == 230_W);
  CHECK(draw.aux_worst == 300_W);

  // Never more through the slot than the card draws at all.
  CHECK(card_draw(d, 50_W).slot_worst == 50_W);

  d.inlets.clear();  // a card without plugs draws everything where it sits
  d.slot_power = Fact<Watts>();
  d.power = 70_W;
  draw = card_draw(d, std::nullopt);
  CHECK_FALSE(draw.takes_aux);
  CHECK(draw.slot_expected == 70_W);
  CHECK(draw.aux_worst == 0_W);
}

TEST_CASE("power: peaks are measured, else twice the power and unverified", "[power][P104]") {
  Device d;
  d.id = "rtx5090";
  d.power = 575_W;
  CHECK_THAT((*card_peak(d, std::nullopt)).value, WithinAbs(1150, 1e-9));
  CHECK(card_peak(d, std::nullopt).confidence == Confidence::unverified);
  // Igor's Lab: 901.1 W below 1 ms, 823.6 W to 5 ms.
  for (const double watts : {901.1, 823.6}) {
    Excursion e;
    e.power = Watts{watts};
    d.excursions.push_back(e);
  }
  CHECK_THAT((*card_peak(d, std::nullopt)).value, WithinAbs(901.1, 1e-9));
  // At 400 W: 901.1 * 400 / 575 = 626.852.
  CHECK_THAT((*card_peak(d, 400_W)).value, WithinAbs(626.852, 0.001));
  d.power = Fact<Watts>();
  CHECK_FALSE(card_peak(d, std::nullopt).known());
}

TEST_CASE("power: a supply has to stand all its cards' peaks at once", "[power][P104]") {
  RigBuilder b = wopr();
  b.edit<Device>("rtx4090", [](Device& d) { d.peak = 600_W; });
  const Powered measured(b);
  // Supply 1: 2 * 600. Supply 4: 600 + 280 + 50 + six slots at 66: 1326.
  CHECK_THAT((*load_of(supply_loads(measured.rig), "psu0").peak).value, WithinAbs(1200, 1e-9));
  CHECK_THAT((*load_of(supply_loads(measured.rig), "psu3").peak).value, WithinAbs(1326, 1e-9));
  CHECK(load_of(supply_loads(measured.rig), "psu0").peak.missing.empty());
  b.edit<Device>("rtx4090", [](Device& d) { d.peak = Fact<Watts>(); });
  const Powered guessed(b);
  const SupplyLoad load = load_of(supply_loads(guessed.rig), "psu0");
  CHECK_THAT((*load.peak).value, WithinAbs(1800, 1e-9));  // 2 * 2 * 450
  CHECK(load.peak.confidence == Confidence::unverified);
  CHECK_FALSE(load.peak.missing.empty());
  CHECK(load.missing.empty());  // the steady load is known
}

TEST_CASE("power: the rating of a supply depends on the mains voltage", "[power][P103]") {
  // HP DPS-1200FB: 1200 W at 200 to 240 V, 900 W at 100 to 127 V.
  Supply s;
  s.id = "hp";
  for (const auto& [least, most, watts] :
       {std::tuple{200.0, 240.0, 1200.0}, std::tuple{100.0, 127.0, 900.0}}) {
    SupplyRating r;
    r.mains = Range<Volts>{Volts{least}, Volts{most}};
    r.power = Watts{watts};
    s.ratings.push_back(r);
  }
  CHECK(*rating_at(s, 230_V) == 1200_W);
  CHECK(*rating_at(s, 120_V) == 900_W);
  CHECK(*rating_at(s, 127_V) == 900_W);
  CHECK_FALSE(rating_at(s, 150_V).known());
  CHECK(rating_at(s, 150_V).missing == std::vector<std::string>{"no rating at 150 V for `hp`"});
  s.ratings[0].power = Fact<Watts>();
  CHECK_FALSE(rating_at(s, 230_V).known());
  s.ratings[1].power_12v = 850_W;  // the 12 V rail alone bears less than all together
  CHECK(*rating_at(s, 120_V) == 850_W);
}

TEST_CASE("power: three 8-pin outputs share a 12V-2x6", "[power][P105][P106]") {
  RigBuilder b = one_card();
  b.edit<Device>("card", [](Device& d) { d.power = 450_W; });
  b.power_cable("three", Plug::pcie_8pin, 3, Plug::twelve_volt_2x6, 450_W);
  b.supply("atx", 1000_W, 1, {{"pcie", Plug::pcie_8pin, 4}}).stand("psu0", "");
  b.feed("gpu0", "16pin", {"psu0.pcie0", "psu0.pcie1", "psu0.pcie2"}, "three");
  const Powered built(std::move(b));
  const auto outputs = output_loads(built.rig);
  REQUIRE(outputs.size() == 3);
  for (const OutputLoad& o : outputs) {
    CHECK_THAT(o.carried.value, WithinAbs(150, 1e-9));  // 450 / 3
    CHECK(o.rating == 150_W);
    CHECK(o.feeds == "gpu0.16pin");
  }
  CHECK(outputs[2].id == "psu0.pcie2");
  const auto inlets = inlet_loads(built.rig);
  REQUIRE(inlets.size() == 1);
  CHECK(inlets[0].id == "gpu0.16pin");
  CHECK_THAT(inlets[0].carried.value, WithinAbs(450, 1e-9));
  CHECK(inlets[0].rating == 450_W);  // of the adapter, under the plug's 600 W
  CHECK(inlets[0].cable == "K1");
}

TEST_CASE("power: an output taken twice carries both", "[power][P105][W102]") {
  RigBuilder b = seven_slots();
  b.gpu("card", 2, 100_W, {{"8pin", Plug::pcie_8pin}});
  b.supply("atx", 1000_W, 1, {{"pcie", Plug::pcie_8pin, 2}}).stand("psu0", "");
  b.place("gpu0", "PCIE1").place("gpu1", "PCIE3");
  b.feed("gpu0", "8pin", {"psu0.pcie1"}).feed("gpu1", "8pin", {"psu0.pcie1"});
  const Powered built(std::move(b));
  const auto outputs = output_loads(built.rig);
  REQUIRE(outputs.size() == 1);
  CHECK_THAT(outputs[0].carried.value, WithinAbs(200, 1e-9));
  CHECK(outputs[0].feeds == "gpu0.8pin, gpu1.8pin");
}

TEST_CASE("power: plugs share by rating", "[power][P106]") {
  // 300 W over 8-pin and 6-pin: 150 / 225 and 75 / 225 of it, 200 W and 100 W.
  RigBuilder b = seven_slots();
  b.gpu("card", 1, 300_W, {{"8pin", Plug::pcie_8pin}, {"6pin", Plug::pcie_6pin}});
  b.supply("atx", 1000_W, 1, {{"p8", Plug::pcie_8pin, 1}, {"p6", Plug::pcie_6pin, 1}});
  b.stand("psu0", "").place("gpu0", "PCIE1");
  b.feed("gpu0", "8pin", {"psu0.p8"}).feed("gpu0", "6pin", {"psu0.p6"});
  const Powered built(std::move(b));
  const auto inlets = inlet_loads(built.rig);
  REQUIRE(inlets.size() == 2);
  CHECK_THAT(inlets[0].carried.value, WithinAbs(200, 1e-9));
  CHECK_THAT(inlets[1].carried.value, WithinAbs(100, 1e-9));
}

TEST_CASE("power: slots draw from the board unless a riser isolates them", "[power][P107]") {
  RigBuilder b = wopr();
  b.riser("isolating", RiserType::ribbon, {Socket::slot, 1}, {Socket::slot, 1}, 16, PcieGen::gen4,
          SlotFeed::own, {{"6pin", Plug::pcie_6pin}});
  b.edit<Supply>("rm1000x", [](Supply& s) {
    Output six;
    six.id = std::string("six");
    six.plug = Plug::pcie_6pin;
    s.outputs.push_back(six);
  });
  const Powered all_host(b);
  CHECK(slot_net_load(all_host.rig).cards == 7);
  CHECK_THAT(slot_net_load(all_host.rig).expected.value, WithinAbs(7 * 66, 1e-9));
  CHECK_FALSE(slot_net_load(all_host.rig).limit.known());
  // All of it comes in through the 24-pin connector.
  for (const InletLoad& i : inlet_loads(all_host.rig)) {
    if (i.id == "board.atx") CHECK_THAT(i.carried.value, WithinAbs(462, 1e-9));
    if (i.id == "board.eps0") CHECK_THAT(i.carried.value, WithinAbs(140, 1e-9));  // 280 / 2
  }

  b.place_of("gpu0").chain[0].part = std::string("isolating");
  b.feed_riser("gpu0", "6pin", {"psu0.six"});
  const Powered one_own(std::move(b));
  CHECK(slot_net_load(one_own.rig).cards == 6);
  const auto loads = supply_loads(one_own.rig);
  CHECK_THAT(load_of(loads, "psu3").expected.value, WithinAbs(1176 - 66, 1e-9));
  CHECK_THAT(load_of(loads, "psu0").expected.value, WithinAbs(900, 1e-9));  // its total, once
  CHECK(device_sources(one_own.rig, "gpu0").slot == std::vector<std::string>{"psu0"});
  bool seen = false;
  for (const InletLoad& i : inlet_loads(one_own.rig)) {
    if (i.id != "R1.6pin") continue;
    seen = true;
    CHECK_THAT(i.carried.value, WithinAbs(66, 1e-9));
  }
  CHECK(seen);
}

TEST_CASE("power: slots draw from inlets of their own when these are fed", "[power][P107]") {
  RigBuilder b = seven_slots();
  b.board_inlet("aux", Plug::pcie_6pin, InletUse::slots);
  b.gpu("card", 1, 350_W).place("gpu0", "PCIE1");
  b.supply("a", 1000_W, 1, {{"atx", Plug::atx_24pin, 1}});
  b.supply("b", 1000_W, 1, {{"pcie", Plug::pcie_6pin, 1}});
  b.feed_board("atx", {"psu0.atx"}).stand("psu0", "").stand("psu1", "");
  const Powered through_atx(b);
  CHECK(device_sources(through_atx.rig, "gpu0").slot == std::vector<std::string>{"psu0"});
  b.feed_board("aux", {"psu1.pcie"});
  const Powered through_aux(b);
  CHECK(device_sources(through_aux.rig, "gpu0").slot == std::vector<std::string>{"psu1"});
  // The board's 12 V is one piece of copper all the same.
  const auto joined = joined_nets(through_aux.rig);
  REQUIRE(joined.size() == 1);
  CHECK(joined[0].supplies == std::vector<std::string>{"psu0", "psu1"});
  CHECK(joined[0].through == std::vector<std::string>{"board"});
}

TEST_CASE("power: a drive in M.2 draws from the board, not from the slots' 12 V", "[power][P107]") {
  RigBuilder b = seven_slots();
  b.nvme("drive", 1, 8_W).place("nvme0", "M2_1").platform(50_W);
  b.supply("atx", 1000_W, 1, {{"atx", Plug::atx_24pin, 1}}).stand("psu0", "");
  b.feed_board("atx", {"psu0.atx"});
  const Powered built(std::move(b));
  CHECK(slot_net_load(built.rig).cards == 0);
  CHECK_THAT(supply_loads(built.rig)[0].expected.value, WithinAbs(58, 1e-9));
}

TEST_CASE("power: the platform by the model", "[power][P101]") {
  RigBuilder b = seven_slots();
  b.platform_row().memory = 8;
  b.platform_row().drives = 2;
  b.platform_row().other = 30_W;
  // 8 * 5 + 2 * 10 + 30 + 30 = 120 W.
  CHECK_THAT((*platform_power(b.project())).value, WithinAbs(120, 1e-9));
  b.platform_row().memory = Fact<int>();
  // Eight DIMMs are assumed: the same, but not sure.
  CHECK_THAT((*platform_power(b.project())).value, WithinAbs(120, 1e-9));
  CHECK(platform_power(b.project()).confidence == Confidence::unverified);
  CHECK_FALSE(platform_power(b.project()).missing.empty());
  b.platform(75_W);
  CHECK(*platform_power(b.project()) == 75_W);
  CHECK(*cpu_power(b.project()) == 280_W);
}

TEST_CASE("power: more load on a supply never lowers what it takes from the wall",
          "[power][P110]") {
  // Limits up in steps, a card more each time.
  double before = 0;
  for (const int watts : {200, 300, 450}) {
    for (int cards = 1; cards <= 7; ++cards) {
      RigBuilder b = seven_slots();
      b.gpu("card", cards, 450_W).supply("big", 9000_W, 1, {{"p", Plug::twelve_volt_2x6, 8}});
      b.stand("psu0", "");
      for (int i = 0; i < cards; ++i) {
        const std::string id = "gpu" + std::to_string(i);
        b.place(id, slot_names[i]).feed(id, "16pin", {"psu0.p" + std::to_string(i)});
        b.limit(id, Watts{static_cast<double>(watts)});
      }
      const Powered built(std::move(b));
      const double wall = (*supply_loads(built.rig)[0].wall).value;
      CHECK(wall > (cards == 1 ? 0 : before));
      // At least the cards' limits: `watts` each at 92 %.
      CHECK(wall >= cards * watts / 0.92 - 1e-6);
      before = wall;
    }
  }
}
