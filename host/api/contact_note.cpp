#include "host/api/contact_note.hpp"

#include <string>

namespace marketplug::api {

Finding contact_note(const ContactDetail& detail) {
  const auto chosen = [](bool split) { return std::string(split ? "split" : "single"); };
  Finding note;
  note.severity = Finding::Severity::kNote;
  note.pointer = "/contacts";
  note.message = "the marketplace gives a name and an address as single fields. name_detail is " +
                 chosen(detail.split_names) +
                 (detail.split_names ? ": given and family name are given as well"
                                     : ": names are given as they are") +
                 "; address_detail is " + chosen(detail.split_addresses) +
                 (detail.split_addresses ? ": street, number and extension are given as well"
                                         : ": addresses are given as they are");
  if (detail.split_names || detail.split_addresses) {
    note.message += "; what cannot be split with confidence stays whole and is marked split: false";
  }
  note.remedy =
      "Nothing to do where the back office wants it so; single and split can be changed at any "
      "time, for orders already imported too.";
  return note;
}

}  // namespace marketplug::api
