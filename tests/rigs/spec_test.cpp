// Loading a spec: ids, parts, stock, supplies, circuits, wishes, and what is said about a bad page.
#include "spec/spec.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "rigs/loaded.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

/// Codes with lines that loading this spec gives.
std::string said(const std::string& spec) {
  const Loaded loaded(spec);
  INFO(messages_of(loaded.out));
  CHECK(loaded.project.has_value() == (loaded.out.errors() == 0));
  return codes_of(loaded.out);
}

/// The small spec ends in line 8; `more` starts in line 9.
std::string more(const std::string& text) { return said(small_spec(text)); }

std::string devices(const std::string& rows) {
  return said("rigtopo: 1\nboard: small-board\ncpu: small-cpu\ndevices:\n" + rows);
}

std::vector<std::string> supply_ids(const Project& project) {
  std::vector<std::string> ids;
  for (const SupplyUse& s : project.supplies) ids.push_back(s.id + "=" + s.part->id);
  return ids;
}

}  // namespace

TEST_CASE("spec: a page becomes a project", "[spec]") {
  const Loaded loaded(small_spec(small_stock + "want: [links, price, heat]\n"));
  INFO(messages_of(loaded.out));
  REQUIRE(loaded.project);
  const Project& p = *loaded.project;
  CHECK(p.board().id == "small-board");
  CHECK(p.board_named("small-board") == &p.board());
  CHECK(p.cpu->id == "small-cpu");
  CHECK(p.cpu_count == 1);
  CHECK(p.frame->id == "open");
  REQUIRE(p.devices.size() == 4);
  CHECK(p.devices[0].id == "gpu0");
  CHECK(p.devices[1].id == "gpu1");
  CHECK(p.devices[2].id == "gpu2");
  CHECK(p.devices[2].part->id == "card16");
  CHECK(p.devices[2].row_index == 1);
  CHECK(p.devices[2].row == &p.spec.devices[1]);
  CHECK(p.devices[2].at.line == 7);
  CHECK(p.device("boot")->kind == "nvme");
  CHECK(p.device("gpu3") == nullptr);
  CHECK(*p.circuit("A")->volts == Volts{120});
  CHECK(*p.circuit("A")->other_load == Watts{0});
  CHECK(*p.spec.mains.code == MainsCode::nec);  // the stricter one while nobody says which
  CHECK(p.spec.want.size() == 3);
  CHECK(p.currency == "USD");
  CHECK(p.part<Device>("card") == p.devices[0].part);
  CHECK(p.part<Riser>("card") == nullptr);
  CHECK(p.part<PowerCable>("three-to-one") != nullptr);
  CHECK(p.sha256 == sha256(read_text(loaded.dir.path() / "rig.yaml")));
}

TEST_CASE("spec: a project can be moved and copied", "[spec]") {
  Loaded loaded(small_spec(small_stock));
  REQUIRE(loaded.project);
  const Project moved = *std::move(loaded.project);
  CHECK(moved.devices[2].row == &moved.spec.devices[1]);
}

TEST_CASE("spec: pages that are no spec", "[spec]") {
  CHECK(said("") == "S022:1");
  CHECK(said("- a\n") == "S022:1");
  CHECK(said("hello\n") == "S022:1");
  CHECK(said("board: x\n") == "S024:1");
  CHECK(said("rigtopo: 2\nboard: x\n") == "S024:1");
  CHECK(said("board: x\nrigtopo: [1]\n") == "S024:2");
  CHECK(said("rigtopo: 1\n") == "S021:1 S021:1 S021:1 S021:1 S021:1");
  Diagnostics out;
  SourceMap sources;
  CHECK_FALSE(load_project("/nowhere/rig.yaml", {}, sources, out));
  CHECK(codes_of(out) == "S001:0");
}

TEST_CASE("spec: all problems are reported, not the first", "[spec]") {
  CHECK(said("rigtopo: 1\n"
             "board: small-bord\n"
             "cpu: small-cpu\n"
             "devices: [{part: card, cont: 2}]\n"
             "want: [links, speed]\n"
             "roon: {}\n") == "S030:2 S020:4 S025:5 S020:6");
}

