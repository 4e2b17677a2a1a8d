// The catalogue: index, loading, extends, replaces, overrides, inline parts, and what each kind
// refuses.
#include "catalog/catalog.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "rigs/loaded.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

/// A catalogue of the small test parts and a folder of its own.
struct Parts {
  TempDir dir;
  SourceMap sources;
  Diagnostics out;
  std::optional<Catalog> catalog;

  Parts& with(const std::string& name, const std::string& text) {
    write_text(dir.path() / "own" / name, text);
    return *this;
  }
  PartPtr load(std::string_view id, std::string_view kind = "") {
    if (!catalog) {
      std::filesystem::create_directories(dir.path() / "own");
      catalog.emplace(std::vector<std::filesystem::path>{small_parts(), dir.path() / "own"},
                      sources, out);
    }
    return catalog->load(id, kind, {}, out);
  }
};

/// A heading and what follows.
std::string part(const std::string& kind, const std::string& id, const std::string& body) {
  return "rigtopo: 1\nid: " + id + "\nkind: " + kind + "\n" + body;
}

/// Codes that a part of this kind and body gives.
std::string refusal(const std::string& kind, const std::string& body) {
  Parts parts;
  parts.with(kind + "/x.yaml", part(kind, "x", body));
  const bool loaded = parts.load("x") != nullptr;
  INFO(messages_of(parts.out));
  CHECK(loaded == parts.out.all().empty());
  return codes_of(parts.out);
}

Value parse(SourceMap& sources, const std::string& text) {
  Diagnostics out;
  const FileId file = sources.add("inline.yaml", text);
  return *parse_yaml(sources, file, out);
}

}  // namespace

TEST_CASE("catalog: the index opens no file and is sorted", "[catalog]") {
  TempDir dir;
  write_text(dir.path() / "gpu" / "card10.yaml", "not: [yaml");
  write_text(dir.path() / "gpu" / "card2.yaml", "");
  write_text(dir.path() / "board" / "z.yaml", "");
  write_text(dir.path() / "gpu" / "readme.txt", "");
  SourceMap sources;
  Diagnostics out;
  Catalog catalog({dir.path()}, sources, out);
  CHECK(out.all().empty());
  // Boards come before cards; numbers count as numbers.
  const auto all = catalog.index().all();
  REQUIRE(all.size() == 3);
  CHECK(all[0].id == "z");
  CHECK(catalog.index().ids("gpu") == std::vector<std::string>{"card2", "card10"});
  CHECK(catalog.index().ids("riser").empty());
  CHECK(catalog.entry("card2")->kind == "gpu");
  CHECK(catalog.entry("card3") == nullptr);
}

TEST_CASE("catalog: folders that are not there or hold no kind are named", "[catalog][S001]") {
  TempDir dir;
  write_text(dir.path() / "gpus" / "card.yaml", "");
  write_text(dir.path() / "gpu" / "card.yml", "");
  SourceMap sources;
  Diagnostics out;
  Catalog catalog({dir.path(), dir.path() / "nowhere"}, sources, out);
  REQUIRE(out.all().size() == 1);
  CHECK(out.all().back().message.find("nowhere") != std::string::npos);
  // The others when a part is not found, once.
  CHECK(catalog.load("card", "gpu", {}, out) == nullptr);
  CHECK(catalog.load("card", "gpu", {}, out) == nullptr);
  INFO(messages_of(out));
  REQUIRE(out.all().size() == 5);
  CHECK(find(out, "S025")->help == "did you mean `gpu`?");
  CHECK(find(out, "S025")->severity == Severity::warning);
  CHECK(out.errors() == 3);
}

TEST_CASE("catalog: a part knows its values, places and sources", "[catalog]") {
  Parts parts;
  const PartPtr loaded = parts.load("card", "gpu");
  INFO(messages_of(parts.out));
  REQUIRE(loaded != nullptr);
  const Device& card = std::get<Device>(*loaded);
  CHECK(card.id == "card");
  CHECK(*card.power == Watts{350});
  CHECK(card.power.at.line == 9);
  CHECK(card.power.confidence == Confidence::verified);
  CHECK(card.power.citation == "https://example.org/card.pdf");
  CHECK(card.thickness.confidence == Confidence::unverified);
  CHECK(card.thickness.citation == "https://example.org/measured");
  // Defaults: a card has an edge connector as long as its link, unless it says otherwise.
  CHECK(*card.edge == Socket::slot);
  CHECK_FALSE(card.edge.at.known());
  CHECK(*card.mechanical == Lanes{16});
  CHECK_FALSE(card.slot_power.known());
  // SHA-256 of the file, computed here by the library's own FIPS-tested function.
  CHECK(card.sha256 == sha256(read_text(small_parts() / "gpu/card.yaml")));
  CHECK(parts.load("card") == loaded);  // once
}

