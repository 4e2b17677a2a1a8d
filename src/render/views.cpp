// The table of pictures, and what they share.
#include "render/views.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "render/dot.hpp"
#include "render/graphviz.hpp"
#include "render/svg.hpp"

namespace rigtopo {
namespace {

Picture draw_pcie(const Rig& rig, const PictureContext& context) {
  return draw_scene(pcie_scene(rig, context), context);
}
Picture draw_power(const Rig& rig, const PictureContext& context) {
  return draw_scene(power_scene(rig, context), context);
}

constexpr std::array view_rows{
    ViewRow{"pcie", "PCIe: cores, connectors, risers, cards and what each link trains to", true,
            &draw_pcie},
    ViewRow{"power", "power: circuits, supplies, cables, board and cards with their loads", true,
            &draw_power},
    ViewRow{"lanes", "lane budget of every core of the CPU", false, &draw_lanes},
};

}  // namespace

std::span<const ViewRow> views() { return view_rows; }

const ViewRow* find_view(std::string_view id) {
  const auto row = std::find_if(view_rows.begin(), view_rows.end(),
                                [&](const ViewRow& v) { return v.id == id; });
  return row == view_rows.end() ? nullptr : &*row;
}

Picture draw_scene(const Scene& scene, const PictureContext& context) {
  const DotGraph graph = dot_graph(scene);
  Picture picture;
  picture.dot = dot_text(graph);
  GraphvizResult result = lay_out(graph);
  picture.problems = std::move(result.problems);
  PageText page;
  page.id = scene.id;
  page.title = scene.title;
  page.summary = scene.subtitle;
  page.spoken = "Read from left to right, from source to load";
  page.legend = scene.legend;
  page.notes = scene.notes;
  picture.svg = svg_page(page, drawing_of(scene, result), context);
  return picture;
}

std::vector<CoreBudget> grouped_budget(const Board& board, const Cpu& cpu, int cpu_count,
                                       const Rig* rig) {
  std::vector<CoreBudget> budgets = lane_budget(board, cpu, cpu_count, rig);
  for (CoreBudget& b : budgets) {
    if (b.complex.ends_with(".?")) b.complex.clear();  // no complex known
  }
  std::map<int, std::size_t> nodes;  // by where they first occur
  std::map<std::string, std::size_t> complexes;
  for (std::size_t i = 0; i < budgets.size(); ++i) {
    nodes.emplace(budgets[i].numa, i);
    complexes.emplace(budgets[i].complex, i);
  }
  const auto rank = [&](const CoreBudget& b) {
    return std::pair{nodes.at(b.numa), complexes.at(b.complex)};
  };
  std::stable_sort(budgets.begin(), budgets.end(),
                   [&](const CoreBudget& a, const CoreBudget& b) { return rank(a) < rank(b); });
  return budgets;
}

std::string part_name(const AnyPart* part) {
  if (part == nullptr) return "";
  const Part& base = base_of(*part);
  return base.name.value_or(base.id);
}

std::string_view socket_words(Socket socket) {
  switch (socket) {
    case Socket::slot:
      return "slot";
    case Socket::slimsas_8i:
      return "SlimSAS 8i";
    case Socket::slimsas_4i:
      return "SlimSAS 4i";
    case Socket::mcio_8i:
      return "MCIO 8i";
    case Socket::mcio_4i:
      return "MCIO 4i";
    case Socket::oculink_4i:
      return "OCuLink 4i";
    case Socket::oculink_8i:
      return "OCuLink 8i";
    case Socket::m2:
      return "M.2";
    case Socket::u2:
      return "U.2";
    case Socket::ocp:
      return "OCP";
  }
  return "?";
}

std::string_view plug_words(Plug plug) {
  switch (plug) {
    case Plug::pcie_6pin:
      return "6-pin";
    case Plug::pcie_8pin:
      return "8-pin";
    case Plug::twelve_volt_2x6:
      return "12V-2x6";
    case Plug::eps_8pin:
      return "EPS 8-pin";
    case Plug::atx_24pin:
      return "24-pin";
    case Plug::molex:
      return "Molex";
    case Plug::sata:
      return "SATA";
  }
  return "?";
}

std::string counted(int count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
  std::string text;
  for (const std::string& item : items) {
    if (!text.empty()) text += separator;
    text += item;
  }
  return text;
}

std::string devices_words(const Rig& rig) {
  int gpus = 0;
  std::map<std::string, int> others;
  for (const DevicePlace& place : rig.layout.devices) {
    const DeviceUse* use = place.id.known() ? rig.project->device(*place.id) : nullptr;
    if (use == nullptr) continue;
    if (use->kind == "gpu") {
      ++gpus;
    } else {
      ++others[use->kind];
    }
  }
  std::string text = counted(gpus, "GPU", "GPUs");
  for (const auto& [kind, count] : others) text += ", " + std::to_string(count) + " " + kind;
  return text;
}

void add_once(std::vector<std::string>& list, const std::string& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

}  // namespace rigtopo
