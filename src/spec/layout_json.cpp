// Layout to JSON: which fields are written and in which order. layout_yaml.cpp writes the same
// tree.
#include "spec/layout_json.hpp"

#include <array>
#include <charconv>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace rigtopo {

namespace {

using Json = nlohmann::ordered_json;

/// Shortest decimal text that reads back as the same number.
std::string exact(double value) {
  std::array<char, 400> buffer{};
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  RIGTOPO_ASSERT(error == std::errc());
  return {buffer.data(), end};
}

void put(Json& object, const char* key, const Fact<std::string>& fact) {
  if (fact.known()) object[key] = *fact;
}
void put(Json& object, const char* key, const Fact<int>& fact) {
  if (fact.known()) object[key] = *fact;
}
template <class Q>
void put_rounded(Json& object, const char* key, const Fact<Q>& fact, const char* unit) {
  if (fact.known()) object[key] = number(fact->value) + unit;
}

Json written(const std::vector<Fact<std::string>>& list) {
  Json array = Json::array();
  for (const auto& fact : list) {
    if (fact.known()) array.push_back(*fact);
  }
  return array;
}

Json written(const Mapping<Fact<std::string>>& map) {
  Json object = Json::object();
  for (const auto& entry : map) {
    if (entry.key.known() && entry.value.known()) object[*entry.key] = *entry.value;
  }
  return object;
}

Json written(const ChainLink& link) {
  if (!link.count.known() && !link.stock.known() && link.part.known()) return *link.part;
  Json object = Json::object();
  put(object, "part", link.part);
  put(object, "count", link.count);
  put(object, "stock", link.stock);
  return object;
}

Json written(const Feed& feed) {
  Json object = Json::object();
  put(object, "inlet", feed.inlet);
  put(object, "cable", feed.cable);
  put(object, "part", feed.part);
  if (feed.from.size() == 1 && feed.from.front().known()) {
    object["from"] = *feed.from.front();
  } else {
    object["from"] = written(feed.from);
  }
  return object;
}

Json written(const DevicePlace& place);
Json written(const BridgePlace& place);
Json written(const SupplyPlace& place);

template <class T>
Json written(const std::vector<T>& list) {
  Json array = Json::array();
  for (const T& item : list) array.push_back(written(item));
  return array;
}

Json written(const LayoutLink& link) {
  Json object = Json::object();
  put(object, "width", link.width);
  put(object, "generation", link.generation);
  object["limited_by"] = link.limited_by.known() ? Json(*link.limited_by) : Json(nullptr);
  if (link.loss) {
    Json loss = Json::object();
    put(loss, "band", link.loss->band);
    put_rounded(loss, "margin", link.loss->margin, " dB");
    object["loss"] = std::move(loss);
  }
  return object;
}

Json written(const DevicePower& power) {
  Json object = Json::object();
  put(object, "slot", power.slot);
  if (!power.aux.empty()) object["aux"] = written(power.aux);
  if (!power.riser.empty()) object["riser"] = written(power.riser);
  return object;
}

Json written(const DevicePlace& place) {
  Json object = Json::object();
  put(object, "id", place.id);
  put(object, "part", place.part);
  put(object, "port", place.port);
  if (place.chain_decided) object["chain"] = written(place.chain);
  put(object, "mount", place.mount);
  if (place.link) object["link"] = written(*place.link);
  if (place.route) {
    Json route = Json::object();
    put_rounded(route, "needed", place.route->needed, " mm");
    put_rounded(route, "fitted", place.route->fitted, " mm");
    object["route"] = std::move(route);
  }
  Json power = written(place.power);
  if (!power.empty()) object["power"] = std::move(power);
  return object;
}

Json written(const BridgePlace& place) {
  Json object = Json::object();
  put(object, "part", place.part);
  object["between"] = written(place.between);
  return object;
}

Json written(const SupplyPlace& place) {
  Json object = Json::object();
  put(object, "id", place.id);
  put(object, "part", place.part);
  put(object, "breakout", place.breakout);
  put(object, "cord", place.cord);
  put(object, "cord_part", place.cord_part);
  put(object, "circuit", place.circuit);
  put(object, "sync", place.sync);
  return object;
}

}  // namespace

Json layout_json(const Layout& layout) {
  Json object = Json::object();
  object["rigtopo"] = layout.version.value_or(1);
  Json origin = Json::object();
  put(origin, "file", layout.spec.file);
  put(origin, "sha256", layout.spec.sha256);
  object["spec"] = std::move(origin);
  put(object, "board", layout.board);
  Json limits = Json::object();
  for (const auto& limit : layout.power_limits) {
    if (limit.key.known() && limit.value.known()) {
      limits[*limit.key] = exact(limit.value->value) + " W";
    }
  }
  object["power_limits"] = std::move(limits);
  object["modes"] = written(layout.modes);
  object["devices"] = written(layout.devices);
  if (!layout.board_power.empty()) object["board_power"] = written(layout.board_power);
  object["supplies"] = written(layout.supplies);
  object["bridges"] = written(layout.bridges);
  if (!layout.expanders.empty()) object["expanders"] = written(layout.expanders);
  object["parts"] = written(layout.parts);
  return object;
}

}  // namespace rigtopo