TEST_CASE("catalog: defaults of other kinds", "[catalog]") {
  Parts parts;
  const Board& board = std::get<Board>(*parts.load("small-board"));
  CHECK(*board.connector("PCIE1")->first_lane == 0);
  CHECK(*board.connector("M2_1")->first_lane == 8);
  CHECK(board.connector("PCIE9") == nullptr);
  CHECK(board.pair("SLIM1+2")->connectors.size() == 2);
  CHECK(*board.group_of("M2_1")->id == "G2");
  CHECK(board.group_of("PCIE1") == nullptr);
  CHECK(board.slot_power_limit.confidence == Confidence::unverified);
  CHECK(board.connectors[0].width.confidence == Confidence::secondary);
  CHECK(*board.inlets[0].required);
  CHECK_FALSE(*board.inlets[2].required);  // slots
  const Riser& ribbon = std::get<Riser>(*parts.load("ribbon-200"));
  CHECK(*ribbon.from.socket == Socket::slot);
  CHECK(*ribbon.from.count == 1);
  CHECK_FALSE(*ribbon.retimer);
  CHECK(*std::get<Riser>(*parts.load("slim-cable")).slot_feed == SlotFeed::none);
  const Supply& supply = std::get<Supply>(*parts.load("server1200"));
  CHECK(*supply.ratings[0].power_12v == Watts{900});
  CHECK(*std::get<Device>(*parts.load("drive")).edge == Socket::m2);
  CHECK(*std::get<Cpu>(*parts.load("small-cpu")).core("B1")->lanes == 16);
  CHECK(*std::get<Frame>(*parts.load("open")).mounts[0].pitch == Millimetres{60});
  CHECK_FALSE(std::get<Frame>(*parts.load("open")).mounts[1].pitch.known());
  CHECK(parts.out.all().empty());
}

TEST_CASE("catalog: unknown stays unknown where a default exists", "[catalog]") {
  Parts parts;
  parts.with("gpu/x.yaml", part("gpu", "x", "width: x16\ngeneration: gen4\nmechanical: unknown\n"));
  const PartPtr loaded = parts.load("x");
  REQUIRE(loaded != nullptr);
  CHECK_FALSE(std::get<Device>(*loaded).mechanical.known());
}

TEST_CASE("catalog: an unknown part names its neighbours", "[catalog][S030]") {
  Parts parts;
  CHECK(parts.load("card1", "gpu") == nullptr);
  CHECK(find(parts.out, "S030")->help == "did you mean `card`?");
  CHECK(parts.load("ribbon-200", "gpu") == nullptr);
  CHECK(codes_of(parts.out) == "S030:0 S032:0");
}

TEST_CASE("catalog: a part file says what its path says", "[catalog]") {
  const std::string body = "width: x16\ngeneration: gen4\n";
  const auto codes = [&](const std::string& heading) {
    Parts parts;
    parts.with("gpu/x.yaml", heading + body);
    CHECK(parts.load("x") == nullptr);
    return codes_of(parts.out);
  };
  CHECK(codes("id: x\nkind: gpu\n") == "S021:1");
  CHECK(codes("rigtopo: 2\nid: x\nkind: gpu\n") == "S024:1");
  CHECK(codes("rigtopo: 1\nid: y\nkind: gpu\n") == "S035:2");
  CHECK(codes("rigtopo: 1\nid: x\nkind: nic\n") == "S032:3");
  Parts list;
  list.with("gpu/x.yaml", "- a\n");
  CHECK(list.load("x") == nullptr);
  CHECK(codes_of(list.out) == "S022:1");
  Parts empty;
  empty.with("gpu/x.yaml", "");
  CHECK(empty.load("x") == nullptr);
  CHECK(codes_of(empty.out) == "S022:1");
}

