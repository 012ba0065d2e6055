// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.errors;

/** The standard phrases of HTTP statuses (RFC 9110 section 15, RFC 6585). */
public final class StatusPhrase {

  private StatusPhrase() {}

  /** The phrase of a status that the gateway answers with; "Unknown" for any other. */
  public static String of(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 411 -> "Length Required";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 415 -> "Unsupported Media Type";
      case 417 -> "Expectation Failed";
      case 426 -> "Upgrade Required";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      case 505 -> "HTTP Version Not Supported";
      default -> "Unknown";
    };
  }
}