TEST_CASE("spec: device ids", "[spec][S031]") {
  const Loaded loaded(
      "rigtopo: 1\nboard: small-board\ncpu: small-cpu\ndevices:\n"
      "  - {part: card, id: left, count: 2}\n  - {part: card}\n  - {part: drive}\n"
      "  - {part: card16, id: big}\n  - {part: card16, count: 2}\n");
  INFO(messages_of(loaded.out));
  REQUIRE(loaded.project);
  std::string ids;
  for (const DeviceUse& d : loaded.project->devices) ids += d.id + " ";
  CHECK(ids == "left0 left1 gpu0 nvme0 big gpu1 gpu2 ");
  CHECK(devices("  - {part: card, id: a}\n  - {part: card, id: a}\n") == "S031:6");
  CHECK(devices("  - {part: card}\n  - {part: card, id: gpu0}\n") == "S031:6");
  CHECK(devices("  - {part: card, id: a, count: 2}\n  - {part: card, id: a1}\n") == "S031:6");
  CHECK(devices("  - {part: card, id: 'a b'}\n") == "S022:5");
  CHECK(devices("  - {part: card, id: ''}\n").substr(0, 4) == "S022");
  // These ids mean something already.
  for (const char* id : {"board", "psu0", "cpu0.A0", "PCIE1", "SLIM1+2", "G2", "K1", "R12"}) {
    CAPTURE(id);
    CHECK(devices(std::string("  - {part: card, id: ") + id + "}\n") != "");
  }
  CHECK(devices("  - {part: card, id: psu}\n  - {part: card, id: K1a}\n") == "");
}

TEST_CASE("spec: device counts and kinds", "[spec]") {
  CHECK(devices("  - {part: card, count: 64}\n") == "");
  CHECK(devices("  - {part: card, count: 65}\n") == "S023:5");
  CHECK(devices("  - {part: card, count: 0}\n") == "S023:5");
  CHECK(devices("  - {part: card, count: 40}\n  - {part: card, count: 25}\n") == "S023:5");
  CHECK(devices("  - {part: ribbon-200}\n") == "S032:5");
  CHECK(devices("  - {part: small-board}\n") == "S032:5");
  CHECK(devices("  - {part: card, power_limit: [400 W, 300 W]}\n").find(":5") != std::string::npos);
  CHECK(said("rigtopo: 1\nboard: small-board\ncpu: small-cpu\ndevices: []\n") == "S021:1");
}

TEST_CASE("spec: an overridden part and the plain one need two ids", "[spec][S031]") {
  CHECK(devices("  - {part: card}\n  - {part: card, but: {power: 300 W}}\n") == "S031:6");
  CHECK(devices("  - {part: card}\n  - {part: card, but: {id: card-300, power: 300 W}}\n") == "");
  CHECK(devices("  - {part: card, but: {power: 300 W}}\n"
                "  - {part: card, but: {power: 300 W}}\n") == "");
  const Loaded loaded(
      "rigtopo: 1\nboard: small-board\ncpu: small-cpu\n"
      "devices: [{part: {kind: nic, width: x8, generation: gen3}, count: 2}]\n");
  REQUIRE(loaded.project);
  CHECK(loaded.project->devices[1].id == "nic1");
  CHECK(loaded.project->devices[1].part->width.confidence == Confidence::user);
}

TEST_CASE("spec: a bad part is blamed in its file and names the mention", "[spec]") {
  const Loaded loaded(small_spec("stock: [{part: odd, owned: 1}]\n"), "riser/odd.yaml",
                      "rigtopo: 1\nid: odd\nkind: riser\ntype: ribbon\nfrom: slot\nto: slot\n"
                      "width: x16\nslot_feed: own\n");
  REQUIRE(loaded.out.all().size() == 1);
  const Diagnostic& d = loaded.out.all()[0];
  CHECK(d.code == "S035");
  CHECK(loaded.sources.name(d.at.file).ends_with("topologies/riser/odd.yaml"));
  CHECK(d.at.line == 8);
  REQUIRE(d.labels.size() == 1);
  CHECK(loaded.sources.name(d.labels[0].at.file).ends_with("rig.yaml"));
  CHECK(d.labels[0].at.line == 9);
}

