// What `rigtopo solve` is asked for beyond the spec: how many layouts, a front, a question.
#pragma once

#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "solve/solve.hpp"

namespace rigtopo {

/// `--why DEVICE=PORT`.
struct Question {
  std::string device;
  std::string port;
};

struct SolveRequest {
  SolveOptions options;
  std::optional<Question> question;
};

/// `--time-limit` in seconds, when there is one and `problems` has no error of it (S040).
std::optional<double> time_limit(Invocation& call);

/// The options of the command line, held against the project; nullopt after reporting every one
/// that is wrong (S040).
std::optional<SolveRequest> solve_request(Invocation& call, const Project& project);

}  // namespace rigtopo
