// How two devices reach each other: the classes of `nvidia-smi topo -m`, by lowest common ancestor
// on the pcie view.
#pragma once

#include <string>
#include <string_view>

#include "rig/rig.hpp"

namespace rigtopo {

/// PIX and PXB need a switch below a host bridge; PHB: same host bridge (root complex); NODE: same
/// NUMA node; SYS: otherwise or unknown. nv: a bridge joins the two, whatever else lies between.
enum class PathClass { nv, pix, pxb, phb, node, sys };
std::string_view to_string(PathClass c);

/// Class of the path between two ports of a board by their cores alone ("cpu0.A1"). Unknown cores:
/// sys.
/// `nps`: NUMA nodes per socket. The `numa` of a CPU's cores is their node at NPS1; at NPS2 the
/// complexes of a socket, in the order of its cores, form two halves, at NPS4 each is a node.
PathClass path_class(const Board& board, const Cpu& cpu, std::string_view core_a,
                     std::string_view core_b, int nps = 1);
/// Class of the path between two devices of a rig, by lowest common ancestor.
PathClass path_class(const Rig& rig, std::string_view device_a, std::string_view device_b);

/// NVLinks that bridges of the layout make between two devices; 0: none. A bridge that does not say
/// carries what both cards have, at least one.
int nvlinks_between(const Rig& rig, std::string_view device_a, std::string_view device_b);

/// Pairs of GPUs of one group that cross sockets, cross NUMA nodes, leave a root complex. A card on
/// a port of unknown core counts against all three; cards without a port and without a group count
/// not.
struct PairCounts {
  int cross_socket = 0;
  int cross_numa = 0;
  int leave_complex = 0;
};
PairCounts pair_counts(const Rig& rig);

}  // namespace rigtopo
