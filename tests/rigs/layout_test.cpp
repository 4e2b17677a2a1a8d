// Layouts as text: reading, writing, round trips, and holding one against its project.
#include "spec/layout.hpp"

#include "rigs/loaded.hpp"
#include "spec/layout_json.hpp"
#include "support/catch.hpp"
#include "support/replaced.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

/// A layout with something in every field.
const std::string full =
    R"(rigtopo: 1
spec: {file: rig.yaml, sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
board: small-board
power_limits: {gpu0: 350.125 W, gpu1: 300 W}
modes: {G2: m2, cpu0.B0: x16}
devices:
  - id: gpu0
    part: card
    port: PCIE1
    chain: [{part: ribbon-200, stock: 2}]
    mount: upper-1
    link: {width: 16, generation: 4, limited_by: null, loss: {band: green, margin: 6.1 dB}}
    route: {needed: 145 mm, fitted: 200 mm}
    power:
      slot: board
      aux: [{inlet: 8pin-a, cable: K1, from: psu0.pcie0}, {inlet: 8pin-b, cable: K2, from: psu0.pcie1}]
  - id: gpu1
    part: card
    port: SLIM1+2
    chain: [{part: slim-cable, count: 2, stock: 3}, slim-slot]
    mount: side
    power: {slot: riser, riser: [{inlet: 6pin, cable: K4, part: six-to-six, from: psu2.p0}]}
  - id: gpu2
    part: card16
    power: {aux: [{inlet: 16pin, cable: K3, part: three-to-one, from: [psu1.pcie0, psu1.pcie1, psu1.pcie2]}]}
  - id: boot
    part: drive
    port: M2_1
    chain: []
    mount: direct
board_power:
  - {inlet: atx, cable: K5, from: psu0.atx}
supplies:
  - {id: psu0, part: atx1000, cord: W1, circuit: A, sync: master}
  - {id: psu1, part: atx1000, cord: W2, circuit: A, sync: follower}
  - {id: psu2, part: server1200, breakout: board-6, cord: W3, cord_part: c13, circuit: A}
bridges: []
parts: {}
)";

struct Read {
  explicit Read(const std::string& text) {
    write_text(dir.path() / "layout.yaml", text);
    layout = read_layout((dir.path() / "layout.yaml").string(), sources, out);
  }
  TempDir dir;
  SourceMap sources;
  Diagnostics out;
  std::optional<Layout> layout;
};

std::string codes_in(const std::string& text) { return codes_of(Read(text).out); }

/// Codes of holding `text` against the small project, errors and warnings apart.
struct Matched {
  explicit Matched(const std::string& text) : loaded(small_spec(small_stock)) {
    write_text(loaded.dir.path() / "layout.yaml", text);
    const auto layout =
        read_layout((loaded.dir.path() / "layout.yaml").string(), loaded.sources, loaded.out);
    if (layout && loaded.project)
      match_layout(*layout, *loaded.project, loaded.sources, loaded.out);
  }
  std::string codes() const { return codes_of(loaded.out); }
  Loaded loaded;
};

/// `full` without the hash of its spec.
std::string without_hash() {
  return replaced(
      full, ", sha256: \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"", "");
}

}  // namespace

TEST_CASE("layout: every field is read", "[layout]") {
  const Read read(full);
  INFO(messages_of(read.out));
  REQUIRE(read.layout);
  CHECK(read.out.all().empty());
  const Layout& l = *read.layout;
  CHECK(*l.board == "small-board");
  CHECK(l.power_limit("gpu0")->value == Watts{350.125});
  CHECK(l.power_limit("gpu2") == nullptr);
  CHECK(l.mode("cpu0.B0")->value == "x16");
  const DevicePlace& gpu0 = *l.device("gpu0");
  CHECK(gpu0.chain_decided);
  CHECK(*gpu0.chain[0].stock == 2);
  CHECK(*gpu0.link->width == 16);
  CHECK_FALSE(gpu0.link->limited_by.known());
  CHECK(*gpu0.link->loss->margin == Decibels{6.1});
  CHECK(*gpu0.route->needed == Millimetres{145});
  CHECK(*gpu0.power.aux[1].from[0] == "psu0.pcie1");
  CHECK(gpu0.at.line == 7);
  CHECK(*l.device("gpu1")->chain[1].part == "slim-slot");
  CHECK(l.device("gpu2")->power.aux[0].from.size() == 3);
  CHECK_FALSE(l.device("gpu2")->chain_decided);
  CHECK(l.device("boot")->chain_decided);
  CHECK(l.device("boot")->chain.empty());
  CHECK(l.device("gpu9") == nullptr);
  CHECK(*l.supply("psu2")->breakout == "board-6");
  CHECK(l.supply("psu3") == nullptr);
}