TEST_CASE("spec: topologies beside the spec add parts, each folder once", "[spec]") {
  TempDir dir;
  std::filesystem::copy(small_parts(), dir.path() / "topologies",
                        std::filesystem::copy_options::recursive);
  write_text(dir.path() / "rig.yaml", small_spec());
  SourceMap sources;
  Diagnostics out;
  LoadOptions options;
  options.catalogs = {dir.path() / "topologies", dir.path() / "topologies" / "."};
  CHECK(load_project((dir.path() / "rig.yaml").string(), options, sources, out));
  CHECK(codes_of(out).empty());
}

TEST_CASE("spec: socket and number of CPUs", "[spec][S035]") {
  const std::string rest = "devices: [{part: card}]\n";
  CHECK(said("rigtopo: 1\nboard: small-board\ncpu: small-cpu\ncpus: 2\n" + rest) == "S035:4");
  CHECK(said("rigtopo: 1\nboard: small-board\ncpu: small-cpu\ncpus: 0\n" + rest) == "S035:4");
  CHECK(said("rigtopo: 1\nboard: [small-board, small-board]\ncpu: small-cpu\n" + rest) == "S031:2");
  CHECK(said("rigtopo: 1\nboard: card\ncpu: small-cpu\n" + rest) == "S032:2");
  const Loaded other(
      "rigtopo: 1\nboard: small-board\n"
      "cpu: {kind: cpu, id: mine, socket: SP5, splits: x16,\n"
      "      cores: [{id: A0, complex: A, generation: gen5}]}\n" +
      rest);
  REQUIRE(codes_of(other.out) == "S035:3");
  CHECK(other.out.all()[0].message == "the CPU `mine` fits SP5; the board `small-board` has SP3");
  CHECK(other.out.all()[0].labels.size() == 2);
}

TEST_CASE("spec: stock rows and their amounts", "[spec][stock]") {
  const Loaded loaded(
      small_spec("stock:\n"
                 "  - {part: ribbon-200, owned: 2}\n"
                 "  - {part: ribbon-200, owned: 1, max: 3, price: 20 EUR}\n"
                 "  - {part: slim-cable, owned: 1, buy: any, price: 9 EUR}\n"
                 "  - {part: ribbon-noprice, owned: 1, max: 2}\n"
                 "  - {part: slim-slot, max: 0}\n"));
  INFO(messages_of(loaded.out));
  REQUIRE(loaded.project);
  const auto& stock = loaded.project->stock;
  REQUIRE(stock.size() == 4);  // a row that allows none is no choice
  CHECK(stock[0].max == 2);
  CHECK(stock[1].max == 3);
  CHECK(stock[1].owned == 1);
  CHECK(stock[1].price->amount == 20);
  CHECK_FALSE(stock[2].max);
  CHECK(stock[2].price->amount == 9);
  CHECK(stock[3].row == 3);
  CHECK_FALSE(stock[3].price.known());
  CHECK(loaded.project->currency == "EUR");  // the owned ribbon's USD is never paid
}

