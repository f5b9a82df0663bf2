#pragma once
// Tells a service manager (systemd, Type=notify) how the service is. Without one, nothing happens.

#include <string_view>

namespace marketplug::app {

/// "READY=1", "STOPPING=1", "RELOADING=1" …, as sd_notify(3) says.
void notify_supervisor(std::string_view state) noexcept;

}  // namespace marketplug::app
