// Finished pictures: well-formed, every part in them once, spoken, readable, nothing left out.
#include <algorithm>
#include <cmath>
#include <set>

#include "picture_rigs.hpp"
#include "render/dot.hpp"
#include "render/views.hpp"
#include "support/catch.hpp"
#include "svg_reader.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

struct Drawn {
  std::string name;
  Picture picture;
  SvgDocument document;
};

std::vector<Drawn> all_pictures() {
  std::vector<Drawn> drawn;
  for (const NamedRig& row : picture_rigs()) {
    const TestRig rig(row.make());
    for (const ViewRow& view : views()) {
      Drawn d;
      d.name = std::string(row.name) + " " + std::string(view.id);
      d.picture = view.draw(rig.rig(), picture_context());
      d.document = read_svg(d.picture.svg);
      drawn.push_back(std::move(d));
    }
  }
  return drawn;
}

bool overlap(const TextArea& a, const TextArea& b) {
  constexpr double touch = 0.5;  // points
  return a.left < b.right - touch && b.left < a.right - touch && a.top < b.bottom - touch &&
         b.top < a.bottom - touch;
}

std::string text_of(const SvgDocument& document) {
  std::string all;
  for (const TextArea& t : text_areas(document)) all += t.text + "\n";
  return all;
}

/// Right end of the widest outline of a node's group.
double right_of(const SvgDocument& document, int group) {
  double right = -1e9;
  for (const SvgElement& e : document.elements) {
    if (e.parent != group || (e.name != "polygon" && e.name != "path")) continue;
    const std::string points = e.attribute(e.name == "polygon" ? "points" : "d");
    std::size_t comma = 0;
    while ((comma = points.find(',', comma)) != points.npos) {
      std::size_t begin = comma;
      while (begin > 0 &&
             std::string("0123456789.-").find(points[begin - 1]) != std::string::npos) {
        --begin;
      }
      right = std::max(right, std::strtod(points.c_str() + begin, nullptr) + e.dx);
      ++comma;
    }
  }
  return right;
}

}  // namespace

TEST_CASE("pictures: the table of views finds each by its id", "[render]") {
  REQUIRE(views().size() == 3);
  for (const ViewRow& view : views()) CHECK(find_view(view.id) == &view);
  CHECK(find_view("nothing") == nullptr);
  CHECK(find_view("pcie")->has_dot);
  CHECK_FALSE(find_view("lanes")->has_dot);
}

TEST_CASE("pictures: Graphviz has nothing to complain about", "[render]") {
  for (const Drawn& d : all_pictures()) {
    CAPTURE(d.name, d.picture.problems);
    CHECK(d.picture.problems.empty());
  }
}

TEST_CASE("pictures: well-formed XML with unique ids and a spoken description", "[render]") {
  for (const Drawn& d : all_pictures()) {
    CAPTURE(d.name);
    CHECK(d.document.fault == "");
    std::set<std::string> ids;
    for (const SvgElement& e : d.document.elements) {
      const std::string id = e.attribute("id");
      CAPTURE(id);
      if (!id.empty()) CHECK(ids.insert(id).second);
    }
    const SvgElement& root = d.document.elements.front();
    CHECK(root.attribute("role") == "img");
    const std::string labels = root.attribute("aria-labelledby");
    const std::string first = labels.substr(0, labels.find(' '));
    CHECK(d.document.by_id(first)->name == "title");
    const SvgElement* description = d.document.by_id(labels.substr(labels.find(' ') + 1));
    REQUIRE(description != nullptr);
    CHECK(description->text.find("fail: 2 errors, 1 warning") != std::string::npos);
  }
}

TEST_CASE("pictures: every box, wire and group of the scene is drawn once and has a title",
          "[render]") {
  for (const NamedRig& row : picture_rigs()) {
    const TestRig rig(row.make());
    for (const Scene& scene :
         {pcie_scene(rig.rig(), picture_context()), power_scene(rig.rig(), picture_context())}) {
      const Picture picture = draw_scene(scene, picture_context());
      const SvgDocument document = read_svg(picture.svg);
      std::vector<std::string> things;
      for (const Box& b : scene.boxes) things.push_back(b.id);
      for (const Wire& w : scene.wires) things.push_back(w.id);
      for (const Group& g : scene.groups) things.push_back(g.id);
      for (const std::string& thing : things) {
        CAPTURE(row.name, scene.id, thing);
        CHECK(document.count(svg_id(scene, thing)) == 1);
        const SvgElement* e = document.by_id(svg_id(scene, thing));
        const auto index = static_cast<int>(e - document.elements.data());
        const bool titled = std::any_of(
            document.elements.begin(), document.elements.end(), [&](const SvgElement& child) {
              return child.parent == index && child.name == "title" && !child.text.empty();
            });
        CHECK(titled);
      }
    }
  }
}