TEST_CASE("catalog: extends lays values over and never raises confidence", "[catalog]") {
  Parts parts;
  const PartPtr loaded = parts.load("card-oc");
  INFO(messages_of(parts.out));
  REQUIRE(loaded != nullptr);
  const Device& card = std::get<Device>(*loaded);
  CHECK(card.id == "card-oc");
  CHECK(*card.power == Watts{380});
  CHECK(*card.length == Millimetres{300});
  // card is `verified`, card-oc `secondary`: the values of both count as the weaker.
  CHECK(card.length.confidence == Confidence::secondary);
  CHECK(card.power.confidence == Confidence::secondary);
  CHECK(card.thickness.confidence == Confidence::unverified);
  CHECK(card.length.citation == "https://example.org/card.pdf; https://example.org/card-oc.pdf");
  CHECK(card.thickness.citation == "https://example.org/measured");
  // Hash of its own text and the one it extends, in that order.
  CHECK(card.sha256 == sha256(read_text(small_parts() / "gpu/card-oc.yaml") +
                              read_text(small_parts() / "gpu/card.yaml")));

  Parts silent;  // says nothing about confidence: unverified, also for what is inherited
  silent.with("gpu/x.yaml", part("gpu", "x", "extends: card\npower: 390 W\n"));
  const Device& x = std::get<Device>(*silent.load("x"));
  CHECK(x.length.confidence == Confidence::unverified);
  CHECK(x.length.citation.empty());
}

TEST_CASE("catalog: extends replaces lists and refuses cycles", "[catalog][S033]") {
  Parts parts;
  parts.with("gpu/x.yaml", part("gpu", "x", "extends: card\ninlets: [{id: a, plug: pcie-6pin}]\n"))
      .with("gpu/loop1.yaml", part("gpu", "loop1", "extends: loop2\n"))
      .with("gpu/loop2.yaml", part("gpu", "loop2", "extends: loop1\n"))
      .with("gpu/lost.yaml", part("gpu", "lost", "extends: carb\n"))
      .with("gpu/odd.yaml", part("gpu", "odd", "extends: ribbon-200\n"));
  CHECK(std::get<Device>(*parts.load("x")).inlets.size() == 1);
  CHECK(parts.load("loop1") == nullptr);
  CHECK(codes_of(parts.out) == "S033:4");
  CHECK(parts.load("lost") == nullptr);
  CHECK(find(parts.out, "S030")->help == "did you mean `card`?");
  CHECK(parts.load("odd") == nullptr);
  CHECK(find(parts.out, "S032") != nullptr);
}

TEST_CASE("catalog: an id that exists needs replaces", "[catalog][S031]") {
  const std::string body = "width: x16\ngeneration: gen3\n";
  Parts twice;
  twice.with("gpu/card.yaml", part("gpu", "card", body));
  CHECK(twice.load("card") == nullptr);
  CHECK(codes_of(twice.out) == "S031:2");
  Parts replaced;
  replaced.with("gpu/card.yaml", part("gpu", "card", body + "replaces: card\n"));
  const PartPtr part_now = replaced.load("card");
  REQUIRE(part_now != nullptr);
  CHECK(*std::get<Device>(*part_now).generation == PcieGen::gen3);
  Parts based;  // a replacement may build on what it replaces
  based.with("gpu/card.yaml", part("gpu", "card", "replaces: card\nextends: card\npower: 360 W\n"));
  const PartPtr built = based.load("card");
  INFO(messages_of(based.out));
  REQUIRE(built != nullptr);
  CHECK(*std::get<Device>(*built).power == Watts{360});
  CHECK(*std::get<Device>(*built).length == Millimetres{300});
  Parts nothing;
  nothing.with("gpu/new.yaml", part("gpu", "new", body + "replaces: new\n"));
  CHECK(nothing.load("new") == nullptr);
  CHECK(codes_of(nothing.out) == "S034:6");
}

