// What the pictures share among themselves: making each scene, words for parts, drawing a scene.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "physics/lanes.hpp"
#include "render/scene.hpp"

namespace rigtopo {

/// CPU, cores, connectors, risers, cards.
Scene pcie_scene(const Rig& rig, const PictureContext& context);
/// Circuits, cords, supplies, outputs, cables, board, cards.
Scene power_scene(const Rig& rig, const PictureContext& context);

/// Lays a scene out and frames it.
Picture draw_scene(const Scene& scene, const PictureContext& context);
/// The lane budget of a rig's board; says so when no board is decided.
Picture draw_lanes(const Rig& rig, const PictureContext& context);

/// The lane budget with the cores of one NUMA node and one root complex side by side; otherwise in
/// the CPU's order.
std::vector<CoreBudget> grouped_budget(const Board& board, const Cpu& cpu, int cpu_count,
                                       const Rig* rig);

/// Name of a part as its maker writes it, else its id; "" for nullptr.
std::string part_name(const AnyPart* part);
/// "slot", "SlimSAS 8i", "M.2".
std::string_view socket_words(Socket socket);
/// "8-pin", "12V-2x6", "EPS 8-pin".
std::string_view plug_words(Plug plug);
/// "1 GPU", "7 GPUs".
std::string counted(int count, std::string_view one, std::string_view many);
/// Joined by ", ".
std::string joined(const std::vector<std::string>& items, std::string_view separator = ", ");
/// How many devices of the layout are GPUs, as words; other kinds after them: "7 GPUs, 1 nvme".
std::string devices_words(const Rig& rig);
/// Appends what is not in the list yet.
void add_once(std::vector<std::string>& list, const std::string& item);

}  // namespace rigtopo
