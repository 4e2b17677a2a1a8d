// Pieces: no more of a part than there are or may be bought, and what those cost that are bought.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

#include "solve/encoding.hpp"

namespace rigtopo {

/// W108: risers, and the bridges and switches that the spec fixes, as far as there are any.
void Encoding::stock_of_places() {
  const Lit always_there = level_.front();
  for (const BridgeChoice& bridge : c_.bridges) use_stock(bridge.part->id, always_there, 1);
  for (const DeviceClass& c : c_.classes) {
    if (c.expander != nullptr) use_stock(c.expander->id, always_there, 1);
  }
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    for (std::size_t h = 0; h < c_.chains[p].size(); ++h) {
      for (const auto& [riser, pieces] : c_.chains[p][h].parts) {
        use_stock(riser->id, ports_[p].chain[h], pieces);
      }
    }
  }
}

void Encoding::limit_stock(const std::string& part, const std::vector<std::pair<Lit, int>>& uses) {
  int owned = 0;
  int most = 0;
  bool unlimited = false;
  bool stocked = false;
  constexpr std::size_t endless = 100'000;
  std::map<double, std::size_t> offers;  // pieces beyond the owned ones, by price
  Source at;
  for (const StockUse& stock : c_.project.stock) {
    if (stock.part_id != part) continue;
    stocked = true;
    at = stock.at;
    owned += stock.owned;
    const bool sold = stock.price.known();
    // What has no price cannot be bought.
    if (!sold) {
      most += std::min(stock.owned, stock.max.value_or(stock.owned));
    } else if (stock.max) {
      most += *stock.max;
      offers[stock.price->amount] +=
          static_cast<std::size_t>(std::max(0, *stock.max - stock.owned));
    } else {
      unlimited = true;
      offers[stock.price->amount] += endless;
    }
  }
  if (!stocked) return;
  std::vector<Lit> pieces;
  int widest = 1;
  for (const auto& [lit, n] : uses) {
    pieces.insert(pieces.end(), static_cast<std::size_t>(n), lit);
    widest = std::max(widest, n);
  }
  // No layout can use more than there are places for.
  const std::size_t total = std::min(pieces.size(), most_pieces(static_cast<std::size_t>(widest)));
  const std::size_t allowed = unlimited ? total : static_cast<std::size_t>(most);
  if (total > allowed) {
    const DemandId enough =
        f_.demand({"W108",
                   "stock-exceeded",
                   fmt::format("there {} {} of `{}`", most == 1 ? "is" : "are", most, part),
                   at,
                   {part}});
    f_.at_most(pieces, allowed, enough);
  }
  const bool costs = !offers.empty() && offers.rbegin()->first > 0;
  if (!costs || total <= static_cast<std::size_t>(owned)) return;
  // From the first bought one on, each costs its price. Money in hundredths.
  const std::vector<Lit> count = f_.counter(pieces, std::min(total, allowed));
  std::size_t next = static_cast<std::size_t>(owned);
  for (const auto& [price, pieces_offered] : offers) {  // the cheapest first
    for (std::size_t i = 0; i < pieces_offered && next < count.size(); ++i, ++next) {
      price_softs_.push_back({count[next], std::lround(price * 100)});
    }
  }
  bought_.push_back({static_cast<std::size_t>(owned), pieces, count, {}});
}

/// More pieces of one part than this no layout has: one use in each device's chain, inlet, or
/// supply.
std::size_t Encoding::most_pieces(std::size_t in_one_place) const {
  std::size_t riser_inlets = 0;
  for (const auto& port : c_.chains) {
    for (const ChainChoice& chain : port) {
      std::size_t inlets = 0;
      for (const Riser* r : chain.plugged) inlets += r->inlets.size();
      riser_inlets = std::max(riser_inlets, inlets);
    }
  }
  std::size_t places = board_inlets_.size() + c_.supplies.size();
  for (const DeviceClass& c : c_.classes) {
    places += c.members.size() * (1 + c.part->inlets.size() + riser_inlets);
  }
  return places * in_one_place;
}

}  // namespace rigtopo