TEST_CASE("layout: what is written is what was read", "[layout]") {
  const Read read(full);
  REQUIRE(read.layout);
  CHECK(layout_yaml(*read.layout) == full);
}

TEST_CASE("layout: JSON is read and has the same fields", "[layout]") {
  const Read read(full);
  REQUIRE(read.layout);
  const std::string json = layout_json(*read.layout).dump(2);
  const Read again(json);
  INFO(messages_of(again.out));
  REQUIRE(again.layout);
  CHECK(again.out.all().empty());
  CHECK(layout_yaml(*again.layout) == full);
}

TEST_CASE("layout: an empty one can be written and read", "[layout]") {
  Layout empty;
  const std::string text = layout_yaml(empty);
  CHECK(text ==
        "rigtopo: 1\nspec: {}\npower_limits: {}\nmodes: {}\ndevices: []\nsupplies: []\n"
        "bridges: []\nparts: {}\n");
  CHECK(codes_in(text).empty());
}

TEST_CASE("layout: text that YAML would take for something else is quoted", "[layout]") {
  Layout layout;
  const std::vector<std::string> odd{"unknown",    "null", "yes",  "0x1F",  "1e5",     "12",
                                     "2026-01-02", "a: b", "a #b", "[x]",   "a\"b",    "ümlaut",
                                     "-",          "~",    "a\nb", "16pin", "SLIM1+2", "",
                                     "{a}",        "a, b", "&a",   "1:30",  "True"};
  for (const std::string& id : odd) {
    DevicePlace place;
    place.id = id;
    place.port = id;
    layout.devices.push_back(place);
    layout.modes.push_back({Fact<std::string>(id), Fact<std::string>(id)});
  }
  const std::string text = layout_yaml(layout);
  INFO(text);
  const Read read(text);
  INFO(messages_of(read.out));
  REQUIRE(read.layout);
  REQUIRE(read.layout->devices.size() == odd.size());
  for (std::size_t i = 0; i < odd.size(); ++i) {
    CAPTURE(odd[i]);
    CHECK(read.layout->devices[i].id.value_or("?") == odd[i]);
    CHECK(read.layout->modes[i].value.value_or("?") == odd[i]);
  }
  CHECK(layout_yaml(*read.layout) == text);
  // Plain where it is safe.
  CHECK(text.find("id: 16pin\n") != std::string::npos);
  CHECK(text.find("id: SLIM1+2\n") != std::string::npos);
  CHECK(text.find("id: \"12\"\n") != std::string::npos);
}

TEST_CASE("layout: power limits survive exactly, long rows are folded", "[layout]") {
  Layout layout;
  for (int i = 0; i < 20; ++i) {
    layout.power_limits.push_back(
        {Fact<std::string>("gpu" + std::to_string(i)), Fact<Watts>(Watts{300 + i / 3.0})});
  }
  const std::string text = layout_yaml(layout);
  const Read read(text);
  REQUIRE(read.layout);
  for (int i = 0; i < 20; ++i) {
    CHECK(read.layout->power_limit("gpu" + std::to_string(i))->value == Watts{300 + i / 3.0});
  }
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    CHECK(end - begin <= 120);
    begin = end + 1;
  }
}

TEST_CASE("layout: null and missing are both undecided", "[layout]") {
  const Read read(
      "rigtopo: 1\nboard: null\ndevices:\n  - {id: gpu0, port: null, chain: null, mount: ~}\n");
  INFO(messages_of(read.out));
  REQUIRE(read.layout);
  CHECK(read.out.all().empty());
  CHECK_FALSE(read.layout->board.known());
  CHECK_FALSE(read.layout->devices[0].port.known());
  CHECK_FALSE(read.layout->devices[0].chain_decided);
}

TEST_CASE("layout: files that are no layout", "[layout]") {
  CHECK(codes_in("") == "S022:1");
  CHECK(codes_in("- a\n") == "S022:1");
  CHECK(codes_in("board: x\n") == "S024:1");
  CHECK(codes_in("rigtopo: 3\n") == "S024:1");
  CHECK(codes_in("rigtopo: 1\ndevices: [{part: card}]\n") == "S021:2");
  CHECK(codes_in("rigtopo: 1\ndevice: []\n") == "S020:2");
  CHECK(codes_in("rigtopo: 1\npower_limits: {gpu0: 350}\n") == "S022:2");
  CHECK_FALSE(Read("a: [1\n").layout);
}

