// How values are written: every notation, and what is refused with which words.
#include "yaml/types.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <regex.h>

#include "support/catch.hpp"

using namespace rigtopo;

namespace {

Value scalar(std::string text) {
  Value v;
  v.kind = Value::Kind::scalar;
  v.text = std::move(text);
  return v;
}

Value list(std::initializer_list<const char*> items) {
  Value v;
  v.kind = Value::Kind::sequence;
  for (const char* item : items) v.items.push_back(scalar(item));
  return v;
}

template <class T>
std::optional<T> parse(const Value& v) {
  std::string reason;
  return YamlType<T>::parse(v, reason);
}
template <class T>
std::optional<T> parse(const std::string& text) {
  return parse<T>(scalar(text));
}
bool exactly(double value, double expected, double tolerance) {
  UNSCOPED_INFO(value << " against " << expected);
  return std::fabs(value - expected) <= tolerance;
}
template <class T>
std::string reason(const std::string& text) {
  std::string words;
  CHECK_FALSE(YamlType<T>::parse(scalar(text), words));
  return words;
}

}  // namespace

// ---- quantities
// ----------------------------------------------------------------------------------

TEST_CASE("types: a power is a number with its unit", "[types][S022]") {
  CHECK(parse<Watts>("350 W") == Watts{350});
  CHECK(parse<Watts>("350W") == Watts{350});
  CHECK(parse<Watts>(" 350 W ") == Watts{350});
  CHECK(parse<Watts>("+5 W") == Watts{5});
  CHECK(parse<Watts>("1.6 kW") == Watts{1600});
  CHECK(parse<Watts>("100 kW") == Watts{100'000});
  CHECK(parse<Watts>("0 W") == Watts{0});
  CHECK_FALSE(std::signbit(parse<Watts>("-0 W")->value));
  for (const char* bad :
       {"W",      "",          "-",          "+",       "+-5 W", "-+5 W",   "--5 W", "1e3 W",
        "inf W",  "nan W",     "infinity W", ".5 W",    "5. W",  "1.2.3 W", "010 W", "00 W",
        "-010 W", "0x10 W",    "1_000 W",    "1,000 W", "3,5 W", "3 5 W",   "350 w", "350 W W",
        "350 V",  "350 watts", "350\tW",     "350 W\n", "①W"}) {
    INFO(bad);
    CHECK_FALSE(parse<Watts>(bad));
  }
  CHECK_FALSE(parse<Watts>("1" + std::string(400, '0') + " W"));
  CHECK_FALSE(parse<Watts>(Value{}));
  CHECK_FALSE(parse<Watts>(list({"350 W"})));
}

TEST_CASE("types: a bare number names its unit in the message", "[types][S022]") {
  CHECK(reason<Watts>("350").find("`350 W`") != std::string::npos);
  CHECK(reason<Volts>("120").find("`120 V`") != std::string::npos);
  CHECK(reason<Amps>("16").find("`16 A`") != std::string::npos);
  CHECK(reason<Millimetres>("75").find("`75 mm`") != std::string::npos);
  CHECK(reason<Metres>("100").find("`100 m`") != std::string::npos);
  CHECK(reason<Decibels>("9.5").find("`9.5 dB`") != std::string::npos);
  CHECK(reason<Cfm>("120").find("`120 CFM`") != std::string::npos);
  CHECK(reason<Pascals>("180").find("`180 Pa`") != std::string::npos);
  CHECK(reason<DecibelsA>("40").find("`40 dBA`") != std::string::npos);
  CHECK(reason<Celsius>("25").find("`25 °C`") != std::string::npos);
  CHECK(reason<Milliseconds>("10").find("`10 ms`") != std::string::npos);
  CHECK(reason<Gigabytes>("24").find("`24 GB`") != std::string::npos);
  CHECK(reason<GigabytesPerSecond>("936").find("`936 GB/s`") != std::string::npos);
  CHECK(reason<Percent>("80").find("`80 %`") != std::string::npos);
  CHECK(reason<Money>("45").find("`45 USD`") != std::string::npos);
  CHECK(reason<Lanes>("16").find("`x16`") != std::string::npos);
  CHECK(reason<PcieGen>("4").find("`gen4`") != std::string::npos);
  CHECK(reason<MinLink>("8").find("`x8`") != std::string::npos);
}

TEST_CASE("types: a unit of another kind is named", "[types][S022]") {
  CHECK(reason<Watts>("350 A").find("`A` is no unit") != std::string::npos);
  CHECK(reason<Amps>("350 W").find("`W` is no unit") != std::string::npos);
  CHECK(reason<Decibels>("43 dBA").find("`dBA` is no unit") != std::string::npos);
  CHECK(reason<DecibelsA>("43 dB").find("`dB` is no unit") != std::string::npos);
  CHECK(reason<Gigabytes>("24 GB/s").find("`GB/s` is no unit") != std::string::npos);
  CHECK(reason<Celsius>("77 F").find("`F` is no unit") != std::string::npos);
}

TEST_CASE("types: numbers no part has are out of range", "[types][S023]") {
  for (const auto& [least, most, under, over] : {std::array{"0 W", "100 kW", "-5 W", "350 kW"}}) {
    CHECK((parse<Watts>(least) && parse<Watts>(most)));
    CHECK(reason<Watts>(under).starts_with("outside the sensible range"));
    CHECK(reason<Watts>(over).starts_with("outside the sensible range"));
  }
  CHECK(parse<Volts>("1000 V"));
  CHECK(reason<Volts>("1001 V").starts_with("outside"));
  CHECK(parse<Amps>("10000 A"));
  CHECK(reason<Amps>("10001 A").starts_with("outside"));
  CHECK(parse<Millimetres>("-10 m") == Millimetres{-10'000});
  CHECK(reason<Millimetres>("11 m").starts_with("outside"));
  CHECK(reason<Millimetres>("-10001 mm").starts_with("outside"));
  CHECK(parse<Metres>("-500 m"));
  CHECK(reason<Metres>("-501 m").starts_with("outside"));
  CHECK(reason<Metres>("9001 m").starts_with("outside"));
  CHECK(parse<Decibels>("-100 dB"));
  CHECK(reason<Decibels>("101 dB").starts_with("outside"));
  CHECK(parse<Celsius>("-60 C"));
  CHECK(reason<Celsius>("-61 C").starts_with("outside"));
  CHECK(reason<Celsius>("151 C").starts_with("outside"));
  CHECK(parse<Percent>("1000 %"));
  CHECK(reason<Percent>("1001 %").starts_with("outside"));
  CHECK(reason<Percent>("-1 %").starts_with("outside"));
  CHECK(reason<Watts>("999999999 W") == "outside the sensible range of 0 to 100000 W");
}

TEST_CASE("types: conversions", "[types]") {
  CHECK(parse<Millimetres>("30 cm") == Millimetres{300});
  CHECK(parse<Millimetres>("1 in") == Millimetres{25.4});
  CHECK(parse<Millimetres>("0.5 m") == Millimetres{500});
  CHECK(parse<Millimetres>("-20 mm") == Millimetres{-20});
  CHECK(parse<Celsius>("-5 °C")->value == -5);
  CHECK(parse<Celsius>("25 C")->value == 25);
  CHECK(parse<Gigabytes>("1.5 TB") == Gigabytes{1500});
  CHECK(parse<DecibelsA>("43.5 dB(A)") == DecibelsA{43.5});
  CHECK(exactly(parse<Milliseconds>("100 us")->value, 0.1, 1e-12));
  CHECK(exactly(parse<Milliseconds>("100 µs")->value, 0.1, 1e-12));
  CHECK(parse<Milliseconds>("1 s") == Milliseconds{1000});
  // 1 ft = 0.3048 m by definition.
  CHECK(exactly(parse<Metres>("1000 ft")->value, 304.8, 1e-9));
  // 1 mmH2O = 9.80665 Pa by definition; 1 inH2O = 25.4 mmH2O = 249.08891 Pa.
  CHECK(exactly(parse<Pascals>("2.2 mmH2O")->value, 21.57463, 1e-9));
  CHECK(exactly(parse<Pascals>("1 inH2O")->value, 249.08891, 1e-9));
  // 1 CFM = 0.3048^3 m3 / 60 s = 0.4719474432 L/s; 60 m3/h = 16.666667 L/s = 35.314667 CFM.
  CHECK(exactly(parse<Cfm>("60 m3/h")->value, 35.314667, 1e-6));
  CHECK(exactly(parse<Cfm>("60 m³/h")->value, 35.314667, 1e-6));
  CHECK(exactly(parse<Cfm>("0.4719474432 L/s")->value, 1, 1e-12));
}

// ---- PCIe
// ----------------------------------------------------------------------------------------

TEST_CASE("types: link widths are the five that exist", "[types]") {
  CHECK(parse<Lanes>("x16") == Lanes{16});
  CHECK(parse<Lanes>("x1") == Lanes{1});
  for (const char* bad : {"x16.5", "x1e1", "x-4", "x+4", "x0", "x99999999999", "x3", "x32", "X16",
                          "x016", "x", "x 16", "16x", "x16x", "×16"}) {
    INFO(bad);
    CHECK_FALSE(parse<Lanes>(bad));
  }
}

TEST_CASE("types: splits, least links, generations", "[types]") {
  CHECK(parse<Split>("x8x4x4")->pieces == std::vector<int>{8, 4, 4});
  CHECK(parse<Split>("x8x4x4")->text == "x8x4x4");
  CHECK(parse<Split>("x16")->pieces == std::vector<int>{16});
  CHECK(parse<Split>("x16x16")->pieces == std::vector<int>{16, 16});
  for (const char* bad : {"x8x3", "8x8", "x16x16x1", "xx8", "x8x", "x8 x8", "", "x0x16"}) {
    INFO(bad);
    CHECK_FALSE(parse<Split>(bad));
  }
  CHECK_FALSE(parse<Split>(std::string(1'000'000, 'x')));
  CHECK(parse<MinLink>("x8 gen4") == MinLink{Lanes{8}, PcieGen::gen4});
  CHECK(parse<MinLink>("x8   gen4") == MinLink{Lanes{8}, PcieGen::gen4});
  CHECK(parse<MinLink>("x8") == MinLink{Lanes{8}, PcieGen::gen1});
  for (const char* bad : {"gen4 x8", "x8gen4", "x8 4", "x8 gen", "x8 gen4 x", "x8 x8", "gen4"}) {
    INFO(bad);
    CHECK_FALSE(parse<MinLink>(bad));
  }
  CHECK(parse<PcieGen>("gen5") == PcieGen::gen5);
  for (const char* bad : {"gen7", "gen0", "gen04", "Gen4", "gen 4", "gen4.0", "gen-1", "gen"}) {
    INFO(bad);
    CHECK_FALSE(parse<PcieGen>(bad));
  }
}

// ---- words, switches, counts
// ---------------------------------------------------------------------

TEST_CASE("types: counts are whole and decimal", "[types]") {
  CHECK(parse<int>("4") == 4);
  CHECK(parse<int>("0") == 0);
  CHECK(parse<int>("1000000") == 1'000'000);
  for (const char* bad : {"010", "0x10", "1_000", "16.0", "99999999999", "-1", "-0", "+1", "yes",
                          "1e3", "", "4 W", "1000001", "--1"}) {
    INFO(bad);
    CHECK_FALSE(parse<int>(bad));
  }
  CHECK(reason<int>("-1").starts_with("outside the sensible range"));
  CHECK(reason<int>("1000001") == "outside the sensible range of 0 to 1000000");
}

TEST_CASE("types: switches are true and false alone", "[types]") {
  CHECK(parse<bool>("true") == true);
  CHECK(parse<bool>("false") == false);
  for (const char* bad : {"yes", "on", "True", "1", "", "no"}) CHECK_FALSE(parse<bool>(bad));
  Value quoted = scalar("true");
  quoted.quoted = true;
  CHECK_FALSE(parse<bool>(quoted));
}

TEST_CASE("types: a text is any scalar without control characters", "[types]") {
  CHECK(parse<std::string>("40:01") == "40:01");
  CHECK(parse<std::string>("010") == "010");
  CHECK(parse<std::string>("two\nlines") == "two\nlines");
  CHECK_FALSE(parse<std::string>(std::string("a\0b", 3)));
  CHECK_FALSE(parse<std::string>("\x1b[31m"));
  CHECK_FALSE(parse<std::string>(Value{}));
  CHECK_FALSE(parse<std::string>(list({"a"})));
}

namespace {
enum class Colour { red, dark_green };
}  // namespace
template <>
struct rigtopo::EnumWords<Colour> {
  static constexpr std::string_view what = "a colour";
  static constexpr std::array words{std::pair{std::string_view("red"), Colour::red},
                                    std::pair{std::string_view("dark-green"), Colour::dark_green}};
};

TEST_CASE("types: enumerations take their words and suggest them", "[types]") {
  CHECK(parse<Colour>("dark-green") == Colour::dark_green);
  CHECK(reason<Colour>("dark-gren") == "did you mean `dark-green`?");
  CHECK(reason<Colour>("blue").empty());
  CHECK_FALSE(parse<Colour>("Red"));
  CHECK(word(Colour::dark_green) == "dark-green");
  CHECK(YamlType<Colour>::expected() == "a colour: `red` and `dark-green`");
}

// ---- money, places, ranges
// -----------------------------------------------------------------------

TEST_CASE("types: money is an amount and three capital letters", "[types]") {
  CHECK(parse<Money>("45 USD")->amount == 45);
  CHECK(std::string(parse<Money>("45.50 EUR")->currency) == "EUR");
  CHECK(parse<Money>("0 USD")->amount == 0);
  for (const char* bad : {"45 usd", "45 US", "45 USDT", "$45", "45 $", "45 €", "USD", "USD 45",
                          "1e3 USD", "1,000 USD", "inf USD"}) {
    INFO(bad);
    CHECK_FALSE(parse<Money>(bad));
  }
  CHECK(reason<Money>("45 usd").find("three capital letters") != std::string::npos);
  CHECK(reason<Money>("-1 USD").starts_with("outside the sensible range"));
  CHECK(reason<Money>("99999999 USD").starts_with("outside the sensible range"));
}

TEST_CASE("types: positions and ranges", "[types]") {
  CHECK(parse<Position>(list({"1 mm", "2 cm", "-3 mm"})) ==
        Position{Millimetres{1}, Millimetres{20}, Millimetres{-3}});
  CHECK_FALSE(parse<Position>(list({"1 mm", "2 cm"})));
  CHECK_FALSE(parse<Position>(list({"1 mm", "2 cm", "3 mm", "4 mm"})));
  CHECK_FALSE(parse<Position>("1 mm"));
  std::string words;
  CHECK_FALSE(YamlType<Position>::parse(list({"1 mm", "2", "3 mm"}), words));
  CHECK(words.find("`2 mm`") != std::string::npos);
  CHECK(parse<Range<Watts>>(list({"350 W", "450 W"})) == Range<Watts>{Watts{350}, Watts{450}});
  CHECK(parse<Range<Watts>>("400 W") == Range<Watts>{Watts{400}, Watts{400}});
  CHECK_FALSE(parse<Range<Watts>>(list({"450 W", "350 W"})));
  CHECK_FALSE(parse<Range<Watts>>(list({"350 W", "450"})));
  CHECK_FALSE(parse<Range<Watts>>(list({"350 W"})));
  CHECK_FALSE(parse<Range<Watts>>(list({"1 W", "2 W", "3 W"})));
  CHECK(parse<Range<Volts>>(list({"200 V", "240 V"}))->least == Volts{200});
}

// ---- schema
// --------------------------------------------------------------------------------------

namespace {

/// What the schema of a type says about a text that its parser takes or refuses.
template <class T>
bool schema_accepts(const std::string& text) {
  const nlohmann::json schema = nlohmann::json::parse(YamlType<T>::schema());
  if (schema.contains("enum")) {
    return std::find(schema["enum"].begin(), schema["enum"].end(), text) != schema["enum"].end();
  }
  const std::string pattern = schema.at("pattern");
  // POSIX, since <regex> of g++ 12 warns about itself under the sanitizers.
  regex_t compiled;
  REQUIRE(regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) == 0);
  const bool matches = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return matches;
}

template <class T>
void check_agreement(std::initializer_list<const char*> texts) {
  for (const char* text : texts) {
    INFO(text);
    CHECK(schema_accepts<T>(text) == parse<T>(text).has_value());
  }
}

}  // namespace

TEST_CASE("types: schema and parser agree on what is written", "[types][schema]") {
  check_agreement<Watts>({"350 W", "350W", "+5 W", "1.6 kW", "350", "350 V", "010 W", "5. W", "W"});
  check_agreement<DecibelsA>({"43.5 dBA", "43.5 dB(A)", "43.5 dB", "43 dB(A"});
  check_agreement<Cfm>({"60 m3/h", "60 m³/h", "1 L/s", "60 m3"});
  check_agreement<Celsius>({"-5 °C", "25 C", "25 F"});
  check_agreement<Millimetres>({"-20 mm", "12 in", "3 ft"});
  check_agreement<Money>({"45 USD", "45USD", "45.5 EUR", "45 usd", "45", "45 USDT"});
  check_agreement<Lanes>({"x16", "x3", "16"});
  check_agreement<PcieGen>({"gen4", "gen7"});
  check_agreement<MinLink>({"x8 gen4", "x8", "x8gen4", "x3 gen4", "gen4"});
  check_agreement<Split>({"x16", "x8x4x4", "x8x3", "8x8"});
  check_agreement<Colour>({"red", "blue"});
}