TEST_CASE("spec: buy any brings every part that has a price", "[spec][stock]") {
  const auto parts = [](const std::string& rows) {
    const Loaded loaded(small_spec("stock:\n" + rows));
    INFO(messages_of(loaded.out));
    std::string text;
    if (!loaded.project) return codes_of(loaded.out);
    for (const StockUse& use : loaded.project->stock) {
      text += use.part_id + ":" + std::to_string(use.row) + " ";
    }
    return text;
  };
  const std::string any = "  - {kind: riser, buy: any}\n";
  CHECK(parts(any) == "ribbon-200:-1 slim-cable:-1 slim-slot:-1 ");
  CHECK(parts(any + any) == "ribbon-200:-1 slim-cable:-1 slim-slot:-1 ");
  CHECK(parts("  - {kind: riser, buy: none}\n").empty());
  // Owned ones may be joined by bought ones; a row with `max` or without a limit says it all.
  CHECK(parts("  - {part: ribbon-200, owned: 1}\n" + any) ==
        "ribbon-200:0 ribbon-200:-1 slim-cable:-1 slim-slot:-1 ");
  CHECK(parts("  - {part: ribbon-200, max: 3}\n" + any) ==
        "ribbon-200:0 slim-cable:-1 slim-slot:-1 ");
  CHECK(parts("  - {part: ribbon-200}\n" + any) == "ribbon-200:0 slim-cable:-1 slim-slot:-1 ");
  // What the user says about a part holds for bought ones too.
  const Loaded changed(
      small_spec("stock:\n  - {part: ribbon-200, owned: 1, but: {length: 210 mm}}\n" + any));
  INFO(messages_of(changed.out));
  REQUIRE(changed.project);
  CHECK(changed.project->stock[1].holder == changed.project->stock[0].holder);
}

TEST_CASE("spec: bad stock rows", "[spec][stock]") {
  const auto row = [](const std::string& text) { return more("stock:\n  - {" + text + "}\n"); };
  CHECK(row("owned: 1") == "S021:10");
  CHECK(row("part: ribbon-200, kind: riser, buy: any") == "S035:10");
  CHECK(row("kind: riser") == "S021:10");
  CHECK(row("kind: riser, buy: any, owned: 2") == "S035:10");
  CHECK(row("kind: rise, buy: any") == "S025:10");
  CHECK(row("kind: gpu, buy: any") == "S032:10");
  CHECK(row("part: card, owned: 1") == "S032:10");
  CHECK(row("part: ribbon-200, owned: 3, max: 2") == "S035:10");
  CHECK(row("part: ribbon-200, owned: 1, max: 2, buy: none") == "S035:10");
  CHECK(row("part: ribbon-200, owned: 2000") == "S023:10");
  CHECK(row("part: ribbon-noprice") == "S021:10");
  CHECK(row("part: ribbon-200, owned: 1, breakout: board-6") == "S035:10");
  CHECK(row("part: atx1000, owned: 1, breakout: board-6") == "S035:10");
  CHECK(row("part: server1200, owned: 1, breakout: bord-6") == "S030:10");
  CHECK(row("part: ribbon-200, price: 9 EUR}\n  - {part: slim-cable") == "S035:11");
}

TEST_CASE("spec: supplies are single units in stock order", "[spec][stock]") {
  const Loaded loaded(
      small_spec("stock:\n"
                 "  - {part: server1200, owned: 2}\n"
                 "  - {part: board-6, owned: 1}\n"
                 "  - {part: atx1000, owned: 1, max: 3}\n"
                 "  - {part: atx1000, owned: 1}\n"));
  INFO(messages_of(loaded.out));
  REQUIRE(loaded.project);
  const Project& p = *loaded.project;
  CHECK(supply_ids(p) == std::vector<std::string>{"psu0=server1200", "psu1=server1200",
                                                  "psu2=atx1000", "psu3=atx1000", "psu4=atx1000",
                                                  "psu5=atx1000"});
  CHECK(p.supplies[2].owned);
  CHECK_FALSE(p.supplies[3].owned);
  CHECK(p.supplies[5].owned);
  CHECK(p.supplies[5].stock == 3);
  // The one breakout board goes to the first supply that has no outputs of its own.
  CHECK(p.supplies[0].breakout != nullptr);
  CHECK(p.supplies[1].breakout == nullptr);
  CHECK(p.supplies[2].breakout == nullptr);
  const Loaded many(small_spec("stock: [{part: atx1000}]\n"));
  REQUIRE(many.project);
  CHECK(many.project->supplies.size() == 8);
  const Loaded named(small_spec("stock: [{part: server1200, owned: 1, breakout: board-6}]\n"));
  REQUIRE(named.project);
  CHECK(named.project->supplies[0].breakout->id == "board-6");
}

