#pragma once
// `marketplug new-plugin NAME`: a plugin project from the template that lies beside the program.
// The program's one thread; needs neither configuration nor store.

#include <boost/json/object.hpp>
#include <string>

namespace marketplug::app {

struct NewPlugin {
  std::string name;       ///< the plugin's id, and its file's name
  std::string folder;     ///< made; empty: ./NAME
  std::string templates;  ///< the template's folder
  std::string prefix;     ///< where the SDK is installed, for the commands that are shown
};

/// Writes the project. {"plugin", "folder", "files": […], "next": [commands]}. Throws
/// OperationError: 400 for a name that no plugin may have, 409 where the folder exists, 404 without
/// a template, 500 where the disk refuses; then nothing is left behind.
boost::json::object write_new_plugin(const NewPlugin& wanted);

/// Where the running program was installed or built: the folder above its own.
std::string program_prefix();

}  // namespace marketplug::app
