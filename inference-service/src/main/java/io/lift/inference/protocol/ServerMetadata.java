package io.lift.inference.protocol;

import java.util.List;

/**
 * What the server is.
 *
 * @param name {@code lift}
 * @param version the version of Lift
 * @param extensions extensions of the protocol that it has
 */
public record ServerMetadata(String name, String version, List<String> extensions) {}