TEST_CASE("spec: circuits", "[spec]") {
  const auto circuits = [](const std::string& rows) {
    return more("mains:\n  code: iec\n  circuits:\n" + rows);
  };
  CHECK(circuits("    - {id: A, volts: 230 V, breaker: 16 A, outlets: 2}\n") == "");
  CHECK(circuits("    - {id: A, volts: 400 V, breaker: 16 A}\n") == "S023:12");
  CHECK(circuits("    - {id: A, volts: 48 V, breaker: 16 A}\n") == "S023:12");
  CHECK(circuits("    - {id: A, volts: 230 V, breaker: 126 A}\n") == "S023:12");
  CHECK(circuits("    - {id: A, volts: 230 V, breaker: 16 A, outlets: 0}\n") == "S023:12");
  CHECK(circuits("    - {id: A, volts: 230 V, breaker: 16 A}\n"
                 "    - {id: A, volts: 230 V, breaker: 16 A}\n") == "S031:13");
  CHECK(circuits("    - {id: gpu0, volts: 230 V, breaker: 16 A}\n") == "S031:12");
  CHECK(circuits("    - {id: PCIE1, volts: 230 V, breaker: 16 A}\n") == "S031:12");
  CHECK(more("mains: {code: ul, circuits: []}\n") == "S022:9");
}

TEST_CASE("spec: wishes", "[spec]") {
  CHECK(more("want: [links, p2p, margin, power, heat, noise, price, cable, balance]\n") == "");
  CHECK(more("want: links\n") == "");
  CHECK(more("want: [links, price, links]\n") == "S035:9");
  CHECK(more("want: [link]\n") == "S025:9");
}

TEST_CASE("spec: allow needs a reason", "[spec]") {
  CHECK(more("allow: [{code: P105, item: gpu0, reason: measured}]\n") == "");
  CHECK(more("allow: [{code: P105}]\n") == "S021:9");
}

// ---- pins
// ------------------------------------------------------------------------------------------

namespace {

struct Pinned {
  explicit Pinned(const std::string& pins, const std::string& stock = small_stock)
      : loaded(small_spec(stock + "pins:\n" + pins)) {
    if (!loaded.project) return;
    layout = pinned_layout(*loaded.project, loaded.out);
  }
  std::string codes() const { return codes_of(loaded.out); }
  std::string froms(const std::vector<Feed>& feeds) const {
    std::string text;
    for (const Feed& f : feeds) {
      text += *f.inlet + "<" + f.part.value_or("");
      for (const auto& from : f.from) text += " " + *from;
      text += "; ";
    }
    return text;
  }
  Loaded loaded;
  Layout layout;
};

}  // namespace

TEST_CASE("pins: nothing pinned leaves all but the board undecided", "[spec][pins]") {
  const Loaded loaded(small_spec(small_stock));
  REQUIRE(loaded.project);
  Diagnostics out;
  const Layout layout = pinned_layout(*loaded.project, out);
  CHECK(out.all().empty());
  CHECK(*layout.board == "small-board");
  REQUIRE(layout.devices.size() == 4);
  CHECK(*layout.devices[3].id == "boot");
  CHECK_FALSE(layout.devices[0].port.known());
  CHECK_FALSE(layout.devices[0].chain_decided);
  CHECK(layout.supplies.empty());
  CHECK(layout.power_limits.empty());
  CHECK(*layout.spec.sha256 == loaded.project->sha256);
  // board, CPU, frame and the three different parts of the devices
  CHECK(layout.parts.size() == 6);
}

