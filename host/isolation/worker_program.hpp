#pragma once
// The inside of marketplug-worker: one plugin, at most one connector, driven by the host's frames
// on descriptor 3; or a look at one file for a person.

#include <string>

namespace marketplug::isolation {

inline constexpr int kWorkerSocket = 3;

/// Answers calls until the host is gone.
int serve(int socket);

/// Loads the file as the host would and prints facts and settings schema, or what is wrong, as JSON
/// to `output`. Exit code 0: it can be loaded.
int print_probe(const std::string& path, int output);

}  // namespace marketplug::isolation
