// Colours that can be read, text that is measured, ids that are safe.
#include "render/style.hpp"

#include <cmath>
#include <set>

#include "render/scene.hpp"
#include "support/catch.hpp"

using namespace rigtopo;

namespace {

double channel(std::string_view hex, std::size_t at) {
  const double v = std::stoi(std::string(hex.substr(at, 2)), nullptr, 16) / 255.0;
  return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}
// Relative luminance and contrast of WCAG 2.
double luminance(std::string_view hex) {
  return 0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5);
}
double contrast(std::string_view a, std::string_view b) {
  const double x = luminance(a);
  const double y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

}  // namespace

TEST_CASE("style: the contrast formula agrees with known pairs", "[render]") {
  CHECK(std::abs(contrast("#000000", "#ffffff") - 21) < 0.001);
  CHECK(std::abs(contrast("#777777", "#ffffff") - 4.48) < 0.01);  // the well-known near miss
}

TEST_CASE("style: every text is readable on its fill, light and dark", "[render]") {
  CHECK(text_pairs().size() > 20);
  for (const TextPair& p : text_pairs()) {
    CAPTURE(hex(p.text), hex(p.fill));
    CHECK(contrast(hex(p.text), hex(p.fill)) >= 4.5);
    CHECK(contrast(dark_hex(p.text), dark_hex(p.fill)) >= 4.5);
  }
}

TEST_CASE("style: supplies differ in hue and in dash, and no dash means two things", "[render]") {
  std::set<Color> hues;
  std::set<std::string_view> dashes{degraded_dash, open_dash};
  std::set<std::string_view> classes{degraded_class, open_class};
  for (int i = 0; i < 8; ++i) {
    CHECK(hues.insert(supply_mark(i).line).second);
    CHECK(dashes.insert(supply_mark(i).dash_array).second);
    CHECK(classes.insert(supply_mark(i).css_class).second);
  }
  CHECK(hues.count(Color::vermillion) == 0);  // that is what is wrong
  CHECK(supply_mark(8).line == supply_mark(0).line);
}

TEST_CASE("style: text is measured by Arial's advance widths", "[render]") {
  // Adobe's metrics of Helvetica: 0 is 556, space 278, M 833; bold M 833, bold a 556, bold n 611.
  CHECK(std::abs(text_width("0", 10) - 5.56) < 1e-9);
  CHECK(std::abs(text_width("M M", 10) - (8.33 + 2.78 + 8.33)) < 1e-9);
  CHECK(std::abs(text_width("an", 10, true) - (5.56 + 6.11)) < 1e-9);
  CHECK(text_width("", 10) == 0);
  CHECK(text_width("é", 10) < text_width("ee", 10));  // one character, not two bytes
}

TEST_CASE("style: text is made fit for XML", "[render]") {
  CHECK(drawable("plain") == "plain");
  CHECK(drawable("a\nb\tc\x01\x7f") == "a b c");
  CHECK(drawable("\xc3\x28") == "\xef\xbf\xbd(");                     // broken two bytes
  CHECK(drawable("\xed\xa0\x80").find('\xed') == std::string::npos);  // a surrogate
  CHECK(drawable("\xf0\x9f\x98\x80") == "\xf0\x9f\x98\x80");
  CHECK(drawable("\xef\xbf\xbe") == "");  // U+FFFE is no character
  CHECK(drawable("a\xe2\x80\xae"
                 "b") == "ab");  // would turn the reading direction
}

TEST_CASE("style: ids keep to letters that SVG, DOT and CSS take", "[render]") {
  CHECK(safe_id("cpu0.A1") == "cpu0.A1");
  CHECK(safe_id("SLIM1+2") == "SLIM1_2b2");
  CHECK(safe_id("\"><x") == "_22_3e_3cx");
}

TEST_CASE("scene: ids that become alike stay apart", "[render]") {
  Scene scene;
  for (const char* id : {"a+", "a_2b", "a+", "a+-2"}) {
    Box box;
    box.id = id;
    scene.add(std::move(box));
  }
  std::set<std::string> ids;
  for (const Box& b : scene.boxes) CHECK(ids.insert(safe_id(b.id)).second);
}

TEST_CASE("scene: text is wrapped and shortened to a width", "[render]") {
  const double width = 60;
  for (const std::string& line : wrapped("one two three four five six", width, 9, false)) {
    CHECK(text_width(line, 9) <= width);
  }
  CHECK(wrapped("", width, 9, false).size() == 1);
  CHECK(wrapped("Donaudampfschifffahrtsgesellschaft", width, 9, false).size() == 1);
  CHECK(shortened("short", width, 9) == "short");
  const std::string cut = shortened("much too long for this", width, 9);
  CHECK(text_width(cut, 9) <= width);
  CHECK(cut.ends_with("…"));
  CHECK(drawable(shortened("ééééééééééééééééé", width, 9)) ==
        shortened("ééééééééééééééééé", width, 9));
}
