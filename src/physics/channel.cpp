// Walks a chain for its chips and plugs.
#include "physics/channel.hpp"

namespace rigtopo {
namespace {

const Fact<std::string>* if_known(const Fact<std::string>& fact) {
  return fact.known() ? &fact : nullptr;
}

}  // namespace

int retimer_count(const LinkPath& path) {
  int count = 0;
  for (const auto& entry : path.chain) {
    const Riser& riser = *entry.first;
    const bool is_one = riser.type.value == RiserType::retimer;
    count += riser.retimer.value_or(is_one) ? 1 : 0;
  }
  if (path.behind == nullptr || path.from_switch()) return count;
  count += path.behind->retimer.value_or(false) ? 1 : 0;
  return path.uplink != nullptr ? count + retimer_count(*path.uplink) : count;
}

std::vector<PinoutMeeting> pinout_meetings(const LinkPath& path) {
  std::vector<PinoutMeeting> list;
  if (path.connectors.empty()) return list;
  const BoardConnector& port = *path.connectors.front();
  Socket socket = port.socket.value_or(Socket::slot);
  std::string id = path.port;
  const Fact<std::string>* left = if_known(port.pinout);
  const auto meet = [&](const RiserEnd& end, const std::string& part) {
    const bool mates = end.socket.value_or(socket) == socket;
    if (mates && is_cabled(socket)) list.push_back({socket, id, part, left, if_known(end.pinout)});
  };
  for (const auto& entry : path.chain) {
    const Riser& riser = *entry.first;
    meet(riser.from, riser.id);
    socket = riser.to.socket.value_or(socket);
    id = riser.id;
    left = if_known(riser.to.pinout);
  }
  if (path.expander != nullptr) meet(path.expander->up, path.expander->id);
  return list;
}

}  // namespace rigtopo
