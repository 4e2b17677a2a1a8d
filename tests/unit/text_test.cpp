// Numbers, suggestions, hashing, escaping, ordering.
#include "base/text.hpp"

#include <algorithm>
#include <clocale>
#include <limits>

#include "support/catch.hpp"

using namespace rigtopo;

TEST_CASE("text: numbers have no trailing zeros, no exponent, no minus zero", "[text]") {
  CHECK(number(12) == "12");
  CHECK(number(12.5) == "12.5");
  CHECK(number(12.50001, 2) == "12.5");
  CHECK(number(100, 2) == "100");
  CHECK(number(1200, 0) == "1200");
  CHECK(number(-0.0001) == "0");
  CHECK(number(-0.0, 0) == "0");
  CHECK(number(-12.26) == "-12.3");
  CHECK(number(0.05, 1) == "0.1");
  CHECK(number(1e15) == "1000000000000000");
  CHECK(number(1e-9) == "0");
  CHECK(number(std::numeric_limits<double>::infinity()) == "?");
  CHECK(number(std::numeric_limits<double>::quiet_NaN()) == "?");
}

TEST_CASE("text: numbers do not follow the locale", "[text]") {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  // Most installations have one of these; without them the check still holds for "C".
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr) std::setlocale(LC_ALL, "fr_FR.UTF-8");
  CHECK(number(1234.5) == "1234.5");
  std::setlocale(LC_ALL, before.c_str());
}

TEST_CASE("text: actual and limit never print alike when they differ", "[text]") {
  CHECK(distinct(1176, 1000).actual == "1176");
  CHECK(distinct(1000.4, 1000).actual == "1000.4");
  CHECK(distinct(1000.4, 1000).limit == "1000");
  CHECK(distinct(1000, 1000).actual == "1000");
  CHECK(distinct(5.5, 5.25).actual == "5.5");
  CHECK(distinct(5.5, 5.25).limit == "5.25");
  CHECK(distinct(0.001, 0.002).limit == "0.002");
  CHECK(distinct(1.0000001, 1).actual == "1.0000001");
  CHECK(distinct(-3, 3).actual == "-3");
}

TEST_CASE("text: quantities carry their units", "[text]") {
  CHECK(to_text(350_W) == "350 W");
  CHECK(to_text(12.5_V) == "12.5 V");
  CHECK(to_text(Amps{9.26}) == "9.3 A");
  CHECK(to_text(75_mm) == "75 mm");
  CHECK(to_text(9.5_dB) == "9.5 dB");
  CHECK(to_text(GigabytesPerSecond{31.5}) == "31.5 GB/s");
  CHECK(to_text(Celsius{-5}) == "-5 °C");
  CHECK(to_text(16_lanes) == "x16");
  CHECK(to_text(PcieGen::gen4) == "gen4");
  CHECK(to_text(Money{45.5, "USD"}) == "45.5 USD");
}

TEST_CASE("text: suggestions are close words only", "[text]") {
  const std::vector<std::string> keys{"devices", "board", "platform", "boars"};
  CHECK(did_you_mean("device", keys) == "devices");
  CHECK(did_you_mean("baord", keys) == "board");  // a swap of neighbours is one edit
  CHECK(did_you_mean("boarx", keys) == "board");  // two as close: the first
  CHECK_FALSE(did_you_mean("xyz", keys));
  CHECK_FALSE(did_you_mean("", keys));
  CHECK_FALSE(did_you_mean("bxxrd", keys));  // two edits in five letters
  CHECK_FALSE(did_you_mean(std::string(1'000'000, 'b'), keys));
  CHECK_FALSE(did_you_mean("board", std::vector<std::string>{}));
}

TEST_CASE("text: SHA-256 gives the examples of FIPS 180-4", "[text]") {
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("text: SHA-256 at the edges of its blocks", "[text]") {
  // From `head -c N /dev/zero | tr '\0' a | sha256sum` of GNU coreutils.
  CHECK(sha256(std::string(55, 'a')) ==
        "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
  CHECK(sha256(std::string(56, 'a')) ==
        "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
  CHECK(sha256(std::string(63, 'a')) ==
        "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34");
  CHECK(sha256(std::string(64, 'a')) ==
        "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
  CHECK(sha256(std::string(1, '\0')) ==
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

TEST_CASE("text: XML text is escaped and control characters go", "[text]") {
  CHECK(xml_escaped("<a & \"b\" 'c'>\x01") == "&lt;a &amp; &quot;b&quot; &#39;c&#39;&gt;");
  CHECK(xml_escaped("25 °C") == "25 °C");
}

TEST_CASE("text: nothing reaches a terminal but text", "[text]") {
  CHECK(printable("a\tb °C") == "a\tb °C");
  CHECK(printable("one\r\ntwo") == "one  two");
  CHECK(printable("\x1b[31mred\x7f") == "\uFFFD[31mred\uFFFD");
  CHECK(printable("\u009b31m") == "\uFFFD31m");  // CSI in one character
  CHECK(printable("caf\xE9!") == "caf\uFFFD!");
  CHECK(printable(std::string("\0", 1)) == "\uFFFD");
}

TEST_CASE("text: characters are well-formed UTF-8", "[text]") {
  CHECK(character_length("a", 0) == 1);
  CHECK(character_length("é", 0) == 2);
  CHECK(character_length("☃", 0) == 3);
  CHECK(character_length("𝄞", 0) == 4);
  // Continuation alone, overlong, surrogate, above U+10FFFF, cut off (RFC 3629, sections 3 and 4).
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xF0\x80\x80\x80",
                          "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x98"}) {
    CHECK(character_length(bad, 0) == 0);
  }
}

TEST_CASE("text: long texts are shortened at a character", "[text]") {
  CHECK(shortened("short", 5) == "short");
  CHECK(shortened("longer", 5) == "longe…");
  CHECK(shortened("ééé", 2) == "éé…");
  CHECK(shortened("", 0).empty());
}

TEST_CASE("text: ids sort by their numbers", "[text]") {
  CHECK(natural_less("gpu2", "gpu10"));
  CHECK_FALSE(natural_less("gpu10", "gpu2"));
  CHECK(natural_less("gpu", "gpu0"));
  CHECK(natural_less("a01", "a2"));
  CHECK(natural_less("a99999999999999999999998", "a99999999999999999999999"));
  CHECK(natural_less("x", "é"));  // bytes are unsigned on every machine
  CHECK_FALSE(natural_less("a", "a"));
}

TEST_CASE("text: the order of ids is a strict weak order", "[text]") {
  const std::vector<std::string> ids{"",     "a",  "a0",  "a00", "a1",   "a01",  "a1b",
                                     "a01b", "a2", "a10", "ab",  "a-1",  "1",    "01",
                                     "10",   "é1", "b",   "B",   "a1a2", "a1a10"};
  for (const std::string& a : ids) {
    CHECK_FALSE(natural_less(a, a));
    for (const std::string& b : ids) {
      if (a != b) CHECK(natural_less(a, b) != natural_less(b, a));
      for (const std::string& c : ids) {
        if (natural_less(a, b) && natural_less(b, c)) {
          INFO(a << " < " << b << " < " << c);
          CHECK(natural_less(a, c));
        }
      }
    }
  }
}

TEST_CASE("text: lists read like a sentence", "[text]") {
  const std::vector<std::string> ids{"a", "b", "c"};
  CHECK(listed(ids) == "`a`, `b` and `c`");
  CHECK(listed(std::span(ids).first(2)) == "`a` and `b`");
  CHECK(listed(std::span(ids).first(1)) == "`a`");
  CHECK(listed(std::span(ids).first(0)).empty());
}