TEST_CASE("pictures: every device is there with the wires that belong to it", "[render]") {
  const TestRig rig(eight_cards());
  for (const char* view : {"pcie", "power"}) {
    const Picture picture = find_view(view)->draw(rig.rig(), picture_context());
    const SvgDocument document = read_svg(picture.svg);
    for (int i = 0; i < 8; ++i) {
      const std::string card = "gpu" + std::to_string(i);
      CAPTURE(view, card);
      CHECK(document.count(std::string(view) + "-" + card) == 1);
      int wires = 0;
      for (const SvgElement& e : document.elements) {
        const std::string look = e.attribute("class");
        if (look.starts_with("edge") && (e.attribute("data-gpu") + " ").find(card + " ") == 0) {
          ++wires;
        }
      }
      // PCIe: core, pill, connector, riser, riser, card. Power: 3 plugs and the riser's inlet from
      // supply to cable to load, past the risers' column, and the slot.
      CHECK(wires == (std::string(view) == "pcie" ? 5 : 3 * 3 + 2 + 1));
    }
  }
}

TEST_CASE("pictures: no text covers another or leaves the page", "[render]") {
  for (const Drawn& d : all_pictures()) {
    const std::vector<TextArea> texts = text_areas(d.document);
    const SvgElement& root = d.document.elements.front();
    const double width = std::strtod(root.attribute("width").c_str(), nullptr);
    const double height = std::strtod(root.attribute("height").c_str(), nullptr);
    CHECK(texts.size() > 5);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      CAPTURE(d.name, texts[i].text);
      CHECK((texts[i].left >= 0 && texts[i].right <= width));
      CHECK((texts[i].top >= 0 && texts[i].bottom <= height));
      for (std::size_t k = i + 1; k < texts.size(); ++k) {
        CAPTURE(texts[k].text);
        if (overlap(texts[i], texts[k])) CHECK(false);
      }
    }
  }
}

TEST_CASE("pictures: text stays inside its box", "[render]") {
  for (const Drawn& d : all_pictures()) {
    for (const TextArea& t : text_areas(d.document)) {
      const SvgElement& group = d.document.elements[static_cast<std::size_t>(t.parent)];
      if (group.attribute("class") != "node thing") continue;
      CAPTURE(d.name, t.text);
      CHECK(t.right <= right_of(d.document, t.parent) + 0.5);
    }
  }
}

TEST_CASE("pictures: findings stand on the parts they are about", "[render][P101][L202]") {
  const TestRig rig(two_cards());
  const auto lines_of = [&](const Scene& scene, std::string_view id) {
    std::string text;
    for (const Box& b : scene.boxes) {
      if (b.id != id) continue;
      for (const Line& line : b.lines) text += rigtopo::text_of(line) + "\n";
    }
    return text;
  };
  const Scene power = power_scene(rig.rig(), picture_context());
  CHECK(lines_of(power, "psu0").find("P101 supply overloaded: 1700 / 1600 W") != std::string::npos);
  CHECK(lines_of(power, "gpu0").find("see P101") != std::string::npos);
  CHECK(lines_of(power, "gpu0").find("L202") == std::string::npos);
  CHECK(lines_of(power, "gpu1").find("P101") == std::string::npos);
  // About nothing drawn: not lost, but below the picture.
  REQUIRE(power.notes.size() == 1);
  CHECK(power.notes.front() == "P105 output overloaded");
  const Scene pcie = pcie_scene(rig.rig(), picture_context());
  CHECK(lines_of(pcie, "gpu0").find("L202 signal thin") != std::string::npos);
  CHECK(pcie.notes.empty());
}