TEST_CASE("catalog: but and inline descriptions are the user's own values", "[catalog]") {
  Parts parts;
  REQUIRE(parts.load("card") != nullptr);
  const Value but = parse(parts.sources, "power: 340 W\ninlets: [{id: a, plug: pcie-8pin}]\n");
  const Value written = parse(parts.sources, "card");
  const PartPtr changed = parts.catalog->load_written(written, &but, "", but.at.file, parts.out);
  INFO(messages_of(parts.out));
  REQUIRE(changed != nullptr);
  const Device& card = std::get<Device>(*changed);
  CHECK(card.id == "card");
  CHECK(*card.power == Watts{340});
  CHECK(card.power.confidence == Confidence::user);
  CHECK(card.power.citation.empty());  // the data sheet does not say 340 W
  CHECK(card.length.confidence == Confidence::verified);
  CHECK(card.length.citation == "https://example.org/card.pdf");
  CHECK(card.inlets.size() == 1);
  CHECK(card.sha256 != std::get<Device>(*parts.load("card")).sha256);

  const Value described =
      parse(parts.sources, "{kind: gpu, width: x8, generation: gen3, power: 70 W}");
  const PartPtr own =
      parts.catalog->load_written(described, nullptr, "", described.at.file, parts.out);
  REQUIRE(own != nullptr);
  CHECK(std::get<Device>(*own).id == "inline-gpu-1");
  CHECK(std::get<Device>(*own).width.confidence == Confidence::user);

  const Value built = parse(parts.sources, "{kind: gpu, id: mine, extends: card, power: 355 W}");
  const PartPtr based = parts.catalog->load_written(built, nullptr, "", built.at.file, parts.out);
  INFO(messages_of(parts.out));
  REQUIRE(based != nullptr);
  CHECK(std::get<Device>(*based).id == "mine");
  CHECK(std::get<Device>(*based).length.confidence == Confidence::verified);
  CHECK(std::get<Device>(*based).power.confidence == Confidence::user);
}

TEST_CASE("catalog: bad overrides and inline descriptions", "[catalog]") {
  Parts parts;
  REQUIRE(parts.load("card") != nullptr);
  const auto codes = [&](const std::string& written, const std::string& but) {
    Diagnostics out;
    const Value part_value = parse(parts.sources, written);
    const Value over = parse(parts.sources, but);
    CHECK(parts.catalog->load_written(part_value, but.empty() ? nullptr : &over, "",
                                      part_value.at.file, out) == nullptr);
    return codes_of(out);
  };
  CHECK(codes("card", "powr: 3 W") == "S020:1");
  CHECK(codes("card", "kind: nic") == "S035:1");
  CHECK(codes("card", "[1]") == "S022:1");
  CHECK(codes("[card]", "") == "S022:1");
  CHECK(codes("{width: x8}", "") == "S021:1");
  CHECK(codes("{kind: gpux}", "") == "S025:1");
  CHECK(codes("{kind: gpu, width: x8}", "") == "S021:1");
  CHECK(codes("{kind: gpu, id: card, width: x8, generation: gen3}", "") == "S031:1");
}

TEST_CASE("catalog: boards that contradict themselves", "[catalog][board]") {
  const std::string socket = "sockets: [{id: cpu0, socket: SP3}]\n";
  const auto board = [&](const std::string& body) { return refusal("board", socket + body); };
  const std::string s1 = "{id: S1, socket: slimsas-8i, core: cpu0.A0, width: x8}";
  const auto with = [&](const std::string& c) { return board("connectors: [" + c + "]\n"); };
  CHECK(with(s1) == "");
  CHECK(with(s1 + ", " + s1) == "S031:5");
  CHECK(with("{id: P, socket: slot, core: A0, width: x16}") == "S022:5");
  CHECK(with("{id: P, socket: slot, core: cpu1.A0, width: x16}") == "S034:5");
  CHECK(with("{id: P, socket: slot, core: unknown, width: x16}") == "");
  CHECK(with("{id: P, socket: slot, width: x16, first_lane: 8}") == "S035:5");
  CHECK(with("{id: P, socket: slot, width: x16, mechanical: x8}") == "S035:5");
  CHECK(with("{id: P, socket: slot, width: x16, splits: [x16x8]}") == "S035:5");
  const std::string two =
      "connectors:\n"
      "  - {id: S1, socket: slimsas-8i, core: cpu0.A0, width: x8}\n"
      "  - {id: S2, socket: slimsas-8i, core: cpu0.A0, width: x8, first_lane: 8}\n"
      "  - {id: S3, socket: slimsas-8i, core: cpu0.A1, width: x8}\n";
  CHECK(board(two + "pairs: [{id: S1+2, connectors: [S1, S2]}]\n") == "");
  CHECK(board(two + "pairs: [{id: S1+3, connectors: [S1, S3]}]\n") == "S035:9");
  CHECK(board(two + "pairs: [{id: S2+1, connectors: [S2, S1]}]\n") == "S035:9");
  CHECK(board(two + "pairs: [{id: S1+4, connectors: [S1, S4]}]\n") == "S034:9");
  CHECK(board(two + "pairs: [{id: S1, connectors: [S1, S2]}]\n") == "S031:9");
  CHECK(board(two + "pairs: [{id: P, connectors: [S1]}]\n") == "S035:9");
  const auto group = [&](const std::string& modes) {
    return board(two + "groups:\n  - {id: G, core: cpu0.A0, modes: [" + modes + "]}\n");
  };
  CHECK(group("{id: a, lanes: {S1: x8}}, {id: b, lanes: {S1: x4, S2: x4}}") == "");
  CHECK(group("{id: a, lanes: {S1: x16}}") == "S035:10");
  CHECK(group("{id: a, lanes: {S9: x8}}") == "S034:10");
  CHECK(group("{id: a, lanes: {S3: x8}}") == "S035:10");
  CHECK(group("{id: a, lanes: {S1: x8}}, {id: a, lanes: {S2: x8}}") == "S031:10");
  CHECK(group("") == "S035:10");
  CHECK(board(two +
              "fixed_lanes: [{id: nic, core: cpu0.A1, width: x16, count: 2, use: onboard}]\n") ==
        "S035:9");
  CHECK(board(two + "inlets: [{id: e, plug: eps-8pin, use: cpu, count: 0}]\n") == "S023:9");
  CHECK(board(two + "inlets:\n  - {id: e, plug: eps-8pin, use: cpu, count: 2}\n"
                    "  - {id: e1, plug: eps-8pin, use: cpu}\n") == "S031:11");
}

