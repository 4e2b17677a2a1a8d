// The table of outlets: breakers by the codes of their countries, plugs, and that no cord of the
// catalogue has a plug it does not list.
#include "spec/outlets.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include "support/catch.hpp"

namespace {

using namespace rigtopo;
using namespace rigtopo::literals;

TEST_CASE("outlets: the largest breaker they may hang on", "[outlets][P134]") {
  // NEC table 210.21(B)(3): 15 A on 15 and 20 A, 20 A on 20 A, 30 A on 30 A, 50 A on 50 A.
  CHECK(outlet_kind("NEMA 5-15R")->breaker == 20_A);
  CHECK(outlet_kind("nema5-15r")->breaker == 20_A);
  CHECK(outlet_kind("NEMA 5-20R")->breaker == 20_A);
  CHECK(outlet_kind("NEMA 6-15R")->breaker == 20_A);
  CHECK(outlet_kind("NEMA L6-30R")->breaker == 30_A);
  CHECK(outlet_kind("NEMA 14-50R")->breaker == 50_A);
  CHECK(outlet_kind("CEE 7/3")->breaker == 16_A);
  CHECK(outlet_kind("BS 1363")->breaker == 32_A);
  CHECK(outlet_kind("NEMA 5-15") == nullptr);
}

TEST_CASE("outlets: what a plug tells", "[outlets][P128][P129]") {
  CHECK(outlet_of_plug("NEMA 5-15P")->id == "NEMA 5-15R");  // and not the 5-20R, which takes it too
  CHECK(strongest_breaker("NEMA 5-15P") == 20_A);
  CHECK(outlet_of_plug("CEE 7/7")->amps == 16_A);
  CHECK(strongest_breaker("CEE 7/7") == 20_A);  // French outlets
  CHECK(outlet_of_plug("a fork") == nullptr);
  CHECK(strongest_breaker("a fork") == 0_A);
  Cord cord;
  cord.plug = std::string("NEMA 5-15P");
  const Fact<std::string> strong(std::string("NEMA 5-20R"));
  REQUIRE(weakest_contact(strong, &cord).has_value());
  CHECK(weakest_contact(strong, &cord)->kind->amps == 15_A);
  CHECK(weakest_contact(strong, &cord)->by_plug);
  CHECK(weakest_contact(strong, nullptr)->kind->amps == 20_A);
  CHECK_FALSE(weakest_contact({}, nullptr).has_value());
}

TEST_CASE("outlets: every plug of the catalogue's cords is listed", "[outlets][catalog]") {
  namespace fs = std::filesystem;
  int cords = 0;
  for (const auto& entry :
       fs::directory_iterator(fs::path(RIGTOPO_SOURCE_DIR) / "topologies/cord")) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      if (!line.starts_with("plug: ")) continue;
      INFO(line);
      CHECK(outlet_of_plug(line.substr(6)) != nullptr);
      ++cords;
    }
  }
  CHECK(cords > 20);
}

}  // namespace
