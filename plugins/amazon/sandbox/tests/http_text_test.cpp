// HTTP/1.1 as text: what is taken and what is refused.

#include "plugins/amazon/sandbox/http_text.hpp"

#include <gtest/gtest.h>

namespace amazon_sandbox {
namespace {

TEST(HttpText, ReadsARequest) {
  const auto head = parse_request_head(
      "POST /auth/o2/token?x=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\nX-A:  b "
      "\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->request.method, "POST");
  EXPECT_EQ(head->request.target, "/auth/o2/token?x=1");
  EXPECT_EQ(head->content_length, 12u);
  EXPECT_TRUE(head->keep_alive);
  EXPECT_EQ(find_header(head->request.headers, "x-a"), "b");
  EXPECT_FALSE(
      parse_request_head("GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n")->keep_alive);
  EXPECT_FALSE(parse_request_head("GET / HTTP/1.0\r\nHost: a\r\n\r\n")->keep_alive);
  EXPECT_TRUE(parse_request_head("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                  ->chunked);
}

TEST(HttpText, RefusesWhatIsNoHttp) {
  for (const auto* text :
       {"", "\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/2\r\nHost: a\r\n\r\n",
        "G ET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nNoColon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\x01z\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n"}) {
    EXPECT_FALSE(parse_request_head(text)) << text;
  }
}

TEST(HttpText, WritesTheHeadOfAnAnswer) {
  Response response;
  response.status = 429;
  response.headers = {{"A", "b"}};
  response.body = "12345";
  EXPECT_EQ(write_response_head(response, true),
            "HTTP/1.1 429 Too Many Requests\r\nA: b\r\nContent-Length: 5\r\n"
            "Connection: keep-alive\r\n\r\n");
  response.status = 204;
  EXPECT_EQ(write_response_head(response, false),
            "HTTP/1.1 204 No Content\r\nA: b\r\nConnection: close\r\n\r\n");
}

TEST(HttpText, DecodesOnceAndStrictly) {
  EXPECT_EQ(percent_decode("a%2Fb+c", false), "a/b+c");
  EXPECT_EQ(percent_decode("a%2Fb+c%2B", true), "a/b c+");
  EXPECT_EQ(percent_decode("%C3%BC", true), "ü");
  for (const auto* text : {"%", "%1", "%zz", "%00", "%0d%0a", "\x7f"}) {
    EXPECT_FALSE(percent_decode(text, true)) << text;
  }
  const auto form = parse_form("a=1&b=&c&a=%26");
  ASSERT_TRUE(form);
  EXPECT_EQ(*form, (Parameters{{"a", "1"}, {"b", ""}, {"c", ""}, {"a", "&"}}));
  EXPECT_FALSE(parse_form("=1"));
  EXPECT_FALSE(parse_form("&a=1"));
  EXPECT_EQ(path_segments("/a/b%2Fc/"), (std::vector<std::string>{"a", "b/c", ""}));
}

}  // namespace
}  // namespace amazon_sandbox