TEST_CASE("pictures: links say what they train to and why they are degraded", "[render]") {
  const TestRig rig(two_cards());
  const std::string text =
      text_of(read_svg(find_view("pcie")->draw(rig.rig(), picture_context()).svg));
  // x16 gen4: 16 GT/s * 16 lanes * 128/130 / 8 bits = 31.508 GB/s; x8 half of it.
  CHECK(text.find("x16 gen4 · 31.5 GB/s") != std::string::npos);
  CHECK(text.find("DEGRADED") != std::string::npos);
  CHECK(text.find("x8 gen4 · 15.8 GB/s") != std::string::npos);
  CHECK(text.find("card can x16 gen4, limited by PCIE2") != std::string::npos);
  CHECK(text.find("PCIE2-group: m2 (jumper)") != std::string::npos);
}

TEST_CASE("pictures: loads are shown against their limits", "[render]") {
  const TestRig rig(two_cards());
  const std::string text =
      text_of(read_svg(find_view("power")->draw(rig.rig(), picture_context()).svg));
  // 12V-2x6 carries 600 W; gpu0 is limited to 300 W, half of it; gpu1 takes its 350 W: 58 %.
  CHECK(text.find("300 / 600 W") != std::string::npos);
  CHECK(text.find("50 %") != std::string::npos);
  CHECK(text.find("350 / 600 W") != std::string::npos);
  CHECK(text.find("58 %") != std::string::npos);
  CHECK(text.find("300 W, capped from 350 W") != std::string::npos);
  // 80 % of 20 A.
  CHECK(text.find("/ 16 A") != std::string::npos);
}

TEST_CASE("pictures: what is not known or decided is said", "[render]") {
  const TestRig rig(half_decided());
  const std::string pcie =
      text_of(read_svg(find_view("pcie")->draw(rig.rig(), picture_context()).svg));
  for (const char* words : {"no port decided", "port NOWHERE is not there", "riser chain undecided",
                            "split undecided", "place undecided", "at most x16 gen4"}) {
    CAPTURE(words);
    CHECK(pcie.find(words) != std::string::npos);
  }
  const std::string power =
      text_of(read_svg(find_view("power")->draw(rig.rig(), picture_context()).svg));
  for (const char* words : {"circuit undecided", "no rating known here", "/ ? W", "not fed"}) {
    CAPTURE(words);
    CHECK(power.find(words) != std::string::npos);
  }
}

TEST_CASE("pictures: empty layouts and undecided boards draw, too", "[render]") {
  RigBuilder bare;
  bare.rome().board("one").gpu("card", 1, 350_W);
  RigBuilder open;
  open.rome().board("one").board("two").gpu("card", 1, 350_W).place("gpu0", "", {}, "");
  for (RigBuilder* b : {&bare, &open}) {
    const TestRig rig(std::move(*b));
    for (const ViewRow& view : views()) {
      CAPTURE(view.id);
      const Picture picture = view.draw(rig.rig(), {});
      CHECK(picture.problems.empty());
      CHECK(read_svg(picture.svg).fault == "");
    }
  }
}

TEST_CASE("pictures: names can't break out of text", "[render]") {
  const TestRig rig(hostile_names());
  for (const ViewRow& view : views()) {
    const Picture picture = view.draw(rig.rig(), picture_context());
    const SvgDocument document = read_svg(picture.svg);
    CAPTURE(view.id);
    CHECK(document.fault == "");
    for (const SvgElement& e : document.elements) CHECK(e.name != "script");
  }
  std::string text = text_of(read_svg(find_view("pcie")->draw(rig.rig(), picture_context()).svg));
  std::erase(text, '\n');  // a backslash ends a stretch of text, lest Graphviz expands "\\N"
  CHECK(text.find("a<b>&\"c'\\N\\l ]]> -->") != std::string::npos);
  CHECK(text.find("Übergröße 日本 \xef\xbf\xbd") != std::string::npos);
}

TEST_CASE("pictures: a limit over 100 % is never rounded down to 100 %", "[render]") {
  CHECK(percent_of(100.4, 100) == 101);
  CHECK(percent_of(100, 100) == 100);
  CHECK(percent_of(84.4, 100) == 84);
  CHECK(percent_of(84.5, 100) == 85);
  CHECK(meter_line("", 85, 100, "W", Color::blue).meter->high);
  CHECK_FALSE(meter_line("", 84, 100, "W", Color::blue).meter->high);
  CHECK_FALSE(meter_line("", 84, {}, "W", Color::blue).meter->percent.has_value());
  CHECK(meter_line("", 84, 100, "W", Color::blue, true).meter->text == "≥84 / 100 W");
}