TEST_CASE("pins: ports, chains, mounts and modes", "[spec][pins]") {
  const Pinned pinned(
      "  gpu0: {port: PCIE1, chain: [ribbon-200], mount: upper-2, power_limit: 300 W}\n"
      "  gpu1: {port: SLIM1+2, chain: [{part: slim-cable, count: 2}, slim-slot], mount: side}\n"
      "  gpu2: {port: PCIE2, mount: direct}\n"
      "  boot: {port: M2_1, chain: []}\n"
      "  G2: {mode: m2}\n"
      "  cpu0.B0: {mode: x16}\n"
      "  psu1: {circuit: A}\n");
  INFO(messages_of(pinned.loaded.out));
  CHECK(pinned.codes().empty());
  const DevicePlace& first = *pinned.layout.device("gpu0");
  CHECK(*first.port == "PCIE1");
  REQUIRE(first.chain.size() == 1);
  CHECK(*first.chain[0].part == "ribbon-200");
  CHECK(*first.chain[0].stock == 2);
  CHECK(*first.mount == "upper-2");
  CHECK(*first.power.slot == "board");
  CHECK(pinned.layout.power_limit("gpu0")->value == Watts{300});
  const DevicePlace& second = *pinned.layout.device("gpu1");
  CHECK(*second.chain[0].count == 2);
  CHECK(*second.power.slot == "riser");
  CHECK(pinned.layout.device("gpu2")->chain_decided);
  CHECK(pinned.layout.device("gpu2")->chain.empty());
  CHECK(*pinned.layout.device("boot")->mount == "direct");
  CHECK(*pinned.layout.device("boot")->power.slot == "none");
  CHECK(pinned.layout.mode("G2")->value == "m2");
  CHECK(pinned.layout.mode("cpu0.B0")->value == "x16");
  CHECK(pinned.layout.mode("cpu0.A0") == nullptr);
  REQUIRE(pinned.layout.supplies.size() == 1);
  CHECK(*pinned.layout.supplies[0].circuit == "A");
  CHECK(*pinned.layout.supplies[0].cord == "W1");
}

TEST_CASE("pins: a supply feeds every inlet", "[spec][pins]") {
  const Pinned pinned(
      "  gpu0: {supply: psu0}\n"
      "  gpu1: {port: SLIM1+2, chain: [{part: slim-cable, count: 2}, slim-slot], mount: side,\n"
      "         supply: psu2}\n"
      "  gpu2: {aux: [{inlet: 16pin, part: three-to-one,\n"
      "                from: [psu1.pcie0, psu1.pcie1, psu1.pcie3]}]}\n"
      "  board: {supply: psu0}\n",
      small_stock.substr(0, small_stock.find("mains:")) + "  - {part: six-to-six, owned: 1}\n");
  INFO(messages_of(pinned.loaded.out));
  CHECK(pinned.codes().empty());
  const auto& layout = pinned.layout;
  CHECK(pinned.froms(layout.device("gpu0")->power.aux) ==
        "8pin-a< psu0.pcie0; 8pin-b< psu0.pcie1; ");
  // A breakout's ports have no cables of their own.
  CHECK(pinned.froms(layout.device("gpu1")->power.aux) ==
        "8pin-a<six-to-eight psu2.p0; 8pin-b<six-to-eight psu2.p1; ");
  CHECK(pinned.froms(layout.device("gpu1")->power.riser) == "6pin<six-to-six psu2.p2; ");
  CHECK(pinned.froms(layout.board_power) == "atx< psu0.atx; eps0< psu0.eps0; eps1< psu0.eps1; ");
  // Tags: inlets of devices, then of risers, then of the board.
  CHECK(*layout.device("gpu0")->power.aux[1].cable == "K2");
  CHECK(*layout.device("gpu2")->power.aux[0].cable == "K5");
  CHECK(*layout.device("gpu1")->power.riser[0].cable == "K6");
  CHECK(*layout.board_power[2].cable == "K9");
  REQUIRE(layout.supplies.size() == 3);
  CHECK(*layout.supplies[2].breakout == "board-6");
}

TEST_CASE("pins: outputs that are taken are skipped", "[spec][pins]") {
  // psu0 has four 8-pin outputs; gpu2 takes two by name, gpu0 the other two, gpu1 finds none.
  const Pinned pinned(
      "  gpu1: {supply: psu0}\n"
      "  gpu0: {supply: psu0}\n"
      "  gpu2: {aux: [{inlet: 16pin, part: three-to-one, from: [psu0.pcie0, psu0.pcie2]}]}\n");
  INFO(messages_of(pinned.loaded.out));
  CHECK(pinned.froms(pinned.layout.device("gpu0")->power.aux) ==
        "8pin-a< psu0.pcie1; 8pin-b< psu0.pcie3; ");
  CHECK(pinned.codes() == "S034:20 S034:20");
  CHECK(find(pinned.loaded.out, "S034")->message ==
        "`psu0` has no free output for the inlet `8pin-a` (pcie-8pin) of `gpu1`");
}

