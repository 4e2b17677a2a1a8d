// One small table shows what every table gives: parsing, unknown keys, missing keys, inheritance,
// schema.
#include "yaml/fields.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "yaml/reference.hpp"
#include "yaml/schema.hpp"

namespace rigtopo {
namespace {

struct Slot {
  Source at;
  Fact<std::string> id;
  Fact<Lanes> width;
};
struct Thing {
  Source at;
  Fact<std::string> name;
  Fact<Watts> power;
  std::vector<Slot> slots;
  std::vector<Fact<Lanes>> widths;
  Mapping<Fact<Watts>> limits;
  std::optional<Slot> spare;
};

}  // namespace

template <>
struct Table<Slot> {
  static const Fields<Slot>& fields() {
    static const Fields<Slot> table{field("id", &Slot::id, Need::required, "Name."),
                                    field("width", &Slot::width, Need::optional, "Lanes.")};
    return table;
  }
  static void from_scalar(Slot& s, const Value& v, Reader& r) {
    s.id = read_fact<std::string>(v, "id", r);
  }
  static constexpr std::string_view scalar_schema = R"({"type": "string"})";
};
template <>
struct Table<Thing> {
  static const Fields<Thing>& fields() {
    static const Fields<Thing> table{
        field("name", &Thing::name, Need::required, "Name with \"quotes\"."),
        field("power", &Thing::power, Need::required, "Draw."),
        field("slots", &Thing::slots, Need::optional, "Slots."),
        field("widths", &Thing::widths, Need::optional, "Widths."),
        field("limits", &Thing::limits, Need::optional, "Limits by id."),
        field("spare", &Thing::spare, Need::optional, "Spare.")};
    return table;
  }
};

namespace {

struct Read {
  SourceMap sources;
  Diagnostics out;
  Thing thing;
  FileId user = FileId::none;
};

Read read(const std::string& text, bool as_user = false) {
  Read r;
  const FileId file = r.sources.add("thing.yaml", text);
  const auto value = parse_yaml(r.sources, file, r.out);
  REQUIRE(value);
  Reader reader(r.out, as_user ? file : FileId::none);
  r.thing = read_struct<Thing>(*value, "thing", {file, 1, 1, 1}, reader);
  return r;
}

}  // namespace

TEST_CASE("fields: a good map is read with places", "[fields]") {
  const Read r = read(
      "name: a\npower: 350 W\nslots:\n  - {id: s1, width: x16}\n  - s2\nwidths: [x8, x4]\n"
      "limits: {g0: 300 W}\nspare: {id: s3}\n");
  CHECK(r.out.empty());
  CHECK(*r.thing.power == Watts{350});
  CHECK(r.thing.power.at.line == 2);
  CHECK(r.thing.power.at.column == 8);
  REQUIRE(r.thing.slots.size() == 2);
  CHECK(*r.thing.slots[0].width == Lanes{16});
  CHECK(*r.thing.slots[1].id == "s2");
  CHECK_FALSE(r.thing.slots[1].width.known());
  CHECK(r.thing.widths.size() == 2);
  CHECK(*r.thing.limits.at(0).key == "g0");
  CHECK(*r.thing.spare->id == "s3");
}

TEST_CASE("fields: every fault is reported in one run", "[fields][S020][S021][S022]") {
  const Read r = read("nam: a\npower: 350\nslots: [{idd: x}]\n");
  std::vector<std::string> codes;
  for (const Diagnostic& d : r.out.all()) codes.push_back(d.code + ":" + std::to_string(d.at.line));
  CHECK(codes == std::vector<std::string>{"S020:1", "S022:2", "S020:3", "S021:3", "S021:1"});
  CHECK(r.out.all()[0].help == "did you mean `name`?");
  CHECK(r.out.all()[1].help.find("350 W") != std::string::npos);
}

TEST_CASE("fields: a value may carry source and confidence, or inherit them", "[fields]") {
  const Read r = read(
      "sources: {KEY: \"https://example.org/sheet\"}\nsource: KEY\nconfidence: secondary\n"
      "name: a\npower: {value: 350 W, source: label, confidence: verified}\n"
      "slots:\n  - {id: s1, width: x16, confidence: unverified}\n");
  CHECK(r.out.empty());
  CHECK(r.thing.name.citation == "https://example.org/sheet");
  CHECK(r.thing.name.confidence == Confidence::secondary);
  CHECK(r.thing.power.citation == "label");
  CHECK(r.thing.power.confidence == Confidence::verified);
  CHECK(r.thing.slots[0].width.confidence == Confidence::unverified);
  CHECK(r.thing.slots[0].width.citation == "https://example.org/sheet");
}

TEST_CASE("fields: what the spec itself says has confidence user", "[fields]") {
  const Read r = read("name: a\npower: {value: 1 W, confidence: verified}\n", true);
  CHECK(r.thing.power.confidence == Confidence::user);
}

TEST_CASE("fields: unknown is a value of its own", "[fields]") {
  const Read r = read("name: \"unknown\"\npower: unknown\n");
  CHECK(r.out.empty());
  CHECK_FALSE(r.thing.power.known());
  CHECK(r.thing.power.at.line == 2);
  CHECK(*r.thing.name == "unknown");  // quoted: a name
  const Read wrapped = read("name: a\npower: {value: unknown, source: nobody knows}\n");
  CHECK(wrapped.out.empty());
  CHECK_FALSE(wrapped.thing.power.known());
}

TEST_CASE("fields: claims of confidence are limited to three words", "[fields][S022]") {
  CHECK(read("name: a\npower: {value: 1 W, confidence: user}\n").out.all().size() == 1);
  CHECK(read("name: a\npower: 1 W\nconfidence: certain\n").out.all().size() == 1);
  CHECK(read("name: a\npower: {value: 1 W, sauce: x}\n").out.all().at(0).code == "S020");
}

TEST_CASE("fields: source and sources are texts", "[fields][S022]") {
  const auto code = [](const std::string& extra) {
    const Read r = read("name: a\npower: 1 W\n" + extra);
    return r.out.empty() ? std::string() : r.out.all().at(0).code;
  };
  CHECK(code("source: https://example.org\nnote: why\n").empty());
  CHECK(code("sources: {A: https://example.org}\n").empty());
  CHECK(code("sources: [a, b]\n") == "S022");
  CHECK(code("sources: {A: [b]}\n") == "S022");
  CHECK(code("source: [a]\n") == "S022");
}

TEST_CASE("fields: what the user writes over a part has no part's source", "[fields]") {
  SourceMap sources;
  Diagnostics out;
  const FileId part =
      sources.add("part.yaml", "source: sheet\nconfidence: verified\nname: a\npower: 1 W\n");
  const FileId spec = sources.add("rig.yaml", "power: 2 W\n");
  const auto base = parse_yaml(sources, part, out);
  const auto over = parse_yaml(sources, spec, out);
  REQUIRE((base && over));
  Reader reader(out, spec);
  const Thing thing = read_struct<Thing>(overlaid(*base, *over), "thing", {part, 1, 1, 1}, reader);
  CHECK(out.empty());
  CHECK(*thing.power == Watts{2});
  CHECK(thing.power.confidence == Confidence::user);
  CHECK(thing.power.citation.empty());
  CHECK(thing.name.confidence == Confidence::verified);
  CHECK(thing.name.citation == "sheet");
}

TEST_CASE("fields: unknown keys are suggested or listed", "[fields][S020]") {
  const Read near = read("name: a\npower: 1 W\npwoer: 2 W\n");
  REQUIRE(near.out.all().size() == 1);
  CHECK(near.out.all()[0].message == "there is no key `pwoer` here");
  CHECK(near.out.all()[0].help == "did you mean `power`?");
  CHECK(near.out.all()[0].at.line == 3);
  const Read far = read("name: a\npower: 1 W\nxyzzy: 2 W\n");
  CHECK(far.out.all().at(0).help ==
        "the keys are `limits`, `name`, `power`, `slots`, `spare` and `widths`");
}

TEST_CASE("fields: a missing key is looked for at the key of its map", "[fields][S021]") {
  const Read r = read("name: a\npower: 1 W\nspare:\n  width: x4\nslots:\n  - width: x8\n");
  REQUIRE(r.out.all().size() == 2);
  CHECK(r.out.all()[0].at.line == 3);  // `spare:`, not its first entry
  CHECK(r.out.all()[0].message == "`id` is missing");
  CHECK(r.out.all()[0].help == "add `id:` with a text");
  CHECK(r.out.all()[1].at.line == 6);  // a list item has no key of its own
  CHECK(read("name: a\n").out.all().at(0).help == "add `power:` with a power such as `350 W`");
}

TEST_CASE("fields: bad values say what is there, what belongs there and how", "[fields][S022]") {
  struct Fault {
    const char* text;
    const char* code;
    const char* message;
    const char* help;
  };
  for (const Fault& f :
       {Fault{"350", "S022", "`power` is `350`, which is not a power such as `350 W`",
              "a bare number has no unit; write `350 W`"},
        {"350 V", "S022", "`power` is `350 V`, which is not a power such as `350 W`",
         "`V` is no unit for this; write for example `350 W`"},
        {"-5 W", "S023", "`power` is `-5 W`, which is outside the sensible range of 0 to 100000 W",
         ""},
        {"lots", "S022", "`power` is `lots`, which is not a power such as `350 W`", ""},
        {"[1 W]", "S022", "`power` is a list, which is not a power such as `350 W`", ""},
        {"{a: 1 W}", "S022", "`power` is a map, which is not a power such as `350 W`", ""},
        {"", "S022", "`power` is nothing, which is not a power such as `350 W`", ""},
        {"{value: 350}", "S022", "`power` is `350`, which is not a power such as `350 W`",
         "a bare number has no unit; write `350 W`"}}) {
    INFO(f.text);
    const Read r = read("name: a\npower: " + std::string(f.text) + "\n");
    REQUIRE(r.out.all().size() == 1);
    CHECK(r.out.all()[0].code == f.code);
    CHECK(r.out.all()[0].message == f.message);
    CHECK(r.out.all()[0].help == f.help);
    CHECK(r.out.all()[0].at.line == 2);
    CHECK_FALSE(r.thing.power.known());
  }
}

TEST_CASE("fields: a long wrong value does not fill the screen", "[fields][S022]") {
  const Read r = read("name: a\npower: " + std::string(100'000, 'x') + "\n");
  CHECK(r.out.all().at(0).message.size() < 200);
}

TEST_CASE("fields: a list may be one item, nothing, or hold bad ones", "[fields][S022]") {
  const std::string head = "name: a\npower: 1 W\n";
  CHECK(read(head + "widths: x8\n").thing.widths.size() == 1);
  CHECK(read(head + "widths: []\n").thing.widths.empty());
  CHECK(read(head + "widths:\n").thing.widths.empty());
  CHECK(read(head + "slots: s1\n").thing.slots.size() == 1);
  const Read r = read(head + "widths: [x8, x9, x4, 7]\n");
  REQUIRE(r.out.all().size() == 2);
  CHECK(r.out.all()[0].at.column == 14);  // `widths: [x8, ` is 13 characters
  CHECK(r.out.all()[1].help == "write `x7`");
}

TEST_CASE("fields: a mapping keeps order, places and ids", "[fields]") {
  const std::string head = "name: a\npower: 1 W\n";
  const Read r = read(head + "limits: {b: 1 W, a: unknown, 010: 2 W}\n");
  CHECK(r.out.empty());
  REQUIRE(r.thing.limits.size() == 3);
  CHECK(*r.thing.limits[0].key == "b");
  CHECK(r.thing.limits[1].key.at.column == 18);  // `limits: {b: 1 W, ` is 17 characters
  CHECK_FALSE(r.thing.limits[1].value.known());
  CHECK(*r.thing.limits[2].key == "010");
  CHECK(read(head + "limits: [1 W]\n").out.all().at(0).code == "S022");
  CHECK(read(head + "limits:\n").thing.limits.empty());
}

TEST_CASE("fields: a map is no short form and a word is no map", "[fields][S022]") {
  const std::string head = "name: a\npower: 1 W\n";
  CHECK(*read(head + "spare: s3\n").thing.spare->id == "s3");
  CHECK_FALSE(read(head).thing.spare.has_value());
  CHECK(read(head + "spare: [s3]\n").out.all().at(0).code == "S022");
  Diagnostics out;
  Reader reader(out, FileId::none);
  Value word;
  word.kind = Value::Kind::scalar;
  word.text = "word";
  read_struct<Thing>(word, "thing", {}, reader);
  REQUIRE(out.all().size() == 1);
  CHECK(out.all()[0].message == "`thing` is `word`, which is not a map of `key: value` pairs");
}

TEST_CASE("fields: the schema is draft-07 JSON with every key", "[fields][schema]") {
  const std::string text = schema_document("thing", struct_schema<Thing>());
  CHECK(
      text.starts_with("{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
                       "  \"title\": \"thing\",\n"));
  CHECK(text.ends_with("}\n"));
  const auto json = nlohmann::json::parse(text);
  CHECK(json["type"] == "object");
  CHECK(json["required"] == nlohmann::json::array({"name", "power"}));
  CHECK(json["additionalProperties"] == false);
  CHECK(json["properties"].size() == 6 + 4);
  for (const char* key : {"name", "power", "slots", "widths", "limits", "spare", "source",
                          "sources", "confidence", "note"}) {
    CHECK(json["properties"].contains(key));
  }
  CHECK(json["properties"]["name"]["description"] == "Name with \"quotes\".");
  const auto slot = nlohmann::json::parse(schema_document("slot", struct_schema<Slot>()));
  CHECK(slot["anyOf"].size() == 2);  // the short form, the map
  CHECK(slot["anyOf"][1]["required"] == nlohmann::json::array({"id"}));
}

TEST_CASE("fields: a part that extends another need not have every key", "[fields][schema]") {
  const auto json = nlohmann::json::parse(
      detail::object_schema({{"extends\nBase.", "{}"}, {"socket\nSocket.", "{}"}}, {"socket"}));
  CHECK_FALSE(json.contains("required"));
  CHECK(json["anyOf"] ==
        nlohmann::json::parse(R"([{"required": ["extends"]}, {"required": ["socket"]}])"));
}

TEST_CASE("fields: the reference has a row for every key", "[fields][docs]") {
  CHECK(reference_table<Slot>() ==
        "| key | needed | written as | meaning |\n|---|---|---|---|\n"
        "| `id` | yes | a text | Name. |\n"
        "| `width` |  | a link width: `x1`, `x2`, `x4`, `x8` or `x16` | Lanes. |\n");
  CHECK(nested_reference<Slot>("slots").starts_with("\nEach of `slots`:\n\n| key |"));
  CHECK(detail::cell("a|b") == "a\\|b");
}

}  // namespace rigtopo
