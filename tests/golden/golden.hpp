// Golden files: compared byte for byte, rewritten with RIGTOPO_UPDATE_GOLDEN=1.
#pragma once

#include <cstdlib>
#include <string>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace rigtopo::test {

inline void check_golden(const std::string& name, const std::string& actual) {
  const std::filesystem::path path =
      std::filesystem::path(RIGTOPO_SOURCE_DIR) / "tests/golden/data" / name;
  const char* update = std::getenv("RIGTOPO_UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    std::ofstream(path, std::ios::binary) << actual;
  }
  REQUIRE(std::filesystem::exists(path));
  const std::string expected = read_text(path);
  INFO(name << " differs; look at the difference, then RIGTOPO_UPDATE_GOLDEN=1");
  CHECK((actual == expected));
}

}  // namespace rigtopo::test