TEST_CASE("catalog: CPUs, cards and frames that contradict themselves", "[catalog]") {
  const std::string core = "socket: SP3\ncores: [{id: A0, complex: A, generation: gen4}";
  CHECK(refusal("cpu", core + "]\nsplits: [x16, x8x8]\n") == "");
  CHECK(refusal("cpu", core + "]\nsplits: [x8x4]\n") == "S035:6");
  CHECK(refusal("cpu", core + ", {id: A0, complex: A, generation: gen4}]\nsplits: x16\n") ==
        "S031:5");
  CHECK(refusal("cpu", core + ", {id: c.A1, complex: A, generation: gen4}]\nsplits: x16\n") ==
        "S022:5");
  const std::string card = "width: x16\ngeneration: gen4\n";
  const std::string fed = card + "inlets: [{id: a, plug: 12v-2x6}]\n";
  CHECK(refusal("gpu", fed + "power: 300 W\npower_limits: [100 W, 280 W]\n") == "S035:7");
  CHECK(refusal("gpu", card + "power: 60 W\nslot_power: 66 W\n") == "S035:7");
  CHECK(refusal("gpu", fed + "power: 300 W\npeak: 200 W\n") == "S035:8");
  // A slot gives 5.5 A of 12 V and 3 A of 3.3 V: 75 W.
  CHECK(refusal("gpu", card + "power: 76 W\n") == "S035:6");
  CHECK(refusal("gpu", card + "power: 75 W\n") == "");
  CHECK(refusal("gpu", card + "mechanical: x8\n") == "S035:6");
  CHECK(refusal("gpu", card + "inlets: [{id: a, plug: sata}, {id: a, plug: sata}]\n") == "S031:6");
  CHECK(refusal("gpu", card + "power: unknown\n") == "");
  CHECK(refusal("frame", "mounts: [{id: m, count: 2}, {id: m-2}]\n") == "S031:4");
  CHECK(refusal("frame", "mounts: [{id: direct}]\n") == "S035:4");
  CHECK(refusal("frame", "mounts: [{id: m, count: 0}]\n") == "S023:4");
  CHECK(refusal("fan",
                "size: 120 mm\ncurve:\n  - {flow: 10 CFM, pressure: 20 Pa}\n"
                "  - {flow: 20 CFM, pressure: 30 Pa}\n") == "S035:7");
}

