#pragma once
// Who a process belongs to, for the audit trail. Any thread.

#include <sys/types.h>

#include <string>

namespace marketplug::api {

/// The user's name, else the number as text.
std::string user_name(uid_t uid);

}  // namespace marketplug::api
