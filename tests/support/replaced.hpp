// Texts that differ in one place.
#pragma once

#include <string>

#include "support/catch.hpp"

namespace rigtopo::test {

/// `text` with the first `from` turned into `to`; the test fails when there is none.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  INFO(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace rigtopo::test
