// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.objects;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * One page of the answer to {@code ListObjectsV2}.
 *
 * @param next by which the next page is asked for; empty after the last
 */
record ObjectListing(List<ListedObject> objects, Optional<String> next) {

  private static final String ROOT = "ListBucketResult";

  ObjectListing {
    objects = List.copyOf(objects);
  }

  /**
   * Reads it; a document type is not read.
   *
   * @throws IOException if it is no such answer
   */
  static ObjectListing read(byte[] xml) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
      reader.nextTag();
      if (!reader.getLocalName().equals(ROOT)) {
        throw new IOException("a " + reader.getLocalName() + " came instead of a list");
      }
      return read(reader);
    } catch (XMLStreamException | IllegalArgumentException | DateTimeException e) {
      throw new IOException("the store's list of objects cannot be read: " + e.getMessage(), e);
    }
  }

  private static ObjectListing read(XMLStreamReader reader) throws XMLStreamException {
    List<ListedObject> objects = new ArrayList<>();
    Map<String, String> page = new HashMap<>();
    while (reader.nextTag() == XMLStreamConstants.START_ELEMENT) {
      if (reader.getLocalName().equals("Contents")) {
        objects.add(object(fields(reader)));
      } else {
        field(reader, page);
      }
    }
    boolean more = Boolean.parseBoolean(page.get("IsTruncated"));
    return new ObjectListing(
        objects, more ? Optional.ofNullable(page.get("NextContinuationToken")) : Optional.empty());
  }

  private static Map<String, String> fields(XMLStreamReader reader) throws XMLStreamException {
    Map<String, String> fields = new HashMap<>();
    while (reader.nextTag() == XMLStreamConstants.START_ELEMENT) {
      field(reader, fields);
    }
    return fields;
  }

  /** Takes the text of an element; that of one with others in it is of no interest. */
  private static void field(XMLStreamReader reader, Map<String, String> fields)
      throws XMLStreamException {
    String name = reader.getLocalName();
    StringBuilder text = new StringBuilder();
    int depth = 1;
    while (depth > 0) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> depth++;
        case XMLStreamConstants.END_ELEMENT -> depth--;
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (depth == 1) {
            text.append(reader.getText());
          }
        }
        default -> {}
      }
    }
    fields.put(name, text.toString());
  }

  private static ListedObject object(Map<String, String> fields) {
    String key = fields.get("Key");
    if (key == null) {
      throw new IllegalArgumentException("an object without a key");
    }
    return new ListedObject(
        key,
        Long.parseLong(fields.getOrDefault("Size", "")),
        Instant.parse(fields.getOrDefault("LastModified", "")));
  }
}
