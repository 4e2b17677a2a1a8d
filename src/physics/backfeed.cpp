// Nodal analysis: G v = i, and the one network that rigtopo needs it for.
#include "physics/backfeed.hpp"

#include <cmath>
#include <utility>

#include "base/assert.hpp"

namespace rigtopo {

void DcNetwork::resistor(Node a, Node b, double ohms) {
  RIGTOPO_ASSERT(ohms > 0 && a <= nodes_ && b <= nodes_);
  conductances_.push_back({a, b, 1 / ohms});
}

void DcNetwork::source(Node plus, Node minus, Volts volts, double ohms) {
  resistor(plus, minus, ohms);
  injections_.push_back({plus, volts.value / ohms});
  injections_.push_back({minus, -volts.value / ohms});
}

void DcNetwork::load(Node from, Node to, Amps amps) {
  injections_.push_back({from, -amps.value});
  injections_.push_back({to, amps.value});
}

std::optional<std::vector<Volts>> DcNetwork::solve() const {
  const std::size_t n = nodes_;
  // Row and column i stand for node i + 1; the last column is the right-hand side.
  std::vector<std::vector<double>> m(n, std::vector<double>(n + 1, 0.0));
  const auto add = [&](Node row, Node column, double value) {
    if (row > 0 && column > 0) m[row - 1][column - 1] += value;
  };
  for (const Conductance& c : conductances_) {
    add(c.a, c.a, c.siemens);
    add(c.b, c.b, c.siemens);
    add(c.a, c.b, -c.siemens);
    add(c.b, c.a, -c.siemens);
  }
  for (const Injection& i : injections_) {
    if (i.node > 0) m[i.node - 1][n] += i.amps;
  }
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t r = k + 1; r < n; ++r) {
      if (std::fabs(m[r][k]) > std::fabs(m[pivot][k])) pivot = r;
    }
    if (std::fabs(m[pivot][k]) < 1e-9) return std::nullopt;
    std::swap(m[k], m[pivot]);
    for (std::size_t r = 0; r < n; ++r) {
      if (r == k) continue;
      const double factor = m[r][k] / m[k][k];
      for (std::size_t c = k; c <= n; ++c) m[r][c] -= factor * m[k][c];
    }
  }
  std::vector<Volts> volts(n + 1, Volts{0});
  for (std::size_t k = 0; k < n; ++k) volts[k + 1] = Volts{m[k][n] / m[k][k]};
  return volts;
}

Backfeed backfeed(const JoinedSupplies& j) {
  DcNetwork net;
  const auto board_ground = DcNetwork::Node{0};
  const auto a = net.node();
  const auto a_ground = net.node();
  const auto b = net.node();
  const auto b_ground = net.node();
  const auto slot = net.node();
  const auto riser = net.node();
  const auto plugs = net.node();
  const auto riser_ground = net.node();
  net.source(a, a_ground, j.a, j.inner);
  net.source(b, b_ground, j.b, j.inner);
  net.resistor(a, slot, j.board);
  net.resistor(slot, riser, j.slot_pins);
  net.resistor(b, riser, j.cables);
  net.resistor(b, plugs, j.cables);
  net.resistor(a_ground, board_ground, j.board_ground);
  net.resistor(board_ground, riser_ground, j.signal_ground);
  net.resistor(riser_ground, b_ground, j.cables);
  net.load(riser, riser_ground, j.slot_load);
  net.load(plugs, riser_ground, j.plug_load);
  const auto volts = net.solve();
  RIGTOPO_ASSERT(volts.has_value());
  const auto between = [&](DcNetwork::Node x, DcNetwork::Node y) {
    return (*volts)[x] - (*volts)[y];
  };
  Backfeed result;
  result.through_slot = Amps{between(slot, riser).value / j.slot_pins};
  result.across_slot = between(slot, board_ground) * result.through_slot;
  result.out_of_a = Amps{(j.a.value - between(a, a_ground).value) / j.inner};
  result.out_of_b = Amps{(j.b.value - between(b, b_ground).value) / j.inner};
  result.through_ground = Amps{between(board_ground, riser_ground).value / j.signal_ground};
  return result;
}

}  // namespace rigtopo