TEST_CASE("layout: tags are given in order and around those taken", "[layout]") {
  Layout layout;
  layout.devices.resize(2);
  layout.devices[0].power.aux.resize(2);
  layout.devices[0].power.riser.resize(1);
  layout.devices[1].power.aux.resize(1);
  layout.board_power.resize(1);
  layout.devices[1].power.aux[0].cable = std::string("K2");
  layout.supplies.resize(2);
  assign_tags(layout);
  CHECK(*layout.devices[0].power.aux[0].cable == "K1");
  CHECK(*layout.devices[0].power.aux[1].cable == "K3");
  CHECK(*layout.devices[1].power.aux[0].cable == "K2");
  CHECK(*layout.devices[0].power.riser[0].cable == "K4");
  CHECK(*layout.board_power[0].cable == "K5");
  CHECK(*layout.supplies[1].cord == "W2");
}

TEST_CASE("layout: a fitting layout matches and loads its parts", "[layout][match]") {
  const Matched matched(without_hash());
  INFO(messages_of(matched.loaded.out));
  CHECK(matched.codes().empty());
  // In no row of stock, but named by the layout.
  CHECK(matched.loaded.project->part<PowerCable>("six-to-six") != nullptr);
  CHECK(matched.loaded.project->part<Cord>("c13") != nullptr);
}

TEST_CASE("layout: a pinned layout matches its own project", "[layout][match]") {
  Loaded loaded(small_spec(small_stock + "pins: {gpu0: {port: PCIE1, supply: psu0}}\n"));
  REQUIRE(loaded.project);
  const Layout layout = pinned_layout(*loaded.project, loaded.out);
  write_text(loaded.dir.path() / "layout.yaml", layout_yaml(layout));
  const auto again =
      read_layout((loaded.dir.path() / "layout.yaml").string(), loaded.sources, loaded.out);
  REQUIRE(again);
  match_layout(*again, *loaded.project, loaded.sources, loaded.out);
  INFO(messages_of(loaded.out));
  CHECK(loaded.out.all().empty());
  CHECK(layout_yaml(*again) == layout_yaml(layout));
}

TEST_CASE("layout: another spec or part text is a warning", "[layout][match][S036]") {
  const Matched spec(full);
  CHECK(spec.codes() == "S036:2");
  CHECK(spec.loaded.out.errors() == 0);
  const Matched part(replaced(without_hash(), "parts: {}", "parts: {card: abc, gone: abc}"));
  CHECK(part.codes() == "S036:38 S036:38");
  CHECK(part.loaded.out.errors() == 0);
}

TEST_CASE("layout: names that lead nowhere are errors", "[layout][match][S034]") {
  const auto with = [](const std::string& from, const std::string& to) {
    return Matched(replaced(without_hash(), from, to)).codes();
  };
  CHECK(with("board: small-board", "board: other") == "S034:3");
  CHECK(with("{gpu0: 350.125 W", "{gpu8: 350.125 W") == "S034:4");
  CHECK(with("G2: m2", "G3: m2") == "S034:5");
  CHECK(with("G2: m2", "G2: m3") == "S034:5");
  CHECK(with("cpu0.B0: x16", "cpu0.B7: x16") == "S034:5");
  // gpu7 is unknown, and gpu0 is not placed.
  CHECK(with("- id: gpu0", "- id: gpu7") == "S034:1 S034:7");
  CHECK(with("- id: gpu1", "- id: gpu0").find("S031:17") != std::string::npos);
  CHECK(with("    part: card\n", "    part: card16\n") == "S035:8");
  CHECK(with("port: PCIE1", "port: PCIE7") == "S034:9");
  CHECK(with("part: ribbon-200", "part: ribbon-900") == "S030:10");
  CHECK(with("part: ribbon-200", "part: atx1000") == "S032:10");
  CHECK(with("stock: 2", "stock: 7") == "S034:10");
  CHECK(with("mount: upper-1", "mount: upper-9") == "S034:11");
  CHECK(with("slot: board", "slot: host") == "S025:15");
  CHECK(with("inlet: 8pin-a", "inlet: 8pin-z") == "S034:16");
  CHECK(with("psu0.pcie0", "psu0.pcie9") == "S034:16");
  CHECK(with("psu2.p0", "psu2.p6") == "S034:22");
  CHECK(with("{id: psu0, part: atx1000", "{id: psu0, part: server1200") == "S035:34");
  CHECK(with("{id: psu2", "{id: psu5") == "S034:22 S034:36");
  CHECK(with("circuit: A", "circuit: B") == "S034:34");
  CHECK(with("breakout: board-6", "breakout: c13").find("S032:36") != std::string::npos);
}