TEST_CASE("catalog: risers that contradict themselves", "[catalog][riser]") {
  const auto riser = [](const std::string& type, const std::string& from, const std::string& to,
                        const std::string& more) {
    return refusal("riser", "type: " + type + "\nfrom: " + from + "\nto: " + to + "\n" + more);
  };
  const std::string inlet = "inlets: [{id: 6pin, plug: pcie-6pin}]\n";
  CHECK(riser("ribbon", "slot", "slot", "width: x16\nslot_feed: host\n") == "");
  CHECK(riser("ribbon", "slot", "slot", "width: x16\n") == "S021:1");
  CHECK(riser("ribbon", "slot", "slot", "width: x16\nslot_feed: unknown\n") == "S021:8");
  CHECK(riser("ribbon", "slot", "slot", "width: x16\nslot_feed: none\n") == "S035:8");
  CHECK(riser("ribbon", "slot", "slot", "width: x16\nslot_feed: own\n") == "S035:8");
  CHECK(riser("ribbon", "slot", "slot", "width: x16\nslot_feed: joined\n") == "S035:8");
  CHECK(riser("ribbon", "slot", "slot", "width: x16\nslot_feed: unknown-cut\n" + inlet) == "");
  CHECK(riser("ribbon", "slot", "slot", "width: x16\nslot_feed: host\n" + inlet) == "S035:8");
  CHECK(riser("device-adapter", "slimsas-8i", "slot", "width: x8\nslot_feed: host\n") == "S035:8");
  CHECK(riser("cable", "slimsas-8i", "slimsas-8i", "width: x8\nslot_feed: host\n") == "S035:8");
  // One 8i connector carries eight lanes.
  CHECK(riser("cable", "slimsas-8i", "{socket: slimsas-8i, count: 2}", "width: x16\n") == "S035:7");
  CHECK(riser("ribbon", "slots", "slot", "width: x16\nslot_feed: host\n") == "S022:5");
  CHECK(riser("ribbon", "{socket: slot, count: 0}", "slot", "width: x16\nslot_feed: host\n") ==
        "S023:5 S035:7");
}

TEST_CASE("catalog: power parts that contradict themselves", "[catalog][power]") {
  const auto supply = [](const std::string& more) {
    return refusal("supply", "type: atx\n" + more);
  };
  const std::string rating = "ratings: [{mains: [100 V, 240 V], power: 1000 W}]\n";
  CHECK(supply(rating) == "");
  CHECK(supply("ratings: [{mains: [100 V, 240 V], power: unknown}]\n") == "");
  CHECK(supply("ratings: [{mains: [100 V, 240 V]}]\n") == "S021:5");
  CHECK(supply("ratings:\n  - {mains: [100 V, 127 V], power: 900 W}\n"
               "  - {mains: [120 V, 240 V], power: 1000 W}\n") == "S035:7");
  CHECK(supply("ratings: [{mains: 230 V, power: 900 W, power_12v: 950 W}]\n") == "S035:5");
  CHECK(supply(rating + "outputs: [{id: p, plug: sata, count: 0}]\n") == "S023:6");
  CHECK(supply(rating + "outputs: [{id: p, plug: sata, count: 2}, {id: p1, plug: sata}]\n") ==
        "S031:6");
  CHECK(supply(rating + "efficiency: 9 %\n") == "S023:6");
  CHECK(supply(rating + "excursion_1ms: 80 %\n") == "S023:6");
  CHECK(refusal("cable", "from: sata\nfrom_count: 0\nto: pcie-6pin\n") == "S023:5");
  const std::string curve = "gpus: [card]\nwork: decode\nunit: tok/s\n";  // lines 4 to 6
  CHECK(refusal("power-curve", curve + "points: [{limit: 100 W, speed: 1}, {limit: 200 W, speed: "
                                       "2}]\n") == "");
  CHECK(refusal("power-curve", curve + "points: [{limit: 100 W, speed: 1}]\n").substr(0, 4) ==
        "S035");
  CHECK(refusal("power-curve", curve + "points:\n  - {limit: 200 W, speed: 2}\n"
                                       "  - {limit: 200 W, speed: 3}\n") == "S035:9");
  CHECK(refusal("power-curve", curve + "points:\n  - {limit: 100 W, speed: 0}\n"
                                       "  - {limit: 200 W, speed: 3}\n")
            .substr(0, 4) == "S022");
  CHECK(refusal("cord", "inlet: C14\ncurrent: 0 A\n").substr(0, 4) == "S023");
}

TEST_CASE("catalog: every kind has a schema and a reference", "[catalog]") {
  CHECK(kinds().size() == 15);
  std::string ids;
  for (const Kind& kind : kinds()) {
    ids += std::string(kind.id) + " ";
    CAPTURE(kind.id);
    CHECK(find_kind(kind.id) == &kind);
    const auto schema = nlohmann::json::parse(kind.schema());
    CHECK(schema["properties"].contains("extends"));
    CHECK(kind.reference().find("| `price` |") != std::string::npos);
  }
  CHECK(ids ==
        "board cpu gpu nvme nic riser supply breakout cable cord frame fan expander bridge "
        "power-curve ");
  CHECK(find_kind("psu") == nullptr);
}
