// The lane budget picture: every lane of every core is drawn once, with what it is for.
#include <set>

#include "picture_rigs.hpp"
#include "support/catch.hpp"
#include "svg_reader.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

std::string titles_of(const SvgDocument& document) {
  std::string all;
  for (const SvgElement& e : document.elements) {
    if (e.name == "title") all += e.text + "\n";
  }
  return all;
}

SvgDocument draw(const TestRig& rig, bool with_rig = true) {
  return read_svg(lanes_svg(*rig.rig().board, *rig.rig().project->cpu, 1,
                            with_rig ? &rig.rig() : nullptr, picture_context()));
}

}  // namespace

TEST_CASE("lanes picture: connectors, on-board devices, free and unknown lanes",
          "[render][lanes]") {
  const TestRig rig(two_cards());
  const std::string titles = titles_of(draw(rig));
  for (const char* words : {"cpu0.A0 lanes 0 to 15: PCIE1 x16 · gpu0 (connector), 16 used",
                            "cpu0.A1 lanes 0 to 7: PCIE2 x8 · gpu1 (connector), 8 used",
                            "cpu0.A1 lanes 8 to 11: M2_1 x4 · nvme0 (connector), 4 used",
                            "cpu0.B0 lanes 0 to 3: X550 x4 (on board), 0 used",
                            "cpu0.B0 lanes 4 to 15: rest x12 (not routed), 0 used",
                            "cpu0.B1 lanes 0 to 15: not accounted for x16 (not known), 0 used"}) {
    CAPTURE(words);
    CHECK(titles.find(words) != std::string::npos);
  }
}

TEST_CASE("lanes picture: a bare board shows the largest mode of a shared group",
          "[render][lanes]") {
  const TestRig rig(two_cards());
  const SvgDocument document = draw(rig, false);
  CHECK(document.fault == "");
  const std::string titles = titles_of(document);
  // Slot mode gives 16 lanes, m2 mode 8 + 4.
  CHECK(titles.find("cpu0.A1 lanes 0 to 15: PCIE2 x16 (connector), 0 used") != std::string::npos);
  CHECK(titles.find("M2_1") == std::string::npos);
  std::string text;
  for (const TextArea& t : text_areas(document)) text += t.text + "\n";
  CHECK(text.find("PCIE2-group shares these lanes: slot (PCIE2 x16) or m2 (PCIE2 x8, M2_1 x4); "
                  "drawn as slot") != std::string::npos);
}

TEST_CASE("lanes picture: the lanes of a pair fill both connectors", "[render][lanes]") {
  const TestRig rig(powered_riser());
  const std::string titles = titles_of(draw(rig));
  CHECK(titles.find("cpu0.C0 lanes 0 to 7: SLIM1 x8 · gpu0 (connector), 8 used") !=
        std::string::npos);
  CHECK(titles.find("cpu0.C0 lanes 8 to 15: SLIM2 x8 · gpu0 (connector), 8 used") !=
        std::string::npos);
}

TEST_CASE("lanes picture: lanes that a core does not have stand behind the last one",
          "[render][lanes]") {
  RigBuilder b;
  b.rome().board("board").slot("PCIE1", "cpu0.A0").slot("PCIE2", "cpu0.A0", 8);
  const TestRig rig(std::move(b));
  const SvgDocument document = draw(rig);
  const std::string titles = titles_of(document);
  CHECK(titles.find("cpu0.A0 lanes 16 to 23: PCIE2 x8 (more than the core has), 0 used") !=
        std::string::npos);
  std::string text;
  for (const TextArea& t : text_areas(document)) text += t.text + "\n";
  CHECK(text.find("counted 24 of 16 lanes") != std::string::npos);
}