TEST_CASE("pins: an adapter joins several outputs", "[spec][pins]") {
  const Pinned pinned("  gpu2: {supply: psu1}\n");
  CHECK(pinned.codes().empty());
  CHECK(pinned.froms(pinned.layout.device("gpu2")->power.aux) ==
        "16pin<three-to-one psu1.pcie0 psu1.pcie1 psu1.pcie2; ");
}

TEST_CASE("pins: a fixed power limit of a row is decided", "[spec][pins]") {
  const Loaded loaded(
      "rigtopo: 1\nboard: small-board\ncpu: small-cpu\n"
      "devices:\n  - {part: card, power_limit: 300 W}\n"
      "  - {part: card, power_limit: [250 W, 300 W]}\n");
  REQUIRE(loaded.project);
  Diagnostics out;
  const Layout layout = pinned_layout(*loaded.project, out);
  REQUIRE(layout.power_limits.size() == 1);
  CHECK(layout.power_limit("gpu0")->value == Watts{300});
}

TEST_CASE("pins: names that lead nowhere", "[spec][pins][S034]") {
  const auto pin = [](const std::string& text) { return Pinned("  " + text + "\n").codes(); };
  CHECK(pin("gpu7: {port: PCIE1}") == "S034:20");
  CHECK(pin("gpu0: {port: PCIE9}") == "S034:20");
  CHECK(pin("gpu0: {mount: upper-4}") == "S034:20");
  CHECK(pin("gpu0: {mount: upper}") == "S034:20");
  CHECK(pin("gpu0: {chain: [ribbon-300]}") == "S030:20");
  CHECK(pin("gpu0: {chain: [atx1000]}") == "S032:20");
  CHECK(pin("gpu0: {supply: psu7}") == "S034:20");
  CHECK(pin("gpu0: {aux: [{inlet: 8pin-c, from: psu0.pcie0}]}") == "S034:20");
  CHECK(pin("gpu0: {aux: [{inlet: 8pin-a, from: psu0.pcie4}]}") == "S034:20");
  CHECK(pin("gpu0: {aux: [{inlet: 8pin-a, from: psu9.pcie0}]}") == "S034:20");
  CHECK(pin("gpu0: {aux: [{inlet: 8pin-a, part: c13, from: psu0.pcie0}]}") == "S032:20");
  CHECK(pin("gpu0: {slot: bord}") == "S025:20");
  CHECK(pin("psu0: {circuit: B}") == "S034:20");
  CHECK(pin("psu2: {breakout: atx1000}").substr(0, 7) == "S032:20");
  CHECK(pin("cpu0.A7: {mode: x16}") == "S034:20");
  CHECK(pin("cpu1.A0: {mode: x16}") == "S034:20");
  CHECK(pin("cpu0.A0: {mode: x9}") == "S022:20");
  CHECK(pin("G2: {mode: both}") == "S034:20");
  CHECK(pin("board: {aux: [{inlet: eps2, from: psu0.eps0}]}") == "S034:20");
}

TEST_CASE("pins: keys that mean nothing for their target", "[spec][pins]") {
  const auto pin = [](const std::string& text) { return Pinned("  " + text + "\n").codes(); };
  CHECK(pin("gpu0: {mode: x16}") == "S035:20");
  CHECK(pin("psu0: {port: PCIE1}") == "S035:20");
  CHECK(pin("board: {circuit: A}") == "S035:20");
  CHECK(pin("G2: {supply: psu0}") == "S035:20");
  CHECK(pin("gpu0: {mount: direct, chain: [ribbon-200]}") == "S035:20");
  CHECK(pin("gpu0: {supply: psu0, aux: [{inlet: 8pin-a, from: psu0.pcie0}]}") == "S035:20");
}
