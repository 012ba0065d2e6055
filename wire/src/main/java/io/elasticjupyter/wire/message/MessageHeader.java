// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.wire.message;

import io.elasticjupyter.wire.json.JsonException;
import io.elasticjupyter.wire.json.JsonScanner;

/**
 * The fields of a header or parent header (Jupyter messaging protocol 5.x, "general message
 * format"); a field that is absent or null is an empty string. Where a name comes twice, the last
 * one counts, as in every other program on the connection.
 *
 * @param msgId unique per message
 * @param msgType for example {@code execute_request}
 * @param session of whoever made the message
 * @param username of whoever made the message
 * @param date ISO 8601
 * @param version of the protocol, for example {@code 5.4}
 */
public record MessageHeader(
    String msgId, String msgType, String session, String username, String date, String version) {

  /** What a parent header of {@code {}} says: nothing. */
  public static final MessageHeader EMPTY = new MessageHeader("", "", "", "", "", "");

  /** Whether there is no message behind it, as in the parent header of unasked-for output. */
  public boolean isEmpty() {
    return msgId.isEmpty() && msgType.isEmpty();
  }

  /**
   * Reads a header or parent header.
   *
   * @throws MessageException.InvalidJson if the bytes are no JSON object, or id, type or session
   *     are neither strings nor null
   */
  public static MessageHeader parse(byte[] json) throws MessageException {
    if (json.length == 2 && json[0] == '{' && json[1] == '}') {
      return EMPTY;
    }
    try {
      return parse(new JsonScanner(json));
    } catch (JsonException e) {
      throw new MessageException.InvalidJson("header", e);
    }
  }

  private static MessageHeader parse(JsonScanner scanner) throws JsonException {
    String msgId = "";
    String msgType = "";
    String session = "";
    String username = "";
    String date = "";
    String version = "";
    scanner.beginObject();
    while (scanner.nextField()) {
      if (scanner.nameIs("msg_id")) {
        msgId = required(scanner);
      } else if (scanner.nameIs("msg_type")) {
        msgType = required(scanner);
      } else if (scanner.nameIs("session")) {
        session = required(scanner);
      } else if (scanner.nameIs("username")) {
        username = scanner.stringValueOrEmpty();
      } else if (scanner.nameIs("date")) {
        date = scanner.stringValueOrEmpty();
      } else if (scanner.nameIs("version")) {
        version = scanner.stringValueOrEmpty();
      } else {
        scanner.skipValue();
      }
    }
    scanner.expectEnd();
    return new MessageHeader(msgId, msgType, session, username, date, version);
  }

  /** Messages are routed by these three, so another type than string or null is refused. */
  private static String required(JsonScanner scanner) throws JsonException {
    return scanner.valueStartsWith('n') ? scanner.stringValueOrEmpty() : scanner.stringValue();
  }
}
